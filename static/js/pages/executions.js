// The executions: filters which the address and names keep, rows that change by themselves, pages; and what can be done
// with the rows that are marked, or with all that fit.

import { html, nothing, render } from "lit";
import { repeat } from "lit";
import { statusWord } from "../canvas/statuses.js";
import { get } from "../lib/api.js";
import { announce, debounce, find, pageData } from "../lib/dom.js";
import { _, fill, plural } from "../lib/i18n.js";
import { glyph, icon } from "../lib/icon.js";
import { openSocket } from "../lib/live-socket.js";
import { ago, exact, number, span } from "../lib/moments.js";
import { changesShown, EMPTY, isFiltered, membersOf, readQuery, toQuery } from "../model/executions-query.js";
import { bulkBar } from "../panels/bulk-bar.js";
import { openBulkDialog } from "../panels/bulk-dialog.js";
import { filterChips, openFilters } from "../panels/list-filters.js";
import { connectionSign } from "../panels/run-head.js";
import { SavedFilters } from "../panels/saved-filters.js";
import { executionStatus, statusChip } from "../panels/run-words.js";

const STATUSES = ["RUNNING", "WAITING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];
const PERIODS = [["", _("Any time")], ["3600", _("Last hour")], ["86400", _("Last 24 hours")], ["604800", _("Last 7 days")], ["2592000", _("Last 30 days")]];
const MOST_COUNTED = 1_000; // as COUNT_TO in executions/rest/search.py
const FRESH = 1_000; // ms: the list is read again at most this often
const TICK = 1_000;

class ExecutionsPage {
  constructor(root, machines, may) {
    this.root = root;
    this.machines = machines;
    this.may = may;
    this.marked = new Map(); // id → row
    this.saved = new SavedFilters({ may, changed: () => this.draw(), choose: (query) => this.filter({ ...EMPTY, ...readQuery(query) }) });
    this.query = readQuery(location.search);
    this.cursors = [""]; // of the pages up to the one shown
    this.rows = null;
    this.next = null;
    this.counts = {};
    this.fresh = new Set(); // ids that came since the page was opened
    this.error = "";
    this.connection = { kind: "connecting" };
    this.reload = debounce(() => this.read({ quiet: true }), FRESH);
    this.typed = debounce((text) => this.filter({ q: text }), 250);
    this.read();
    this.socket = openSocket({
      address: () => "/ws/executions/", onMessage: (message) => this.hear(message),
      onState: (state) => this.connected(state), beforeRetry: () => this.read({ quiet: true }),
    });
    addEventListener("popstate", () => this.filter(readQuery(location.search), { keep: true }));
    setInterval(() => document.visibilityState === "visible" && this.rows && this.draw(), TICK);
  }

  // ── reading ──

  async read({ quiet = false } = {}) {
    this.reading?.abort();
    const reading = (this.reading = new AbortController());
    this.busy = !quiet;
    this.draw();
    try {
      const cursor = this.cursors[this.cursors.length - 1];
      const answer = await get(`executions/?${toQuery(this.query, { cursor, now: Date.now() })}`, { signal: reading.signal });
      this.take(answer, quiet);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.error = error.message;
    }
    this.busy = false;
    this.draw();
  }

  take({ executions, next, counts }, quiet) {
    const known = new Set(this.rows?.map((row) => row.id));
    if (quiet && this.rows) executions.filter((row) => !known.has(row.id)).forEach((row) => this.fresh.add(row.id));
    Object.assign(this, { rows: executions, next, counts: counts === undefined ? this.counts : counts ?? {}, error: "" });
  }

  hear(message) {
    if (message.type !== "changed" || !this.rows) return;
    const shown = changesShown(this.rows, message, { firstPage: this.cursors.length === 1, query: this.query });
    for (const { row, status } of shown.changed) row.status = status;
    if (shown.changed.length || shown.others) this.reload();
    if (shown.changed.length) this.draw();
  }

  connected(state) {
    const again = state.kind === "open" && this.connection.kind !== "open" && this.rows;
    this.connection = state;
    if (again) this.reload();
    render(connectionSign(state, { running: true, retry: () => this.socket.retry() }), find("#connection"));
  }

  // ── marks, and what is done with them ──

  mark(row, on) {
    if (on) this.marked.set(row.id, row);
    else this.marked.delete(row.id);
    this.draw();
  }

  markAll(on) {
    for (const row of this.rows) this.mark(row, on);
  }

  async bulk(kind, whole) {
    const wanted = whole ? { query: membersOf(this.query, Date.now()) } : { ids: [...this.marked.keys()] };
    const done = await openBulkDialog({ kind, ...wanted });
    if (!done) return;
    this.marked.clear();
    this.read({ quiet: true });
  }

  // ── filters and pages ──

  filter(changes, { keep = false } = {}) {
    this.query = { ...this.query, ...changes };
    this.cursors = [""];
    this.fresh.clear();
    this.marked.clear();
    if (!keep) history.replaceState(null, "", location.pathname + (toQuery(this.query, {}) && `?${toQuery(this.query, {})}`));
    this.read().then(() => announce(this.rows?.length ? plural("%(count)s execution", "%(count)s executions", this.rows.length) : _("No executions.")));
  }

  toggle(status) {
    const chosen = new Set(this.query.status);
    if (!chosen.delete(status)) chosen.add(status);
    this.filter({ status: STATUSES.filter((each) => chosen.has(each)) });
  }

  turn(forward) {
    if (forward) this.cursors.push(this.next);
    else this.cursors.pop();
    this.read().then(() => scrollTo({ top: 0 }));
  }

  // ── drawing ──

  draw() {
    render(html`<div class="executions">
      ${this.bar()}
      ${this.error ? html`<div class="note note--bad" role="alert">${icon("circle-alert")}<span class="grow">${this.error}</span>
        <button class="button button--small" type="button" @click=${() => this.read()}>${_("Try again")}</button></div>` : nothing}
      ${this.rows === null ? this.skeleton() : this.rows.length ? this.table() : this.empty()}
      ${this.may.operate ? bulkBar([...this.marked.values()], {
        more: Boolean(this.next) || this.cursors.length > 1, filtered: this.filtered,
        act: (kind, whole) => this.bulk(kind, whole), clear: () => { this.marked.clear(); this.draw(); },
      }) : nothing}
    </div>`, this.root);
  }

  bar() {
    const { query } = this;
    return html`${this.saved.tabs(toQuery(query, {}))}
      <div class="executions__bar">
        <label class="input-box">${icon("search")}<span class="visually-hidden">${_("Search")}</span>
          <input type="search" placeholder=${_("Name, error, input, output or id")} .value=${query.q}
            @input=${({ target }) => this.typed(target.value.trim())}></label>
        <label><span class="visually-hidden">${_("State machine")}</span>
          <select class="select" @change=${({ target }) => this.filter({ machine: target.value })}>
            <option value="">${_("All state machines")}</option>
            ${this.machines.map((name) => html`<option value=${name} ?selected=${name === query.machine}>${name}</option>`)}</select></label>
        <label><span class="visually-hidden">${_("Started")}</span>
          <select class="select" @change=${({ target }) => this.filter({ within: target.value })}>
            ${PERIODS.map(([value, word]) => html`<option value=${value} ?selected=${value === query.within}>${word}</option>`)}</select></label>
        ${filterChips(query, (changes) => this.filter(changes))}
        <button class="button" type="button" @click=${() => openFilters(query, this.machines)
          .then((changes) => changes
          && this.filter(changes))}>${icon("sliders-horizontal")}${_("More filters…")}</button>
        ${this.filtered ? html`<button class="button button--quiet" type="button"
          @click=${() => this.clear()}>${icon("x")}${_("Clear filters")}</button>` : nothing}
      </div>
      <div class="executions__bar chips" role="group" aria-label=${_("Status")}>${STATUSES.map((status) => this.chip(status))}</div>`;
  }

  chip(status) {
    const count = this.counts?.[status];
    const text = count > MOST_COUNTED ? `${number(MOST_COUNTED)}+` : count === undefined ? "" : number(count);
    const name = status === "WAITING" ? "waiting" : status.toLowerCase().replace("_", "");
    return html`<button class="button" type="button" aria-pressed=${this.query.status.includes(status)} @click=${() => this.toggle(status)}>
      ${glyph(name)}${statusWord(status)}<span class="count">${text}</span></button>`;
  }

  get filtered() {
    return isFiltered(this.query);
  }

  clear() {
    this.filter(EMPTY);
  }

  table() {
    const now = Date.now();
    return html`<div class="card card--clip table-box ${this.busy ? "executions__stale" : ""}" aria-busy=${this.busy}>
      <table class="table table--stack"><thead><tr><th>${this.may.operate
        ? html`<input type="checkbox" class="check executions__mark" aria-label=${_("Mark all on this page")}
          .checked=${this.rows.every((row) => this.marked.has(row.id))}
            @change=${({ target }) => this.markAll(target.checked)}>`
            : nothing}${_("Status")}</th><th>${_("Name")}</th><th>${_("State machine")}</th><th>${_("Error")}</th>
        <th>${_("Started by")}</th><th>${_("Started")}</th><th class="number">${_("Duration")}</th></tr></thead>
      <tbody>${repeat(this.rows, (row) => row.id, (row) => this.row(row, now))}</tbody></table></div>
      ${this.pager()}`;
  }

  row(row, now) {
    const from = Date.parse(row.started_at);
    const took = row.stopped_at ? row.duration_ms : now - from;
    return html`<tr class=${this.fresh.has(row.id) ? "is-new" : ""} aria-selected=${this.marked.has(row.id) ? "true" : nothing}>
      <td>${this.may.operate ? html`<input type="checkbox" class="check executions__mark" aria-label=${fill(_("Mark %(name)s"), row)}
        .checked=${this.marked.has(row.id)} @change=${({ target }) => this.mark(row, target.checked)}>`
          : nothing}${statusChip(executionStatus(row), "chip--bare")}</td>
      <td><span class="executions__name"><a class="cover truncate" href="/executions/${row.id}/" title=${row.name}>${row.name}</a>
        ${row.redrive_count ? html`<span class="tag" title=${_("Redriven")}>${icon("rotate-ccw")}${row.redrive_count}</span>` : nothing}</span></td>
      <td><div class="soft truncate executions__machine">${row.machine.name} <span
        class="muted small">${fill(_("r%(number)s"), { number: row.revision })}</span></div></td>
      <td>${row.error ? html`<div class="mono small truncate executions__error ${row.status === "TIMED_OUT"
        ? "executions__error--timedout" : ""}" title=${row.error}>${row.error}</div>` : nothing}</td>
      <td class="soft">${row.started_by ?? nothing}</td>
      <td class="soft"><time datetime=${row.started_at} title=${exact(from)}>${ago(from, now)}</time></td>
      <td class="number soft">${span(took)}</td></tr>`;
  }

  pager() {
    const page = this.cursors.length;
    if (page === 1 && !this.next) return nothing;
    return html`<nav class="pager" aria-label=${_("Pages")}><span>${fill(_("Page %(page)s"), { page })}</span>
      <button class="button button--small" type="button" ?disabled=${page === 1} @click=${() => this.turn(false)}>${icon("chevron-left")}${_("Newer")}</button>
      <button class="button button--small" type="button" ?disabled=${!this.next}
        @click=${() => this.turn(true)}>${_("Older")}${icon("chevron-right")}</button></nav>`;
  }

  empty() {
    if (this.filtered) {
      return html`<div class="card empty">${icon("search")}<p>${_("No execution fits these filters.")}</p>
        <button class="button" type="button" @click=${() => this.clear()}>${_("Clear filters")}</button></div>`;
    }
    return html`<div class="card empty">${icon("activity")}<h2>${_("Nothing has run yet")}</h2>
      <p>${_("Start an execution from a state machine; it shows up here at once.")}</p>
      <a class="button button--primary" href="/machines/">${icon("workflow")}${_("State machines")}</a></div>`;
  }

  skeleton() {
    return html`<div class="card pad column" aria-busy="true">${[70, 85, 60, 75,
      65].map((width) => html`<span class="skeleton" style="width: ${width}%"></span>`)}</div>`;
  }
}

new ExecutionsPage(document.getElementById("executions"), pageData("machines"), pageData("may"));
