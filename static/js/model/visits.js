// One entry into a state, and where it lies: the execution itself, a branch of a Parallel, or one
// iteration of a Map.  progress.js decides what an event does to it.

/** Where visits lie: `container` is the visit of the Parallel or Map (null for the whole execution),
 *  `index` the branch or iteration.  `current` holds the newest visit of each state in it. */
export class Scope {
  constructor(container = null, index = 0) {
    this.container = container;
    this.index = index;
    this.current = new Map();
  }
}

/** One entry into a state.  Times are ms since the epoch; ids are those of history events.
 *  status: running, waiting, succeeded, failed, caught, timedout, aborted. */
export class Visit {
  constructor(event, name, type, scope) {
    this.id = event.id;
    this.name = name;
    this.type = type;
    this.scope = scope;
    this.status = "running";
    this.outcome = null; // failed or timedout: how the last try ended, until another begins
    this.asks = null; // "approval" or "callback": somebody outside answers this task
    this.waitsFor = null; // the same, while the answer is awaited
    this.aborted = false; // …StateAborted was written for it
    this.entered = time(event);
    this.exited = null;
    this.exitEvent = null;
    this.tries = [];
    this.iterations = null; // Map only: {total, started, succeeded, failed, aborted}
    this.inner = new Map(); // branch or iteration → Scope
  }

  get open() {
    return this.exited === null;
  }

  /** Whether a try goes on. */
  get trying() {
    return this.tries.length > 0 && this.tries[this.tries.length - 1].to === null;
  }

  /** ms from entering to leaving, or to `now` while it goes on. */
  duration(now) {
    return Math.max(0, (this.exited ?? now) - this.entered);
  }

  beginTry(event) {
    this.outcome = null;
    this.tries.push({
      number: this.tries.length + 1, event: event.id, from: time(event), started: null, to: null,
      endEvent: null, status: "running", error: null, cause: null, worker: null,
    });
  }

  began(event, worker) {
    if (this.trying) Object.assign(this.tries[this.tries.length - 1], { started: time(event), worker });
  }

  /** End the try that goes on, if one does: succeeded, failed, timedout, aborted or caught. */
  endTry(event, status, { error = null, cause = null } = {}) {
    if (status === "failed" || status === "timedout") this.outcome = status;
    if (!this.trying) return;
    const last = this.tries[this.tries.length - 1];
    Object.assign(last, { to: time(event), endEvent: event.id, status, error, cause });
  }
}

/** An event's time in ms since the epoch (AWS writes seconds). */
export function time(event) {
  return Math.round(event.timestamp * 1000);
}

/** The visit itself, then the Parallel or Map around it, and so on outwards. */
export function* outwards(visit) {
  for (let at = visit; at; at = at.scope.container) yield at;
}

/** Whether `visit` lies in `scope`, however deep. */
export function liesIn(visit, scope) {
  for (const at of outwards(visit)) if (at.scope === scope) return true;
  return false;
}

/** Every newest visit inside a container, however deep. */
export function* newestInside(container) {
  for (const scope of container.inner.values()) {
    for (const visit of scope.current.values()) {
      yield visit;
      yield* newestInside(visit);
    }
  }
}
