// A websocket that comes back by itself, and says when it will.

const PAUSES = [1, 2, 4, 8, 15]; // seconds before each try; the last one stays
const STEADY = 5_000; // ms of connection after which the pauses begin anew

/**
 * Opens `address()` (a path, asked for at each try, so that it can say from where to go on) and calls
 * `onMessage(value)` with each JSON message and `onState(state)` with {kind: "connecting"}, {kind: "open"},
 * {kind: "waiting", seconds} (each second) or {kind: "closed"}.  `beforeRetry` (may be async) runs before
 * each further try: what it fetches is not lost while sockets cannot be had.
 * Returns {close, retry}.
 */
export function openSocket({ address, onMessage, onState, beforeRetry = async () => {} }) {
  let socket = null;
  let tries = 0;
  let timer = 0;
  let closed = false;

  function connect() {
    if (closed) return;
    onState({ kind: "connecting" });
    let opened = 0;
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${address()}`);
    socket.onopen = () => {
      opened = Date.now();
      onState({ kind: "open" });
    };
    socket.onmessage = ({ data }) => onMessage(JSON.parse(data));
    socket.onclose = () => {
      if (closed) return;
      if (opened && Date.now() - opened > STEADY) tries = 0;
      wait(PAUSES[Math.min(tries++, PAUSES.length - 1)]);
    };
  }

  function wait(seconds) {
    if (seconds <= 0) return void again();
    onState({ kind: "waiting", seconds });
    timer = setTimeout(() => wait(seconds - 1), 1_000);
  }

  async function again() {
    timer = 0;
    try {
      await beforeRetry();
    } catch { // the server is away: the next try says so again
    }
    connect();
  }

  function retry() {
    if (!timer) return;
    clearTimeout(timer);
    again();
  }

  const onVisible = () => document.visibilityState === "visible" && retry();
  addEventListener("online", retry);
  document.addEventListener("visibilitychange", onVisible);
  connect();
  return {
    retry,
    close() {
      closed = true;
      clearTimeout(timer);
      removeEventListener("online", retry);
      document.removeEventListener("visibilitychange", onVisible);
      socket?.close();
      onState({ kind: "closed" });
    },
  };
}
