// Who else has the machine open, and whether somebody has saved meanwhile.

import { post } from "../lib/api.js";

const EVERY = 20_000; // ms

/** Says every 20 s that one is here while the page is seen; `onOthers({others, revision})` when something changed. */
export function announcePresence(name, { onOthers }) {
  let last = "";
  const tell = async () => {
    if (document.hidden) return;
    const answer = await post(`machines/${encodeURIComponent(name())}/presence/`).catch(() => null);
    if (!answer || JSON.stringify(answer) === last) return;
    last = JSON.stringify(answer);
    onOthers(answer);
  };
  tell();
  const timer = setInterval(tell, EVERY);
  addEventListener("visibilitychange", tell);
  return () => { clearInterval(timer); removeEventListener("visibilitychange", tell); };
}
