// The history as a list: filters above, rows of which only those in sight exist, chosen by mouse and keys.

import { html, nothing, render } from "lit";
import { debounce } from "../lib/dom.js";
import { _, fill, plural } from "../lib/i18n.js";
import { glyph, icon } from "../lib/icon.js";
import { clockMs, number, span } from "../lib/moments.js";
import { factsOf, filterEvents } from "../model/event-facts.js";
import { eventDetail } from "./run-words.js";
import { virtualRows } from "./virtual-rows.js";

const ROW = 34; // px, as in execution.css

const PAUSE = 300; // ms after typing before the server is asked
const NONE = { text: null, type: null, of: null, trouble: null };

/**
 * Fills `element`; `choose(event id)` is called when a row is chosen, `filter({text, type, of, trouble})` when the filters
 * change, `find(text)` asks which events have a text anywhere in their data: what is here of them may be cut.
 * Returns {update(progress, chosen id, filters), reveal(id)}.
 */
export function eventsList(element, { choose, filter: set, find }) {
  let filter = NONE;
  let found = { text: "", ids: new Set() };
  let progress = null;
  let chosen = null;
  let newestFirst = false;
  let shown = [];

  element.append(...parts());
  const [bar, head, body, none] = element.children;
  const list = virtualRows(body, { height: ROW, row });
  body.addEventListener("keydown", onKey);

  function row(position) {
    const event = at(position);
    const facts = factsOf(event, progress);
    return html`<div class="event-row" role="row" aria-rowindex=${position + 2} aria-selected=${event.id === chosen}
        @click=${() => choose(event.id)}>
      <span role="cell" class="number muted">${facts.id}</span>
      <span role="cell">${facts.status ? glyph(facts.status) : nothing}</span>
      <span role="cell" class="mono truncate" title=${facts.type}>${facts.type}</span>
      <span role="cell" class="truncate" title=${facts.state}>${facts.state}</span>
      <span role="cell" class="truncate soft" title=${eventDetail(facts)}>${eventDetail(facts)}</span>
      <span role="cell" class="number muted">${facts.after === null ? nothing : span(facts.after)}</span>
      <span role="cell" class="number soft">${clockMs(facts.time)}</span></div>`;
  }

  const at = (position) => shown[newestFirst ? shown.length - 1 - position : position];
  const positionOf = (id) => {
    const index = shown.findIndex((event) => event.id === id);
    return newestFirst ? shown.length - 1 - index : index;
  };

  function refresh() {
    shown = filterEvents(progress, {
      text: filter.text ?? "", type: filter.type ?? "", state: filter.of ?? "", trouble: Boolean(filter.trouble),
      found: found.text === filter.text ? found.ids : null,
    });
    none.hidden = shown.length > 0 || progress.last === 0;
    head.hidden = body.hidden = !none.hidden;
    render(barTemplate(), bar);
    body.setAttribute("aria-rowcount", shown.length + 1);
    list.update(shown.length);
  }

  const ask = debounce(async (text) => {
    const ids = await find(text).catch(() => new Set());
    if (text !== filter.text) return;
    found = { text, ids };
    refresh();
  }, PAUSE);

  function onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: list.page, PageUp: -list.page, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || !shown.length) return;
    event.preventDefault();
    const from = positionOf(chosen);
    const to = Math.max(0, Math.min(shown.length - 1, from < 0 ? 0 : from + step));
    choose(at(to).id);
    list.reveal(to);
  }

  function barTemplate() {
    const types = [...new Set(progress.events.map((event) => event.type))].sort();
    return html`<label class="input-box events__search">${icon("search")}<span class="visually-hidden">${_("Search events")}</span>
        <input type="search" placeholder=${_("Type, state or text in the data")} .value=${filter.text ?? ""}
          @input=${({ target }) => set({ text: target.value.trim() || null })}></label>
      <button class="button" type="button" aria-pressed=${Boolean(filter.trouble)} @click=${() => set({ trouble: filter.trouble ? null : true })}>
        ${icon("filter")}${_("Errors and retries")}</button>
      <label><span class="visually-hidden">${_("Event type")}</span>
        <select class="select" .value=${filter.type ?? ""} @change=${({ target }) => set({ type: target.value || null })}>
          <option value="">${_("All types")}</option>
          ${types.map((type) => html`<option value=${type} ?selected=${type === filter.type}>${type}</option>`)}</select></label>
      <label><span class="visually-hidden">${_("State")}</span>
        <select class="select" .value=${filter.of ?? ""} @change=${({ target }) => set({ of: target.value || null })}>
          <option value="">${_("All states")}</option>
          ${[...progress.states.keys()].map((name) => html`<option value=${name} ?selected=${name === filter.of}>${name}</option>`)}
        </select></label>
      <span class="push small muted nowrap">${countWord()}</span>
      <button class="button button--quiet" type="button" @click=${turn}>
        ${icon("arrow-up-down")}${newestFirst ? _("Newest first") : _("Oldest first")}</button>`;
  }

  function countWord() {
    if (shown.length === progress.last) return plural("%(count)s event", "%(count)s events", progress.last);
    return fill(_("%(shown)s of %(all)s events"), { shown: number(shown.length), all: number(progress.last) });
  }

  function turn() {
    newestFirst = !newestFirst;
    body.scrollTop = 0;
    refresh();
  }

  return {
    update(newProgress, id, { text, type, of, trouble }) {
      if (text && text !== filter.text) ask(text);
      filter = { text, type, of, trouble };
      progress = newProgress;
      chosen = id;
      refresh();
    },
    /** Bring an event into sight; filters that hide it are taken off. */
    reveal(id) {
      if (!shown.some((event) => event.id === id)) set(NONE);
      list.reveal(positionOf(id));
    },
  };
}

function parts() {
  const bar = document.createElement("div");
  bar.className = "events__bar";
  const head = document.createElement("div");
  head.className = "event-row event-row--head";
  render(html`<span class="number">${_("ID")}</span><span></span><span>${_("Event")}</span><span>${_("State")}</span>
    <span>${_("Detail")}</span><span class="number">${_("After")}</span><span class="number">${_("Time")}</span>`, head);
  const body = document.createElement("div");
  body.className = "events__rows virtual";
  body.tabIndex = 0;
  body.setAttribute("role", "table");
  body.setAttribute("aria-label", _("Events"));
  const none = document.createElement("div");
  none.className = "empty";
  none.hidden = true;
  render(html`<p>${_("No event fits these filters.")}</p>`, none);
  return [bar, head, body, none];
}
