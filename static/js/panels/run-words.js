// The words of a run: statuses of executions and states, and what an event says.

import { html } from "lit";
import { statusName, statusWord } from "../canvas/statuses.js";
import { _, fill, plural } from "../lib/i18n.js";
import { glyph } from "../lib/icon.js";
import { size, span } from "../lib/moments.js";

/** A chip with glyph and word; `status` of an execution or a state. */
export const statusChip = (status, classes = "", word = statusWord(status)) =>
  html`<span class="chip chip--${statusName(status)} ${classes}">${glyph(statusName(status))}${word}</span>`;

/** The status of an execution, or that people are asked: "Waiting for a person". */
export const executionStatus = ({ status, waiting }) => (status === "RUNNING" && waiting ? "waiting" : statusName(status));

/** The word for a state's standing, with what it waits for. */
export function stateWord(status, waitsFor) {
  return status === "waiting" && waitsFor === "callback" ? _("Waiting for an answer") : statusWord(status);
}

/** "3 tries", "3 of 60", "2 visits": what makes a state's turn special, or "". */
export function stateNote(state) {
  const { iterations } = state;
  if (iterations) {
    const failed = iterations.failed ? fill(_(", %(count)s failed"), { count: iterations.failed }) : "";
    return fill(_("%(done)s / %(total)s"), iterations) + failed;
  }
  if (state.tries > 1) return plural("%(count)s try", "%(count)s tries", state.tries);
  return state.visits.length > 1 ? `×${state.visits.length}` : "";
}

/** Where a visit lies: ["Ship › branch 1", "Each › item 3"]; without a visit the container of its `row`. */
export function placeWords(visit, row = null) {
  if (!visit) return row?.container ? [row.container] : [];
  const words = [];
  for (let scope = visit.scope; scope.container; scope = scope.container.scope) {
    const container = scope.container;
    const place = container.type === "Map" ? _("item %(index)s") : _("branch %(number)s");
    words.unshift(`${container.name} › ${fill(place, { index: scope.index, number: Number(scope.index) + 1 })}`);
  }
  return words;
}

/** What an event says beyond its type and state. */
export function eventDetail(facts) {
  const parts = [...trouble(facts), ...numbers(facts)];
  if (facts.resource) parts.unshift(facts.resource);
  if (facts.size !== undefined) parts.push(sizeWord(facts));
  if (facts.took !== undefined) parts.unshift(span(facts.took));
  return parts.join(" · ");
}

function trouble({ error, cause }) {
  if (!error && !cause) return [];
  return [[error, cause?.split("\n")[0]].filter(Boolean).join(": ")];
}

function numbers({ count, index, worker, timeout, mapRun }) {
  const parts = [];
  if (count !== undefined) parts.push(plural("%(count)s item", "%(count)s items", count));
  if (index !== undefined) parts.push(fill(_("item %(index)s"), { index }));
  if (worker) parts.push(fill(_("worker %(worker)s"), { worker }));
  if (timeout) parts.push(fill(_("time-out %(span)s"), { span: span(timeout * 1000) }));
  if (mapRun) parts.push(mapRun.split(":").pop());
  return parts;
}

function sizeWord({ size: length, direction }) {
  const words = { input: _("%(size)s input"), output: _("%(size)s output"), parameters: _("%(size)s parameters") };
  return fill(words[direction], { size: size(length) });
}
