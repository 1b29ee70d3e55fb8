// What a history says about each state: how it stands, how often it was entered and tried, how long it
// took, which arrows were followed, how far a Map has come.
//
// Events are applied in the order of their ids, each once, as they come; an event knows where it belongs by
// the event it follows (previousEventId).  Which visit an event belongs to when several would fit is
// decided as AWS writes them (reference: history-events, sections 4 to 8).

import { placesOf } from "./places.js";
import { VisitTree } from "./visit-tree.js";
import { outwards, Visit } from "./visits.js";

const WORK = new RegExp(
  "^(?:LambdaFunction|Task|Activity)" +
  "(Scheduled|Started|Submitted|Succeeded|Failed|TimedOut|ScheduleFailed|StartFailed|SubmitFailed)$");
const STATE = /^(Task|Pass|Choice|Wait|Succeed|Fail|Parallel|Map)State(Entered|Exited|Started|Succeeded|Failed|Aborted)$/;
const ENDS = {
  ExecutionSucceeded: "SUCCEEDED", ExecutionFailed: "FAILED",
  ExecutionAborted: "ABORTED", ExecutionTimedOut: "TIMED_OUT",
};
const MAP_RUN = { Started: "RUNNING", Redriven: "RUNNING", Succeeded: "SUCCEEDED", Failed: "FAILED", Aborted: "ABORTED" };

/** The member of an event that holds its details, or {}. */
export function details(event) {
  for (const key in event) if (key.endsWith("EventDetails")) return event[key] ?? {};
  return {};
}

export class Progress {
  #tree = new VisitTree();
  #places;
  #visits = []; // event id → visit
  #begun = new Map(); // id of a MapIterationStarted → scope
  #edges = new Map();
  #endedBy = null;

  constructor(definition = null) {
    this.#places = placesOf(definition);
    this.events = []; // the event with id n is at n - 1
    this.status = "RUNNING";
    this.mapRuns = new Map(); // name of a distributed Map → {arn, status}
  }

  /** The id of the newest event applied: where to go on from after a reconnect. */
  get last() {
    return this.events.length;
  }

  /** name → StateProgress, of the states that were entered. */
  get states() {
    return this.#tree.states;
  }

  /** Apply events; those already known are passed over.  Returns {changed: names of states, gap}, where
   *  `gap` is the id that was expected when one is missing: nothing after it has been applied. */
  apply(events) {
    this.#tree.changed = new Set();
    let gap = null;
    for (const event of events) {
      if (event.id <= this.last) continue;
      if (event.id > this.last + 1) {
        gap = this.last + 1;
        break;
      }
      this.events.push(event);
      this.#one(event);
    }
    return { changed: this.#tree.changed, gap };
  }

  /** The visit an event belongs to, or null (events of the execution itself). */
  visitOf(id) {
    return this.#visits[id] ?? null;
  }

  /** Arrows followed: [{from, to, kind, count, last}]; from "" is the start, to "" the end.
   *  kind: start, next, catch, inner (into a branch or iteration), end. */
  edges() {
    return [...this.#edges.values()];
  }

  /** The visits that go on now. */
  openVisits() {
    return [...this.#tree.open];
  }

  #one(event) {
    const state = STATE.exec(event.type);
    if (state) return this.#stateEvent(event, state[1], state[2]);
    const work = WORK.exec(event.type);
    if (work) return this.#work(event, work[1]);
    if (event.type.startsWith("MapIteration")) return this.#iteration(event, event.type.slice(12));
    if (event.type.startsWith("MapRun")) return this.#mapRun(event, event.type.slice(6));
    if (event.type === "EvaluationFailed") return this.#evaluationFailed(event);
    if (event.type === "ExecutionRedriven") return this.#redriven(event);
    return ENDS[event.type] ? this.#ended(event, ENDS[event.type]) : undefined;
  }

  #before(event) {
    return this.#visits[event.previousEventId] ?? null;
  }

  /** Note that an event belongs to a visit. */
  #belongs(event, visit) {
    this.#visits[event.id] = visit;
    this.#tree.changed.add(visit.name);
  }

  #stateEvent(event, type, what) {
    if (what === "Entered") return this.#enter(event, type);
    if (what === "Exited") return this.#exit(event);
    if (what === "Aborted") return this.#aborted(event, type);
    const container = this.#tree.container(this.#before(event), type);
    if (!container) return undefined;
    this.#belongs(event, container);
    if (what === "Started") return this.#fork(event, container);
    if (what === "Failed") return this.#containerFailed(event, container);
    return container.endTry(event, "succeeded");
  }

  // ── entering and leaving ──

  #enter(event, type) {
    const name = details(event).name ?? "";
    const visit = new Visit(event, name, type, this.#scopeFor(event, name));
    this.#belongs(event, visit);
    this.#followed(event, visit);
    this.#tree.enter(visit);
    if (type === "Fail") this.#tree.close(visit, event, "failed");
  }

  /** The scope a state is entered in: that of the state left before, or the branch or iteration that begins. */
  #scopeFor(event, name) {
    const begun = this.#begun.get(event.previousEventId);
    if (begun) return begun;
    const before = this.#before(event);
    if (!before) return this.#tree.root;
    if (this.events[event.previousEventId - 1].type !== "ParallelStateStarted") return before.scope;
    return this.#tree.inner(before, this.#places.get(name)?.branch ?? name);
  }

  #followed(event, visit) {
    const from = this.#before(event);
    if (!from) return this.#edge("", visit.name, "start", event.id);
    const exited = this.events[event.previousEventId - 1].type.endsWith("StateExited");
    if (!exited) return this.#edge(from.name, visit.name, "inner", event.id);
    return this.#edge(from.name, visit.name, from.status === "caught" ? "catch" : "next", event.id);
  }

  #edge(from, to, kind, id) {
    const key = JSON.stringify([from, to, kind]);
    const edge = this.#edges.get(key) ?? { from, to, kind, count: 0, last: 0 };
    edge.count += 1;
    edge.last = id;
    this.#edges.set(key, edge);
  }

  #exit(event) {
    const visit = this.#tree.named(this.#before(event), details(event).name);
    if (!visit) return;
    this.#belongs(event, visit);
    visit.exitEvent = event.id;
    this.#tree.close(visit, event, visit.outcome === null ? "succeeded" : "caught");
  }

  // ── tasks ──

  #work(event, what) {
    const visit = this.#before(event);
    if (!visit) return;
    this.#belongs(event, visit);
    if (what === "Scheduled") this.#scheduled(event, visit);
    else if (what === "Started") visit.began(event, details(event).workerName ?? null);
    else if (what === "Submitted") this.#submitted(visit);
    else if (what === "Succeeded") this.#answered(event, visit, "succeeded");
    else this.#answered(event, visit, what === "TimedOut" ? "timedout" : "failed");
  }

  #scheduled(event, visit) {
    if (!visit.open) this.#tree.reopen(visit);
    visit.beginTry(event);
    const { resource = "", resourceType = "" } = details(event);
    if (resourceType === "approval") visit.asks = "approval";
    else visit.asks = resource.endsWith(".waitForTaskToken") ? "callback" : null;
  }

  #submitted(visit) {
    if (!visit.asks) return;
    visit.waitsFor = visit.asks;
    this.#tree.setStatus(visit, "waiting");
  }

  #answered(event, visit, status) {
    visit.waitsFor = null;
    if (visit.status === "waiting") this.#tree.setStatus(visit, "running");
    visit.endTry(event, status, details(event));
  }

  #evaluationFailed(event) {
    const visit = this.#evaluated(event);
    if (!visit) return;
    this.#belongs(event, visit);
    if (!visit.trying) visit.beginTry(event);
    this.#answered(event, visit, "failed");
  }

  /** AWS has let EvaluationFailed follow the state's Entered event, and what came before that; both are found. */
  #evaluated(event) {
    const before = this.#before(event);
    const open = this.openVisits().filter((visit) => visit.name === details(event).state);
    if (open.includes(before)) return before;
    const sameBefore = (visit) => this.events[visit.id - 1].previousEventId === event.previousEventId;
    return open.find(sameBefore) ?? open.pop() ?? null;
  }

  // ── Parallel and Map ──

  #fork(event, container) {
    if (!container.open) this.#tree.reopen(container);
    this.#failInside(event, container);
    this.#tree.clear(container);
    container.beginTry(event);
    if (container.type === "Map") {
      container.iterations = { total: details(event).length ?? 0, started: 0, succeeded: 0, failed: 0, aborted: 0 };
    }
  }

  #containerFailed(event, container) {
    this.#failInside(event, container);
    container.outcome = "failed";
    this.#tree.setStatus(container, "failed");
  }

  /** What failed inside says why the container's try failed: a container that is tried again writes no …Failed. */
  #failInside(event, container) {
    this.#tree.cut(container, this.#before(event), event);
    const cause = this.events[event.previousEventId - 1];
    if (container.trying) container.endTry(event, "failed", cause ? details(cause) : {});
  }

  #iteration(event, what) {
    const { name, index } = details(event);
    const map = this.#tree.named(this.#before(event), name);
    if (!map) return;
    this.#belongs(event, map);
    if (what === "Started") {
      map.inner.delete(index);
      this.#begun.set(event.id, this.#tree.inner(map, index));
    } else {
      this.#tree.cutScope(map.inner.get(index), what === "Failed" ? this.#before(event) : null, event);
    }
    if (map.iterations) map.iterations[what.toLowerCase()] += 1;
  }

  #mapRun(event, what) {
    const map = this.#tree.container(this.#before(event), "Map");
    if (!map) return;
    this.#belongs(event, map);
    const arn = details(event).mapRunArn ?? this.mapRuns.get(map.name)?.arn ?? null;
    this.mapRuns.set(map.name, { arn, status: MAP_RUN[what] ?? "RUNNING" });
    if (what === "Failed") map.endTry(event, "failed", details(event));
  }

  #aborted(event, type) {
    const visit = this.#tree.aborted(this.#before(event), type);
    if (!visit) return;
    this.#belongs(event, visit);
    visit.aborted = true;
    if (visit.open) this.#tree.close(visit, event, visit.outcome ?? "aborted");
  }

  // ── the end, and beginning again ──

  #ended(event, status) {
    this.status = status;
    this.#endedBy = this.#before(event);
    if (status === "SUCCEEDED" && this.#endedBy) this.#edge(this.#endedBy.name, "", "end", event.id);
    const culprit = status === "FAILED" ? this.#endedBy : null;
    this.#tree.cutAll(culprit, event, status === "TIMED_OUT" ? "timedout" : "aborted");
  }

  /** The states that failed go on; what they write next follows this event or their own last one. */
  #redriven(event) {
    this.status = "RUNNING";
    if (!this.#endedBy) return;
    this.#belongs(event, this.#endedBy);
    for (const visit of outwards(this.#endedBy)) this.#tree.reopen(visit);
  }
}


