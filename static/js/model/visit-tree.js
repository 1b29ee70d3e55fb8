// The visits of an execution and how they lie in one another: opening, closing and cutting them keeps
// each state's standing right.

import { StateProgress } from "./state-progress.js";
import { liesIn, newestInside, outwards, Scope, time } from "./visits.js";

export class VisitTree {
  constructor() {
    this.root = new Scope();
    this.states = new Map(); // name → StateProgress
    this.open = new Set();
    this.changed = new Set(); // names of states that stand otherwise than before
  }

  // ── changing ──

  /** A state is entered: its visit takes the place of an earlier one in the same scope. */
  enter(visit) {
    const before = visit.scope.current.get(visit.name);
    if (before) this.#retire(before);
    visit.scope.current.set(visit.name, visit);
    this.open.add(visit);
    this.#state(visit).add(visit);
    this.changed.add(visit.name);
  }

  close(visit, event, status) {
    visit.exited = time(event);
    visit.waitsFor = null;
    visit.endTry(event, status);
    this.open.delete(visit);
    this.setStatus(visit, status);
  }

  reopen(visit) {
    Object.assign(visit, { exited: null, exitEvent: null, outcome: null, aborted: false });
    this.open.add(visit);
    this.setStatus(visit, "running");
  }

  setStatus(visit, status) {
    this.#state(visit).change(visit, status);
    this.changed.add(visit.name);
  }

  /** A container begins anew: what was inside it counts no longer. */
  clear(container) {
    for (const inside of newestInside(container)) this.#drop(inside);
    container.inner.clear();
  }

  /** The scope of a branch or iteration, made when it is asked for first. */
  inner(container, index) {
    let scope = container.inner.get(index);
    if (!scope) container.inner.set(index, (scope = new Scope(container, index)));
    return scope;
  }

  // ── cutting ──

  cut(container, culprit, event) {
    for (const scope of container.inner.values()) this.cutScope(scope, culprit, event);
  }

  cutScope(scope, culprit, event) {
    if (scope) this.cutVisits([...this.open].filter((visit) => liesIn(visit, scope)), culprit, event, "aborted");
  }

  cutAll(culprit, event, rest) {
    this.cutVisits([...this.open], culprit, event, rest);
  }

  /** Close visits that were cut short: those around what failed are failed, the others as `rest` says. */
  cutVisits(visits, culprit, event, rest) {
    const failed = new Set(outwards(culprit));
    for (const visit of visits) {
      this.close(visit, event, visit.outcome ?? (failed.has(visit) ? "failed" : rest));
    }
  }

  // ── finding the visit an event belongs to, going outwards from the visit of the event before ──

  /** The nearest Parallel or Map that still goes on. */
  container(from, type) {
    const fits = (visit) => visit.type === type && visit.open && visit.status !== "failed";
    return this.#first(outwards(from), fits) ?? this.#newestOpen(fits);
  }

  named(from, name) {
    const fits = (visit) => visit.name === name && visit.open;
    return this.#first(outwards(from), fits) ?? this.#newestOpen(fits);
  }

  /** …StateAborted names no state: the one that failed, else the first of its type in the container that is cut. */
  aborted(from, type) {
    if (!from) return null;
    const fits = (visit) => visit.type === type && !visit.aborted && visit.exitEvent === null;
    if (fits(from)) return from;
    for (const container of outwards(from.scope.container)) {
      const found = this.#first(newestInside(container), fits);
      if (found) return found;
    }
    return null;
  }

  #first(visits, fits) {
    for (const visit of visits) if (fits(visit)) return visit;
    return null;
  }

  #newestOpen(fits) {
    let found = null;
    for (const visit of this.open) if (fits(visit)) found = visit;
    return found;
  }

  #retire(visit) {
    this.#drop(visit);
    for (const inside of newestInside(visit)) this.#drop(inside);
  }

  #drop(visit) {
    this.#state(visit).drop(visit);
    this.changed.add(visit.name);
  }

  #state({ name, type }) {
    let state = this.states.get(name);
    if (!state) this.states.set(name, (state = new StateProgress(name, type)));
    return state;
  }
}
