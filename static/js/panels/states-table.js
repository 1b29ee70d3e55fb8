// The states of a run as a tree with bars on one time axis.

import { html, nothing, render } from "lit";
import { repeat } from "lit";
import { _ } from "../lib/i18n.js";
import { glyph } from "../lib/icon.js";
import { clock, span } from "../lib/moments.js";
import { barsOf, ticksOf } from "../model/bars.js";
import { stateNote, stateWord } from "./run-words.js";

/** Fills `element`; `rows` as in model/places.js; `choose(name)` is called when a row is chosen. */
export function statesTable(element, rows, { choose }) {
  element.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-state]");
    if (!row) return;
    const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (next?.dataset.state) {
      event.preventDefault();
      next.focus();
      choose(next.dataset.state);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(row.dataset.state);
    }
  });

  return {
    /** `axis` is {from, to} in ms; `chosen` the name of the selected state. */
    update(progress, { axis, now, chosen }) {
      render(html`
        <div class="states__head states__row">
          <span>${_("State")}</span><span>${_("Status")}</span><span class="number">${_("Duration")}</span>
          <span class="states__axis">${ticksOf(axis).map((tick) => mark(tick, html`${tick.ms ? `+${span(tick.ms)}` : clock(axis.from)}`))}</span>
        </div>
        <div class="states__rows" role="treegrid" aria-label=${_("States")}>
        ${repeat(rows, (row) => row.name, (row, index) => line(row, index, progress, { axis, now, chosen }))}
        </div>`, element);
    },
  };

  function line(row, index, progress, { axis, now, chosen }) {
    const state = progress.states.get(row.name);
    const status = state?.status ?? "notreached";
    const first = chosen ? row.name === chosen : index === 0;
    return html`<div class="states__row states__row--state" role="row" data-state=${row.name} tabindex=${first ? 0 : -1}
        aria-selected=${row.name === chosen} aria-level=${row.depth + 1} @click=${() => choose(row.name)}>
      <span role="gridcell" class="states__name" style="padding-inline-start: ${row.depth * 20}px">
        ${glyph(status)}<span class="truncate ${state ? "medium" : "muted"}" title=${row.name}>${row.name}</span>
        <span class="muted tiny nowrap">${row.type}</span></span>
      <span role="gridcell" class="truncate status status--${status} states__word">${stateWord(status, state?.waitsFor)}${note(state)}</span>
      <span role="gridcell" class="number soft">${state ? span(state.duration(now)) : nothing}</span>
      <span role="gridcell" class="states__bars" aria-hidden="true">${bars(state, axis, now)}</span>
    </div>`;
  }
}

function note(state) {
  const text = state ? stateNote(state) : "";
  return text ? html` <span class="muted">${text}</span>` : nothing;
}

function bars(state, axis, now) {
  return [
    ...ticksOf(axis).map((tick) => mark(tick, nothing)),
    ...barsOf(state?.visits ?? [], axis, now).map(({ left, width, status, pause }) => html`<i class=${pause ? "states__pause" : `pattern--${status}`}
      style="inset-inline-start: ${(left * 100).toFixed(3)}%; width: ${(width * 100).toFixed(3)}%"></i>`),
  ];
}

const mark = ({ share }, text) => html`<span class="states__tick" style="inset-inline-start: ${(share * 100).toFixed(3)}%">${text}</span>`;
