// Asks the server for the data at the selected state and for what cannot work with it; the newest request wins.

import { get, post } from "../lib/api.js";
import { debounce } from "../lib/dom.js";

/**
 * `machine()` is the saved machine's name or ""; `onAnswer({problems, ghosts, state})` and `onFailure(error)`.
 * The sample input is kept in this browser, per machine.
 */
export function createLens({ machine, onAnswer, onFailure }) {
  let sample = null;
  let running = null;
  const key = () => `statewright:sample:${machine()}`;

  async function send({ definition, pointer }) {
    running?.abort();
    const control = (running = new AbortController());
    try {
      const answer = await post("lens/", { definition, input: sample, machine: machine() || null, state: pointer }, { signal: control.signal });
      if (running === control) onAnswer(answer);
    } catch (error) {
      if (error.name !== "AbortError" && running === control) onFailure(error);
    }
  }
  const later = debounce(send, 120);

  return {
    get sample() { return sample; },
    /** Asks soon; `now` at once. */
    ask(request, { now = false } = {}) {
      later(request);
      if (now) later.now();
    },
    /** JSON text, or null for none. */
    use(text) {
      sample = text;
      if (text === null) localStorage.removeItem(key());
      else localStorage.setItem(key(), text);
    },
    /** The sample kept here, else the one that came with the machine. */
    async begin() {
      sample = localStorage.getItem(key());
      if (sample !== null || !machine()) return;
      const answer = await get(`machines/${encodeURIComponent(machine())}/sample-input/`).catch(() => null);
      if (answer?.input !== null && answer?.input !== undefined && sample === null) sample = JSON.stringify(answer.input);
    },
    /** Changes what is known of a result: {do, subject, value}. */
    change: (body) => post(`machines/${encodeURIComponent(machine())}/shapes/`, body),
  };
}
