// The graph of a run: what the canvas is told about states and arrows.

import { _, fill } from "../lib/i18n.js";
import { span } from "../lib/moments.js";

const START = "\u0000start"; // as in designer/diagrams/graph.py
const END = "\u0000end";

/** {statuses, arrows} for canvas.setStatuses. */
export function graphOf(progress, now) {
  const statuses = {};
  if (progress.last > 0) statuses[START] = { status: "succeeded" };
  if (progress.status === "SUCCEEDED") statuses[END] = { status: "succeeded" };
  for (const [name, state] of progress.states) statuses[name] = entryOf(state, now);
  return { statuses, arrows: arrowsOf(progress) };
}

function entryOf(state, now) {
  const entry = { status: state.status, meta: metaOf(state, now) };
  const { iterations } = state;
  if (iterations && state.type === "Map") {
    entry.progress = iterations.total ? iterations.done / iterations.total : 1;
    const words = iterations.failed ? _("Map · %(done)s / %(total)s, %(failed)s failed") : _("Map · %(done)s / %(total)s");
    entry.subtitle = fill(words, iterations);
  }
  return entry;
}

/** "3 tries · 7.4 s", "×12 · 4.0 s", "184 ms". */
function metaOf(state, now) {
  const { tries, visits } = state;
  const parts = [span(state.duration(now))];
  if (tries > 1) parts.unshift(fill(_("%(count)s tries"), { count: tries }));
  else if (visits.length > 1) parts.unshift(`×${visits.length}`);
  return parts.join(" · ");
}

function arrowsOf(progress) {
  const open = new Set(progress.openVisits().map((visit) => visit.id));
  const taken = [];
  const live = [];
  for (const { from, to, last } of progress.edges()) {
    (open.has(last) ? live : taken).push([from || START, to || END]);
  }
  return { taken, live };
}
