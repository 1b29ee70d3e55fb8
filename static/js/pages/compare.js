// Two executions side by side, or one before and after its redrive: ?a=ID&b=ID, each cut after an event by &a_at= and &b_at=.

import { html, nothing, render } from "lit";
import { get } from "../lib/api.js";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { ago, dayClock, span } from "../lib/moments.js";
import { compared } from "../model/compare.js";
import { Progress } from "../model/progress.js";
import { compareRows } from "../panels/compare-rows.js";
import { compareValues } from "../panels/compare-values.js";
import { executionStatus, statusChip } from "../panels/run-words.js";

const PAGE = 2_000; // events asked for at a time
const SIDES = ["a", "b"];

/** An execution with its events up to `at` (all of them without). */
async function readRun(id, at) {
  const run = await get(`executions/${id}/`);
  const progress = new Progress(JSON.parse(run.definition));
  for (let more = true; more && !(at && progress.last >= at);) {
    const page = await get(`executions/${id}/events/?after=${progress.last}&limit=${at ? Math.min(PAGE, at - progress.last) : PAGE}`);
    progress.apply(page.events);
    more = page.more;
  }
  return { run, progress };
}

class ComparePage {
  constructor(root) {
    this.root = root;
    this.fields = new URLSearchParams(location.search);
    this.runs = {};
    this.found = null;
    this.chosen = null; // index of a pair
    this.error = "";
    this.recent = [];
    this.only = false;
    this.host = Object.assign(document.createElement("div"), { className: "compare__rows" });
    this.rows = compareRows(this.host, { choose: (index) => this.choose(index) });
    this.values = compareValues(() => this.draw());
    this.read();
  }

  async read() {
    this.draw();
    try {
      for (const side of SIDES) if (this.fields.get(side)) this.runs[side] = await readRun(this.fields.get(side), Number(this.fields.get(`${side}_at`)) || 0);
      if (this.runs.a && this.runs.b) this.found = compared(this.runs.a.progress, this.runs.b.progress);
      else if (this.runs.a) await this.offer();
      else location.replace("/executions/");
      this.chosen = this.found?.path ?? this.found?.values ?? null;
    } catch (error) {
      this.error = error.message;
    }
    this.draw();
    if (this.chosen !== null) this.choose(this.chosen);
  }

  /** Other executions of the same machine to compare with. */
  async offer() {
    const { executions } = await get(`executions/?machine=${encodeURIComponent(this.runs.a.run.machine.name)}&limit=100`);
    this.recent = executions.filter((row) => row.id !== this.runs.a.run.id);
  }

  choose(index) {
    this.chosen = index;
    this.values.show(this.found.pairs[index], this.runs);
    this.draw();
    this.rows.reveal(index);
  }

  draw() {
    render(html`
      ${this.error ? html`<div class="note note--bad" role="alert">${icon("circle-alert")}<span>${this.error}</span></div>` : nothing}
      <div class="compare__heads">${SIDES.map((side) => this.head(side))}</div>
      ${this.found ? this.summary() : this.error || (this.runs.a && !this.fields.get("b")) ? nothing
        : html`<div class="pad"><span class="skeleton"></span></div>`}
      ${this.found ? html`<div class="compare__body"><div class="compare__main">${this.host}</div>
        <aside class="run__panel compare__panel" aria-label=${_("Values")}>${this.values.template()}</aside></div>` : nothing}`, this.root);
    if (this.found) this.rows.update(this.found.pairs, { chosen: this.chosen, only: this.only });
  }

  head(side) {
    const known = this.runs[side];
    if (!known) return side === "b" && this.runs.a ? this.choice() : html`<section class="compare__head"></section>`;
    const { run } = known;
    const from = Date.parse(run.started_at);
    const at = Number(this.fields.get(`${side}_at`));
    return html`<section class="compare__head"><h2 class="truncate"><a href="/executions/${run.id}/">${run.name}</a></h2>
      <p class="row row--wrap small">${statusChip(executionStatus(run))}<span
        class="muted">${run.machine.name} ${fill(_("r%(number)s"), { number: run.revision })}</span>
        <span class="muted">${dayClock(from)}</span><span class="muted">${span((run.stopped_at ? Date.parse(run.stopped_at) : Date.now()) - from)}</span>
        ${at ? html`<span class="tag">${fill(_("up to event %(at)s"), { at })}</span>` : nothing}</p></section>`;
  }

  choice() {
    return html`<section class="compare__head"><label for="compare-with">${_("Compare with")}</label>
      <select class="select" id="compare-with" @change=${({ target }) => target.value && location.assign(`?a=${this.runs.a.run.id}&b=${target.value}`)}>
        <option value="">${_("Choose an execution of the same machine")}</option>
        ${this.recent.map((row) =>
          html`<option value=${row.id}>${row.name} · ${row.status} · ${ago(Date.parse(row.started_at))}</option>`)}</select></section>`;
  }

  summary() {
    const { pairs, path, values } = this.found;
    const jump = (index, symbol, word) => html`<button class="button" type="button"
      @click=${() => this.choose(index)}>${icon(symbol)}${fill(word,
      { state: (pairs[index].left ?? pairs[index].right).state })}</button>`;
    return html`<div class="compare__summary">
      ${path === null ? html`<span class="tag tag--good">${icon("check",
        "icon--small")}${_("Both took the same way")}</span>` : jump(path, "split", _("The ways part at %(state)s"))}
      ${values === null ? html`<span class="tag">${_("No values differ where both came")}</span>`
        : jump(values, "git-compare", _("Values differ first at %(state)s"))}
      <label class="option push"><input class="check" type="checkbox" .checked=${this.only}
        @change=${({ target }) => { this.only = target.checked; this.draw(); }}><span>${_("Differences only")}</span></label></div>`;
  }
}

new ComparePage(document.getElementById("compare"));
