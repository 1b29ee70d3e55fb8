// The side panel when no state is selected: the execution as a whole; and the panel of one event.

import { html, nothing } from "lit";
import { _, fill, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { clockMs, exact } from "../lib/moments.js";
import { time } from "../model/visits.js";
import { copyButton, dataBox, failureNote, pretty } from "./data-box.js";
import { jsonView } from "./json-view.js";
import { statusChip } from "./run-words.js";
import { statusName } from "../canvas/statuses.js";

/** `run` is the REST answer of the execution; `failedAt` the names of states to look at; `select(name)`. */
export function runPanel(run, { failedAt, waitingAt, select, close }) {
  const running = run.status === "RUNNING";
  return html`<header class="panel__head panel__head--plain"><div class="row"><h2 class="grow">${_("Execution")}</h2>
      <button class="button button--quiet button--icon button--small narrow-only" type="button" aria-label=${_("Close")}
        title=${_("Close (Esc)")} @click=${close}>${icon("x")}</button></div></header>
    <div class="panel__body">
      ${failureNote(run.error, run.cause, statusName(run.status))}
      ${failedAt.length ? stateLinks(_("Failed at"), "failed", failedAt, select) : nothing}
      ${waitingAt.length ? stateLinks(_("Waiting at"), "waiting", waitingAt, select) : nothing}
      ${dataBox("run input", _("Input"), run.input)}
      ${dataBox("run output", _("Output"), run.output, { empty: running ? _("not yet") : _("none") })}
      ${run.children.length ? children(run.children) : nothing}
      <dl class="facts">
        <dt>ARN</dt><dd class="mono break">${run.arn} ${copyButton(() => run.arn, "ARN")}</dd>
        ${run.version_arn ? html`<dt>${_("Version")}</dt><dd class="mono break">${run.version_arn}</dd>` : nothing}
        ${run.alias_arn ? html`<dt>${_("Alias")}</dt><dd class="mono break">${run.alias_arn}</dd>` : nothing}
        ${run.role_arn ? html`<dt>${_("Role")}</dt><dd class="mono break">${run.role_arn}</dd>` : nothing}
      </dl>
    </div>`;
}

function stateLinks(title, status, names, select) {
  return html`<div class="row row--wrap"><span class="small muted">${title}</span>${names.map((name) => html`<button type="button"
    class="button button--small" @click=${() => select(name)}>${name}</button>`)}</div>`;
}

function children(list) {
  return html`<section class="column"><h3>${plural("%(count)s child execution", "%(count)s child executions", list.length)}</h3>
    <ul class="children">${list.map((child) => html`<li class="row"><a class="truncate grow" href="/executions/${child.id}/">${child.name}</a>
      <span class="small muted truncate">${child.machine}</span>${statusChip(child.status)}</li>`)}</ul></section>`;
}

const eventViews = new WeakMap();

/** One event; `whole` is the event in full once it has been read, `state` the name of its state or "". */
export function eventPanel(event, { whole, state, previous, close, showState, choose }) {
  const shown = whole ?? event;
  if (!eventViews.has(shown)) eventViews.set(shown, jsonView(JSON.stringify(readable(shown)), event.type));
  return html`<header class="panel__head panel__head--plain">
      <div class="row row--top"><div class="grow"><h2 class="mono break">${event.type}</h2>
        <p class="small muted">${fill(_("Event %(id)s"), event)} · <time
          title=${exact(time(event))}>${clockMs(time(event))}</time>${state ? ` · ${state}` : ""}</p></div>
        <button class="button button--quiet button--icon button--small" type="button" aria-label=${_("Close")} title=${_("Close (Esc)")}
          @click=${close}>${icon("x")}</button></div></header>
    <div class="panel__body">
      <div class="row row--wrap">
        ${state ? html`<button class="button button--small" type="button"
          @click=${() => showState(state)}>${icon("workflow")}${_("Show the state")}</button>` : nothing}
        ${previous ? html`<button class="button button--small" type="button"
          @click=${() => choose(previous)}>${icon("corner-down-right")}${fill(_("Follows %(id)s"),
          { id: previous })}</button>` : nothing}
        <span class="push">${copyButton(() => pretty(JSON.stringify(shown)), _("Event"))}</span></div>
      ${event.previews && !whole ? html`<p class="small muted" aria-busy="true">${_("Loading the whole data …")}</p>` : nothing}
      <div class="box data__box data__box--tall" tabindex="0" role="group" aria-label=${event.type}>${eventViews.get(shown)}</div>
    </div>`;
}

/** For reading: the time as ISO text, JSON texts as JSON, without what belongs to the transport. */
function readable({ previews: _previews, ...event }) {
  const shown = { ...event, timestamp: new Date(time(event)).toISOString() };
  for (const [key, value] of Object.entries(event)) {
    if (key.endsWith("EventDetails")) shown[key] = Object.fromEntries(Object.entries(value).map(unfolded));
  }
  return shown;
}

function unfolded([name, value]) {
  if (!["input", "output", "parameters"].includes(name)) return [name, value];
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}
