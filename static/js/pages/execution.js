// One execution, live: graph, table, timeline and events with one selection, which the address keeps; a panel for what is
// selected; a slider to see the run as it stood at any event.

import { html, render } from "lit";
import { createCanvas } from "../canvas/canvas.js";
import { pageData, typing } from "../lib/dom.js";
import { _ } from "../lib/i18n.js";
import { toast } from "../lib/toasts.js";
import { listStates } from "../model/places.js";
import { Replay } from "../model/replay.js";
import { readHash, writeHash } from "../model/run-hash.js";
import { RunSession } from "../model/run-session.js";
import { eventsList } from "../panels/events-list.js";
import { followButton } from "../panels/follow-button.js";
import { play, replayBar } from "../panels/replay-bar.js";
import { runAnnouncer } from "../panels/run-announcer.js";
import { answerTask, exportRun, redriveRun, runAgain, runAgainEdited, stopRun } from "../panels/run-commands.js";
import { graphOf } from "../panels/run-graph.js";
import { connectionSign, runHead, runTabs } from "../panels/run-head.js";
import { eventPanel, runPanel } from "../panels/run-panels.js";
import { statePanel } from "../panels/state-panel.js";
import { statesTable } from "../panels/states-table.js";
import { timeline } from "../panels/timeline.js";
import { time } from "../model/visits.js";

const TICK = 1_000; // ms between redraws of what counts up
const KEPT = 40; // visits and events whose data is kept
const STAY = 2_000; // ms a visit is shown at least

/** Keeps the newest KEPT entries of a map, so that a page that is open for days does not grow. */
function keep(map, key, value) {
  map.delete(key);
  map.set(key, value);
  if (map.size > KEPT) map.delete(map.keys().next().value);
}

/** Of what is known of a visit, what was known when it stood as `visit` does. */
function detailAt(detail, visit) {
  const tries = detail.tries.slice(0, visit.tries.length)
    .map((one, index) => (visit.tries[index].to === null
    ? { ...one, output: null, error: null, cause: null, ended_at: null } : one));
  return visit.open ? { ...detail, tries, output: null, assigned: null, error: null, cause: null } : { ...detail, tries };
}

class ExecutionPage {
  constructor(root, run) {
    this.root = root;
    this.chosen = readHash(location.hash);
    this.tab = "data";
    this.visits = new Map(); // visit id → {signature, detail, error}
    this.events = new Map(); // event id → the whole event
    this.folded = new Set(); // names of containers of the graph
    this.frame = 0;
    this.details = false; // the execution's own panel, where there is room for one thing only
    this.session = new RunSession(run, (change) => this.changed(change));
    this.rows = listStates(this.session.definition);
    this.replay = new Replay(this.session.definition);
    this.stopPlaying = null;
    this.places = new Map(this.rows.map((row) => [row.name, row]));
    this.announcer = runAnnouncer(run);
    this.buildViews();
    this.listen();
    this.draw();
    this.session.start();
  }

  buildViews() {
    const view = (name) => Object.assign(document.createElement("div"), {
      className: `view view--${name}`, id: `view-${name}`, role: "tabpanel",
    });
    this.hosts = { graph: view("graph"), table: view("table"), timeline: view("timeline"), events: view("events") };
    for (const [name, host] of Object.entries(this.hosts)) host.setAttribute("aria-labelledby", `tab-${name}`);
    this.table = statesTable(this.hosts.table, this.rows, { choose: (name) => this.selectState(name) });
    this.timeline = timeline(this.hosts.timeline, this.rows, {
      choose: (name, visit) => this.selectState(name, visit), look: (sight) => this.choose({ sight }),
    });
    this.list = eventsList(this.hosts.events, {
      choose: (id) => this.selectEvent(id), filter: (changes) => this.choose(changes), find: (text) => this.session.eventsWith(text),
    });
  }

  listen() {
    addEventListener("hashchange", () => {
      const hash = readHash(location.hash);
      if (writeHash(hash) !== writeHash(this.chosen)) this.choose(hash, { fromHash: true });
    });
    document.addEventListener("keydown", (event) => this.key(event));
    setInterval(() => this.session.running && document.visibilityState === "visible" && this.drawSoon(), TICK);
    this.hosts.graph.addEventListener("canvas-fold", ({ detail }) => this.fold(detail.id));
    this.hosts.graph.addEventListener("canvas-select", ({ detail }) => {
      const name = detail.ids[0] ?? null;
      if (name !== this.chosen.state) this.selectState(name);
    });
  }

  key(event) {
    if (typing(event) || event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
    const view = { 1: "graph", 2: "table", 3: "timeline", 4: "events" }[event.key];
    if (view) this.choose({ view });
    else if (event.key === "Escape" && (this.chosen.state || this.chosen.event || this.details)) this.close();
  }

  // ── what is chosen ──

  choose(changes, { fromHash = false } = {}) {
    const before = this.chosen;
    this.chosen = { ...before, ...changes };
    if (!fromHash) history.replaceState(null, "", writeHash(this.chosen) || location.pathname + location.search);
    if (this.chosen.state !== before.state && !["data", "definition"].includes(this.tab)) this.tab = "data";
    this.draw();
    if (this.chosen.event && this.chosen.event !== before.event) this.readEvent(this.chosen.event);
    if (this.chosen.view === "events" && this.chosen.event && before.view !== "events") this.list.reveal(this.chosen.event);
  }

  selectState(name, visit = null) {
    this.choose({ state: name, visit, event: null });
  }

  selectEvent(id) {
    const visit = this.session.progress.visitOf(id);
    this.choose({ event: id, state: visit?.name ?? null, visit: visit?.id ?? null });
  }

  showEvents(visit) {
    this.choose({ view: "events", event: visit.id, of: visit.name, type: null, text: null, trouble: null });
    this.list.reveal(visit.id);
  }

  close() {
    this.details = false;
    this.choose({ state: null, visit: null, event: null });
  }

  /** Shows the execution as a whole instead of what is chosen, or puts it away. */
  showDetails() {
    const shown = this.details && !this.chosen.state && !this.chosen.event;
    this.details = !shown;
    this.choose({ state: null, visit: null, event: null });
  }

  // ── the moment shown ──

  /** What is known of the run, or what was known when the chosen event had been written. */
  get progress() {
    const { progress } = this.session;
    return this.chosen.at && this.chosen.at < progress.last ? this.replay.to(progress, this.chosen.at) : progress;
  }

  get now() {
    const { run, progress } = this.session;
    const event = progress.events[this.chosen.at - 1];
    if (event) return time(event);
    return run.stopped_at && !this.session.running ? Date.parse(run.stopped_at) : Date.now();
  }

  showAt(at) {
    this.choose({ at });
  }

  play() {
    const playing = this.stopPlaying;
    playing?.();
    this.stopPlaying = playing ? null : play(this.chosen.at ?? 1, this.session.progress.last, {
      show: (at) => this.showAt(at),
      end: () => { this.stopPlaying = null; this.showAt(null); },
    });
    this.draw();
  }

  /** The visit shown: the one chosen, else the most telling, which is not left at once when another one is. */
  get visit() {
    const { progress } = this;
    const state = progress.states.get(this.chosen.state);
    if (!state) return null;
    const chosen = this.chosen.visit && progress.visitOf(this.chosen.visit);
    if (chosen?.name === state.name) return chosen;
    const shown = this.shown?.visit;
    if (shown?.name === state.name && (shown.open || Date.now() - this.shown.since < STAY)) return shown;
    const telling = state.telling;
    if (shown !== telling) this.shown = { visit: telling, since: Date.now() };
    return telling;
  }

  /** Folds a container of the graph, or unfolds it. */
  async fold(name) {
    if (!this.folded.delete(name)) this.folded.add(name);
    try {
      await this.session.fold([...this.folded]);
      this.canvas.update(this.session.run.drawing);
      this.drawSoon();
    } catch (error) {
      toast(error.message, { kind: "error" });
    }
  }

  // ── what comes in ──

  changed({ changed, status, repinned }) {
    if (repinned) return void location.reload();
    this.announcer.tell(this.session, changed, status);
    this.drawSoon();
  }

  async readEvent(id) {
    const event = this.session.progress.events[id - 1];
    if (!event?.previews || this.events.has(id)) return;
    keep(this.events, id, await this.session.wholeEvent(id).catch(() => null));
    this.drawSoon();
  }

  /** Asks for the data of the visit shown, again when it has moved on since. */
  async readVisit(visit) {
    const signature = [visit.status, visit.tries.length, visit.tries.at(-1)?.endEvent, visit.exitEvent].join();
    if (this.reading || !this.session.loaded || this.visits.get(visit.id)?.signature === signature) return;
    this.reading = true;
    const known = { detail: this.visits.get(visit.id)?.detail ?? null, signature, error: "" };
    keep(this.visits, visit.id, known);
    try {
      known.detail = await this.session.visit(visit.name, visit.id);
    } catch (error) {
      known.error = error.status === 0 ? "" : error.message; // the connection says that the server is away
      setTimeout(() => this.visits.delete(visit.id), 3_000);
    }
    this.reading = false;
    this.drawSoon();
  }

  // ── drawing ──

  drawSoon() {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { run, progress } = this.session;
    const { now } = this;
    for (const [name, host] of Object.entries(this.hosts)) host.hidden = name !== this.chosen.view;
    const panel = this.chosen.state || this.chosen.event;
    render(html`
      ${runHead(run, { now: Math.max(now, this.chosen.at ? Date.now() : 0), on: this.commands })}
      ${runTabs(this.chosen.view, { events: progress.last, choose: (view) => this.choose({ view }) })}
      <div class="run__body ${panel || this.details ? "has-selection" : ""} ${this.chosen.at ? "is-replayed" : ""}">
        <div class="run__main">${Object.values(this.hosts)}
          ${replayBar({ events: progress.events, at: this.chosen.at, playing: Boolean(this.stopPlaying),
            running: this.session.running }, { at: (at) => this.showAt(at), play: () => this.play() })}</div>
        <aside class="run__panel" aria-label=${panel ? _("Selection") : _("Execution")}>${this.panel(now)}</aside>
      </div>`, this.root);
    render(connectionSign(this.session.connection, { running: this.session.running, missing: this.session.missing, retry: () => this.session.retry() }),
      document.getElementById("connection"));
    this.drawView(now);
  }

  drawView(now) {
    const { progress, chosen } = this;
    const axis = { from: Date.parse(this.session.run.started_at), to: now };
    if (chosen.view === "graph") this.drawGraph(now);
    else if (chosen.view === "table") this.table.update(progress, { axis, now, chosen: chosen.state });
    else if (chosen.view === "timeline") this.timeline.update(progress, { ...axis, now, chosen: chosen.state, visit: chosen.visit, sight: chosen.sight });
    else this.list.update(progress, chosen.event, chosen);
  }

  drawGraph(now) {
    const { progress } = this;
    const { run } = this.session;
    if (!run.drawing) {
      render(html`<div class="empty"><p>${_("The graph cannot be drawn. The table shows the same states.")}</p></div>`, this.hosts.graph);
      return;
    }
    if (!this.canvas) {
      this.canvas = createCanvas(this.hosts.graph, { run: true });
      this.canvas.update(run.drawing);
      this.follow = followButton(this.hosts.graph, { reveal: (name) => this.canvas.reveal(name) });
    }
    const { statuses, arrows } = graphOf(progress, now);
    this.canvas.setStatuses(statuses, arrows);
    this.follow.update(progress, this.session.running && !this.chosen.at);
    if ((this.canvas.selected[0] ?? null) !== this.chosen.state) this.canvas.select(this.chosen.state, { quiet: true, reveal: true });
  }

  panel(now) {
    const { progress } = this;
    const event = progress.events[this.chosen.event - 1];
    if (this.chosen.event && event && this.chosen.view === "events") return this.eventPanel(event);
    if (this.chosen.state) return this.statePanel(now);
    const failed = [...progress.states.values()].filter((state) => ["failed", "timedout"].includes(state.status) && !state.last.inner.size);
    const waiting = [...progress.states.values()].filter((state) => state.status === "waiting");
    return runPanel(this.session.run, {
      failedAt: this.session.running ? [] : failed.map((state) => state.name), waitingAt: waiting.map((state) => state.name),
      select: (name) => this.selectState(name), close: () => this.close(),
    });
  }

  eventPanel(event) {
    return eventPanel(event, {
      whole: this.events.get(event.id), state: this.session.progress.visitOf(event.id)?.name ?? "",
      previous: event.previousEventId || null, close: () => this.close(),
      showState: () => this.choose({ view: "graph", event: null }),
      choose: (id) => { this.selectEvent(id); this.list.reveal(id); },
    });
  }

  statePanel(now) {
    const { visit } = this;
    if (visit) this.readVisit(this.session.progress.visitOf(visit.id));
    const known = visit ? this.visits.get(visit.id) : null;
    return statePanel({
      name: this.chosen.state, row: this.places.get(this.chosen.state), state: this.progress.states.get(this.chosen.state),
      visit, detail: this.chosen.at && known?.detail ? detailAt(known.detail, visit) : known?.detail ?? null,
        error: known?.detail ? "" : known?.error ?? "", tab: visit ? this.tab : "definition", now,
      execution: this.session.run.id,
    }, {
      tab: (tab) => { this.tab = tab; this.draw(); }, visit: (id) => this.choose({ visit: id, event: null }), close: () => this.close(),
      events: (shown) => this.showEvents(shown), redraw: () => this.drawSoon(),
      complete: (task) => answerTask(this.session.run, task, "success"), fail: (task) => answerTask(this.session.run, task, "failure"),
    });
  }

  async redrive() {
    if (await redriveRun(this.session.run)) {
      this.choose({ at: null });
      await this.session.refresh();
    }
  }

  /** With another execution, or after a redrive with how it stood before. */
  get compareAddress() {
    const { run, progress } = this.session;
    const redriven = run.redrive_count ? progress.events.findLast((event) => event.type === "ExecutionRedriven") : null;
    return `/executions/compare/?a=${run.id}${redriven ? `&a_at=${redriven.id - 1}&b=${run.id}` : ""}`;
  }

  get commands() {
    const { session } = this;
    return {
      stop: () => stopRun(session.run), redrive: () => this.redrive(), again: () => runAgain(session.run), edit: () => runAgainEdited(session.run),
      exportJson: () => exportRun(session.run), compareAddress: this.compareAddress, details: () => this.showDetails(),
    };
  }
}

new ExecutionPage(document.getElementById("execution"), pageData("execution-data"));
