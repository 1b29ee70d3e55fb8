// The head of the execution page: how it stands, since when, whose it is, and what can be done.

import { html, nothing } from "lit";
import { statusWord } from "../canvas/statuses.js";
import { _, fill } from "../lib/i18n.js";
import { glyph, icon } from "../lib/icon.js";
import { dayClock, exact, number, span } from "../lib/moments.js";
import { tabKeys } from "../lib/tabs.js";
import { executionStatus, statusChip } from "./run-words.js";

const LEGEND = ["succeeded", "running", "waiting", "caught", "failed", "notreached"];

/** `run` is the REST answer; `on`: {stop, redrive, again, edit, exportJson, details, compareAddress}. */
export function runHead(run, { now, on }) {
  const from = Date.parse(run.started_at);
  const to = run.stopped_at ? Date.parse(run.stopped_at) : now;
  const status = executionStatus(run);
  return html`<div class="run__head">
    ${statusChip(status, "chip--large")}
    <dl class="run__facts">
      ${fact(run.stopped_at ? _("Took") : _("Elapsed"), span(to - from))}
      ${fact(_("Started"), html`<time datetime=${run.started_at} title=${exact(from)}>${dayClock(from, now)}</time>`)}
      ${fact(_("Revision"), revision(run))}
      ${run.started_by ? fact(_("Started by"), run.started_by) : nothing}
      ${run.parent ? fact(_("Parent"), html`<a href="/executions/${run.parent.id}/" title=${run.parent.machine}>${run.parent.name}</a>`) : nothing}
      ${run.redrive_count ? fact(_("Redriven"), fill("×%(count)s", { count: run.redrive_count })) : nothing}
    </dl>
    <div class="run__actions">
      <button class="button ${run.error ? "button--danger" : "button--quiet"} narrow-only" type="button"
        title=${_("Input, output and error")} @click=${on.details}>${icon(run.error ? "circle-alert"
        : "info")}${_("Details")}</button>
      <button class="button button--quiet button--icon wide-only" type="button" title=${_("Export as JSON")}
        aria-label=${_("Export as JSON")} @click=${on.exportJson}>${icon("download")}</button>
      <a class="button button--quiet wide-only" href=${on.compareAddress}>${icon("git-compare")}${_("Compare…")}</a>
      ${run.may.start ? html`<div class="button-group"><button class="button" type="button" @click=${on.again}>${icon("repeat")}${_("Run again")}</button>
        <button class="button button--icon" type="button" title=${_("Run again with another input…")}
          aria-label=${_("Run again with another input…")}
          @click=${on.edit}>${icon("pencil")}</button></div>` : nothing}
      ${run.may.redrive ? html`<button class="button" type="button" @click=${on.redrive}>${icon("rotate-ccw")}${_("Redrive…")}</button>` : nothing}
      ${run.may.stop && run.status === "RUNNING" ? html`<button class="button button--danger" type="button"
        @click=${on.stop}>${icon("circle-stop")}${_("Stop…")}</button>` : nothing}
    </div></div>`;
}

const fact = (name, value) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

function revision(run) {
  const text = fill(_("r%(number)s"), { number: run.revision });
  if (!run.current_revision || run.current_revision === run.revision) return text;
  return html`<span title=${fill(_("The machine is at revision %(number)s now."),
    { number: run.current_revision })}>${text} <span class="tag">${_("older")}</span></span>`;
}

/** The views, with the number of events, and what the colours mean. */
export function runTabs(view, { events, choose }) {
  const tabs = [["graph", "workflow", _("Graph")], ["table", "table-2", _("Table")],
    ["timeline", "chart-gantt", _("Timeline")], ["events", "list", _("Events")]];
  return html`<div class="run__tabs"><div class="tabs tabs--bare" role="tablist" aria-label=${_("View")} @keydown=${tabKeys}>
    ${tabs.map(([name, symbol, word], index) => html`<button type="button" role="tab" id="tab-${name}"
      aria-controls="view-${name}" aria-selected=${name === view}
      title="${word} (${index + 1})" tabindex=${name === view ? 0 : -1} @click=${() => choose(name)}>
      ${icon(symbol, "icon--small")}${word}${name === "events" && events ? html`<span class="count">${number(events)}</span>` : nothing}</button>`)}</div>
    <div class="legend" aria-hidden="true">${LEGEND.map((status) => html`<span>${glyph(status)}${statusWord(status)}</span>`)}</div></div>`;
}

/** How the connection stands: live, finished, still reading (`missing` events), or when it is tried again. */
export function connectionSign(state, { running, missing = 0, retry }) {
  if (state.kind === "waiting") {
    return html`<span class="connection connection--lost" role="status">${icon("triangle-alert", "icon--small")}
      <span>${fill(_("Connection lost. Trying again in %(seconds)s s"), state)}</span><button class="link" type="button"
        @click=${retry}>${_("Try now")}</button></span>`;
  }
  if (missing > 0) return html`<span class="connection muted">${fill(_("Reading the history, %(count)s events to come"), { count: number(missing) })}</span>`;
  if (!running) return nothing;
  if (state.kind === "open") return html`<span class="connection connection--live">${icon("radio-tower", "icon--small")}${_("Live")}</span>`;
  return html`<span class="connection muted">${_("Connecting …")}</span>`;
}
