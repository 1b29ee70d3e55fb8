// What a screen reader is told of a run: failures, requests and the end at once, the rest at most every five seconds.

import { announce } from "../lib/dom.js";
import { _, fill } from "../lib/i18n.js";
import { statusWord } from "../canvas/statuses.js";
import { stateWord } from "./run-words.js";

const EVERY = 5_000; // ms
const URGENT = ["failed", "timedout", "waiting"];

/** `run` is the REST answer at first.  tell(session, changed names, whether the execution's own standing changed). */
export function runAnnouncer(run) {
  let status = run.status;
  let told = 0;
  const known = new Map(); // state → status that was told

  return {
    tell(session, changed, moved) {
      // A history that is being read is no news.
      if (!session.loaded) return remember(session, changed);
      if (moved && session.run.status !== status) {
        status = session.run.status;
        announce(fill(_("Execution %(name)s: %(status)s"), { name: session.run.name, status: statusWord(status) }));
        return remember(session, changed);
      }
      const news = [...changed].map((name) => session.progress.states.get(name)).filter((state) => state && known.get(state.name) !== state.status);
      const urgent = news.filter((state) => URGENT.includes(state.status));
      const shown = urgent.length ? urgent : Date.now() - told >= EVERY ? news : [];
      if (shown.length) {
        told = Date.now();
        announce(shown.slice(0, 3).map((state) => `${state.name}: ${stateWord(state.status, state.waitsFor)}`).join(". "));
      }
      return remember(session, changed);
    },
  };

  function remember(session, changed) {
    for (const name of changed) known.set(name, session.progress.states.get(name)?.status);
  }
}
