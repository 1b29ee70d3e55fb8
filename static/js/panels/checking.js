// Asks the server for problems and drawing; the newest request wins.

import { post } from "../lib/api.js";

/** `onAnswer({problems, drawing})` and `onFailure(error)`; ask(request, delay) with {definition, kind, folded}. */
export function createChecker({ onAnswer, onFailure }) {
  let timer = 0;
  let running = null;

  async function send(request) {
    running?.abort();
    const control = (running = new AbortController());
    try {
      const answer = await post("check/", request, { signal: control.signal });
      if (running === control) onAnswer(answer);
    } catch (error) {
      if (error.name !== "AbortError" && running === control) onFailure(error);
    }
  }

  return {
    ask(request, delay = 0) {
      clearTimeout(timer);
      if (delay) timer = setTimeout(() => send(request), delay);
      else send(request);
    },
  };
}
