// How one state stands, over all the visits that count: the newest one of each branch and iteration.

// What is told first when visits differ: somebody is needed, something goes on, something went wrong.
const ORDER = ["waiting", "running", "failed", "timedout", "aborted", "caught", "succeeded"];

export class StateProgress {
  #counts = new Map();
  #current = new Set();

  constructor(name, type) {
    this.name = name;
    this.type = type;
    this.visits = []; // all of them, oldest first
  }

  add(visit) {
    this.visits.push(visit);
    this.#current.add(visit);
    this.#count(visit.status, 1);
  }

  /** `visit` is no longer the newest of its place: it is kept, and no longer counts. */
  drop(visit) {
    if (this.#current.delete(visit)) this.#count(visit.status, -1);
  }

  change(visit, status) {
    const counts = this.#current.has(visit);
    if (counts) this.#count(visit.status, -1);
    visit.status = status;
    if (counts) this.#count(status, 1);
  }

  get status() {
    return ORDER.find((status) => this.#counts.get(status) > 0) ?? this.visits[this.visits.length - 1]?.status ?? "notreached";
  }

  /** status → number of visits that stand so. */
  get counts() {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count > 0));
  }

  get last() {
    return this.visits[this.visits.length - 1] ?? null;
  }

  /** The newest visit that stands as the state as a whole does: the one that waits or failed, if one does. */
  get telling() {
    const { status } = this;
    for (let at = this.visits.length - 1; at >= 0; at -= 1) if (this.visits[at].status === status) return this.visits[at];
    return this.last;
  }

  /** Tries of the visit that was tried most, among those that count. */
  get tries() {
    let most = 0;
    for (const visit of this.#current) most = Math.max(most, visit.tries.length);
    return most;
  }

  /** "approval" or "callback" when somebody must answer, else null. */
  get waitsFor() {
    let kind = null;
    for (const visit of this.#current) if (visit.waitsFor) kind = visit.waitsFor === "approval" ? "approval" : (kind ?? visit.waitsFor);
    return kind;
  }

  /** A Map's iterations over all visits that count, or null: {total, done, running, failed}. */
  get iterations() {
    let sum = null;
    for (const { iterations } of this.#current) {
      if (!iterations) continue;
      sum ??= { total: 0, done: 0, running: 0, failed: 0 };
      const ended = iterations.succeeded + iterations.failed + iterations.aborted;
      sum.total += iterations.total;
      sum.done += iterations.succeeded;
      sum.failed += iterations.failed;
      sum.running += Math.max(0, iterations.started - ended);
    }
    return sum;
  }

  /** ms the newest visits took together when one after another, else from the first entry to the last exit. */
  duration(now) {
    let from = Infinity;
    let to = -Infinity;
    for (const visit of this.#current) {
      from = Math.min(from, visit.entered);
      to = Math.max(to, visit.exited ?? now);
    }
    return from === Infinity ? null : Math.max(0, to - from);
  }

  #count(status, by) {
    this.#counts.set(status, (this.#counts.get(status) ?? 0) + by);
  }
}
