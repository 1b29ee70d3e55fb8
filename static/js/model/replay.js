// A run as it stood when an event had just been written.

import { Progress } from "./progress.js";
import { time } from "./visits.js";

/** Follows a Progress from behind: `to(n)` gives what the first n events say.  Forwards only what is new is applied;
 *  backwards all of it again, 25,000 events in a few tens of milliseconds. */
export class Replay {
  #definition;
  #shown;

  constructor(definition) {
    this.#definition = definition;
    this.#shown = new Progress(definition);
  }

  /** What the first `count` events of `whole` (a Progress) say. */
  to(whole, count) {
    if (count < this.#shown.last) this.#shown = new Progress(this.#definition);
    this.#shown.apply(whole.events.slice(this.#shown.last, count));
    return this.#shown;
  }
}

/** The event that had been written last at `ms`; 1 at least. */
export function eventAt(events, ms) {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time(events[middle]) <= ms) low = middle + 1;
    else high = middle;
  }
  return Math.max(1, low);
}

const MARKS = 400; // that can be told apart on a slider
const WRONG = /(Failed|TimedOut|Aborted)$/;

/** Marks of a slider over the events: [{share, kind}], `kind` "bad" where something failed, else "entered". */
export function marksOf(events) {
  const seen = new Map();
  events.forEach((event, index) => {
    const bad = WRONG.test(event.type) || event.type === "FailStateEntered";
    if (!bad && !event.type.endsWith("StateEntered")) return;
    const place = Math.round((index / Math.max(1, events.length - 1)) * MARKS);
    if (bad || !seen.has(place)) seen.set(place, bad ? "bad" : "entered");
  });
  return [...seen].map(([place, kind]) => ({ share: place / MARKS, kind }));
}
