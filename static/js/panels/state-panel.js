// The side panel of a state: which visit, its data, tries, logs, definition, and the task that waits.

import { html, nothing } from "lit";
import { _, fill } from "../lib/i18n.js";
import { glyph, icon } from "../lib/icon.js";
import { clock, exact, span } from "../lib/moments.js";
import { tabKeys } from "../lib/tabs.js";
import { copyButton, dataBox, failureNote, pretty } from "./data-box.js";
import { placeWords, stateWord, statusChip } from "./run-words.js";
import { statusName } from "../canvas/statuses.js";
import { dataStages } from "./data-stages.js";
import { jsonView } from "./json-view.js";

export const PANEL_TABS = ["data", "tries", "logs", "definition"];

/**
 * `view`: {name, row (model/places.js), state (StateProgress or undefined), visit (Visit or null), detail (the REST
 * answer of the visit or null), error, tab, now, execution (its id)}; `on`: {tab, visit, close, events,
 * complete, fail, redraw}.
 */
export function statePanel(view, on) {
  const { name, row, visit } = view;
  return html`
    <header class="panel__head">
      <div class="row row--top"><div class="grow">
        <h2 class="break">${name}</h2>
        <p class="small muted">${[row?.type ?? visit?.type, ...placeWords(visit, row)].filter(Boolean).join(" · ")}</p></div>
        ${chip(view)}
        <button class="button button--quiet button--icon button--small" type="button" aria-label=${_("Close")} title=${_("Close (Esc)")}
          @click=${on.close}>${icon("x")}</button></div>
      ${visitPicker(view, on)}
      ${tabs(view, on)}
    </header>
    <div class="panel__body" role="tabpanel" aria-label=${name}>${body(view, on)}</div>`;
}

function chip({ visit }) {
  if (!visit) return statusChip("notreached");
  const word = stateWord(visit.status, visit.waitsFor);
  if (visit.open && visit.tries.length > 1) {
    return statusChip(visit.status, "", fill(_("%(word)s, try %(number)s"), { word, number: visit.tries.length }));
  }
  return statusChip(visit.status, "", word);
}

// ── which visit ──

function visitPicker({ state, visit }, on) {
  if (!state || state.visits.length < 2) return nothing;
  const { visits } = state;
  const at = visits.indexOf(visit);
  const go = (index) => on.visit(visits[Math.max(0, Math.min(visits.length - 1, index))].id);
  const troubled = nextTroubled(visits, at);
  return html`<div class="row visits" role="group" aria-label=${_("Visits")}>
    <button class="button button--icon button--small" type="button" ?disabled=${at <= 0} aria-label=${_("Earlier visit")} title=${_("Earlier visit")}
      @click=${() => go(at - 1)}>${icon("chevron-left")}</button>
    <label class="row small nowrap"><span class="muted">${_("Visit")}</span>
      <input class="input input--small input--number visits__number" type="number" min="1" max=${visits.length} .value=${String(at + 1)}
        @change=${({ target }) => go(Number(target.value) - 1)}><span class="muted">${fill(_("of %(count)s"), { count: visits.length })}</span></label>
    <button class="button button--icon button--small" type="button" ?disabled=${at >= visits.length - 1}
      aria-label=${_("Later visit")} title=${_("Later visit")}
      @click=${() => go(at + 1)}>${icon("chevron-right")}</button>
    ${troubled === null ? nothing : html`<button class="button button--quiet button--small push" type="button" @click=${() => go(troubled)}>
      ${glyph("failed")}${_("Next failed")}</button>`}</div>`;
}

/** The index of the next visit that went wrong, beginning anew at the end; null when there is no other. */
function nextTroubled(visits, at) {
  for (let step = 1; step < visits.length; step += 1) {
    const index = (at + step) % visits.length;
    if (["failed", "timedout", "caught"].includes(visits[index].status)) return index;
  }
  return null;
}

// ── tabs ──

function tabs({ tab, visit, detail }, on) {
  const logs = detail?.tries.reduce((sum, one) => sum + one.logs.length, 0) ?? 0;
  const tries = visit?.tries.length ?? 0;
  const known = {
    data: [_("Data"), 0], tries: [_("Tries"), tries > 1 ? tries : 0], logs: [_("Logs"), logs], definition: [_("Definition"), 0],
  };
  const shown = PANEL_TABS.filter((name) => name === "data" || name === "definition" || (name === "tries" ? tries : logs));
  return html`<div class="tabs" role="tablist" aria-label=${_("Selection")} @keydown=${tabKeys}>${shown.map((name) => html`<button type="button" role="tab"
    aria-selected=${name === tab} tabindex=${name === tab ? 0 : -1}
      @click=${() => on.tab(name)}>${known[name][0]}${known[name][1]
      ? html`<span class="count">${known[name][1]}</span>` : nothing}</button>`)}</div>`;
}

function body(view, on) {
  if (view.tab === "definition") return definition(view);
  if (!view.visit) return html`<div class="empty"><p>${_("This state was not reached.")}</p></div>`;
  if (view.error) return html`<div class="note note--bad">${icon("circle-alert")}<span>${view.error}</span></div>`;
  if (!view.detail) return skeleton();
  if (view.tab === "tries") return tries(view);
  if (view.tab === "logs") return logs(view);
  return data(view, on);
}

function skeleton() {
  return html`<div class="column skeletons" aria-busy="true">${[60, 90, 75,
    40].map((width) => html`<span class="skeleton" style="width: ${width}%"></span>`)}</div>`;
}

// ── data ──

function data({ visit, detail, now, execution }, on) {
  const last = detail.tries[detail.tries.length - 1];
  const key = `${detail.id}`;
  return html`
    ${last?.task && ["OPEN", "STARTED"].includes(last.task.status) ? openTask(last, on) : nothing}
    ${last?.child ? childLink(last.child) : nothing}
    ${detail.status === "SUCCEEDED" ? nothing : failureNote(detail.error, detail.cause, visit.status)}
    ${times(visit, now)}
    ${dataBox(`${key} input`, _("Input"), detail.input)}
    ${last?.parameters ? dataBox(`${key} parameters`, _("Parameters"), last.parameters, { tag: resourceTag(last) }) : nothing}
    ${last?.output && last.output !== detail.output ? dataBox(`${key} result`, _("Result"), last.output) : nothing}
    ${dataBox(`${key} output`, _("Output"), detail.output, { empty: visit.open ? _("not yet") : _("none") })}
    ${detail.assigned ? dataBox(`${key} assigned`, _("Variables assigned"), assignedText(detail.assigned)) : nothing}
    ${dataStages(execution, visit, on.redraw)}
    <button class="link small" type="button" @click=${() => on.events(visit)}>${_("Show its events")}</button>`;
}

function assignedText(assigned) {
  return JSON.stringify(Object.fromEntries(Object.entries(assigned).map(([name, text]) => {
    try {
      return [name, JSON.parse(text)];
    } catch {
      return [name, text];
    }
  })));
}

function resourceTag({ resource }) {
  return resource ? html`<span class="tag tag--accent truncate" title=${resource}>${shortResource(resource)}</span>` : nothing;
}

const shortResource = (resource) => (resource.startsWith("arn:") ? resource.split(":").pop() : resource);

function times(visit, now) {
  return html`<dl class="facts">
    <dt>${_("Entered")}</dt><dd><time title=${exact(visit.entered)}>${clock(visit.entered)}</time></dd>
    <dt>${visit.open ? _("So far") : _("Took")}</dt><dd>${span(visit.duration(now))}</dd></dl>`;
}

/** A task that somebody outside must answer: the approval's page, or the two answers here. */
function openTask({ task }, on) {
  if (task.approval) {
    return html`<div class="note note--waiting">${icon("stamp")}<div class="grow">
      <div class="medium break">${task.approval.title}</div><div class="small">${_("Waiting for a decision.")}</div></div>
      <a class="button button--small" href=${task.approval.url}>${_("Open the request")}</a></div>`;
  }
  const text = task.kind === "activity"
    ? (task.worker ? fill(_("Worker %(worker)s has this task."), task) : _("No worker has taken this task yet."))
    : _("Waiting for SendTaskSuccess or SendTaskFailure.");
  return html`<div class="note note--waiting task">${icon("hourglass")}<div class="grow">${text}
    ${task.may_answer ? html`<div class="row task__actions">
      <button class="button button--small" type="button" @click=${() => on.complete(task)}>${icon("check")}${_("Complete…")}</button>
      <button class="button button--small button--danger" type="button"
        @click=${() => on.fail(task)}>${icon("x")}${_("Fail…")}</button></div>` : nothing}</div></div>`;
}

function childLink(child) {
  return html`<div class="note">${icon("workflow")}<div class="grow"><div class="small muted">${_("Child execution")}</div>
    <a class="break" href="/executions/${child.id}/">${child.name}</a> <span
      class="small muted">${child.machine}</span></div>${statusChip(child.status)}</div>`;
}

// ── tries ──

function tries({ visit, detail, now }) {
  return html`<ol class="tries">${detail.tries.map((one, index) => tryItem(one, visit.tries[index], detail.tries[index + 1], now))}</ol>`;
}

function tryItem(one, known, next, now) {
  const status = statusName(known?.status ?? one.status);
  const from = Date.parse(one.scheduled_at);
  const to = one.ended_at ? Date.parse(one.ended_at) : null;
  return html`<li class="try">
    <header class="row">${glyph(status)}<b class="medium">${fill(_("Try %(number)s"), one)}</b>
      <span class="small muted">${clock(from)}</span><span class="push small soft">${span((to ?? now) - from)}</span></header>
    ${one.error || one.cause ? failureNote(one.error, one.cause, status) : nothing}
    ${one.worker ? html`<p class="small muted">${fill(_("worker %(worker)s"), one)}</p>` : nothing}
    ${next && to ? html`<p class="small muted try__pause">${fill(_("Then waited %(span)s"), { span: span(Date.parse(next.scheduled_at) - to) })}</p>` : nothing}
  </li>`;
}

// ── logs ──

function logs({ detail }) {
  const calls = detail.tries.flatMap((one) => one.logs.map((call) => ({ ...call, number: one.number })));
  return calls.map((call) => html`<section class="data">
    <header><b class="medium">${call.function}</b><span class="small muted">${fill(_("try %(number)s"), call)}</span>
      ${call.cold ? html`<span class="tag">${_("cold start")}</span>` : nothing}
      <span class="push muted small">${span(call.duration_ms)}</span>${copyButton(() => call.log, _("Log"))}</header>
    <pre class="box log data__box" tabindex="0">${call.log || _("(nothing was logged)")}</pre>
    ${call.error ? html`<p class="error">${icon("circle-x")}${call.error}</p>` : nothing}</section>`);
}

// ── definition ──

const definitions = new WeakMap();

function definition({ row }) {
  if (!row) return html`<div class="empty"><p>${_("The definition does not name this state.")}</p></div>`;
  const text = JSON.stringify(row.state);
  if (!definitions.has(row)) definitions.set(row, jsonView(text, _("Definition")));
  return html`<div class="data"><header><b class="medium">${_("Definition")}</b><span
    class="push"></span>${copyButton(() => pretty(text), _("Definition"))}</header>
    <div class="box data__box data__box--tall" tabindex="0">${definitions.get(row)}</div></div>`;
}
