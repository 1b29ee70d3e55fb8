// The steps of two runs side by side; only the rows in sight exist.

import { html, nothing } from "lit";
import { _ } from "../lib/i18n.js";
import { glyph, icon } from "../lib/icon.js";
import { span } from "../lib/moments.js";
import { placeWords } from "./run-words.js";
import { virtualRows } from "./virtual-rows.js";

const ROW = 38; // px, as in compare.css

/** Fills `element`; `choose(index of a pair)`.  Returns {update(pairs, {chosen, only}), reveal(index)}. */
export function compareRows(element, { choose }) {
  let pairs = [];
  let chosen = null;
  let shown = []; // indices of pairs
  const body = Object.assign(document.createElement("div"), { className: "virtual compare__list", tabIndex: 0 });
  body.setAttribute("role", "listbox");
  body.setAttribute("aria-label", _("Steps of both executions"));
  element.append(body);
  const list = virtualRows(body, { height: ROW, row });
  body.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: list.page, PageUp: -list.page, Home: -Infinity, End: Infinity }[event.key];
    if (move === undefined || !shown.length) return;
    event.preventDefault();
    const from = Math.max(0, shown.indexOf(chosen));
    choose(shown[Math.max(0, Math.min(shown.length - 1, from + move))]);
  });

  function row(position) {
    const index = shown[position];
    const { left, right, kind } = pairs[index];
    return html`<div class="compare-row compare-row--${kind}" role="option" aria-selected=${index === chosen} @click=${() => choose(index)}>
      ${side(left)}<span class="compare-row__kind" title=${word(kind)}>${sign(kind)}<span
        class="visually-hidden">${word(kind)}</span></span>${side(right)}</div>`;
  }

  return {
    update(newPairs, options) {
      pairs = newPairs;
      chosen = options.chosen;
      shown = pairs.map((_unused, index) => index).filter((index) => !options.only || !["same", "cut"].includes(pairs[index].kind));
      list.update(shown.length);
    },
    reveal(index) {
      list.reveal(Math.max(0, shown.indexOf(index)));
    },
  };
}

function side(step) {
  if (!step) return html`<span class="compare-row__side compare-row__side--none muted small">${_("not entered")}</span>`;
  const place = placeWords(step.visit).at(-1);
  return html`<span class="compare-row__side">${glyph(step.visit.status)}<b class="medium truncate">${step.state}</b>
    ${place ? html`<span class="muted tiny truncate">${place}</span>` : nothing}
    <span class="push muted small nowrap">${step.visit.open ? nothing : span(step.visit.duration(0))}</span></span>`;
}

function sign(kind) {
  return { same: icon("check", "icon--small"), cut: icon("check", "icon--small"), path: icon("split", "icon--small"),
    outcome: icon("circle-alert", "icon--small"), values: icon("git-compare", "icon--small") }[kind];
}

function word(kind) {
  return {
    same: _("The same"), cut: _("The same as far as it is loaded"), path: _("Only one of them came here"),
      outcome: _("It ended otherwise"), values: _("Values differ"),
  }[kind];
}
