// A run on a time axis: which lanes there are, where a moment lies when long idle stretches are narrowed, where the
// time went.  Shares run from 0 to 1 over the whole run; what is in sight is a window {from, to} of them.

import { barsOf } from "./bars.js";

const LEAST_IDLE = 2_000; // ms: shorter stretches are shown as they are
const IDLE_PART = 0.15; // of the run: an idle stretch that takes less is no trouble
const FOLDED = 0.04; // the share that a narrowed stretch takes
const NEAR = 0.06; // marks and narrowed stretches that are closer would overlap
const CLOSEST = 1e-4; // the smallest window
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500].concat( // ms, then seconds, minutes, hours, days
  [1, 2, 5, 10, 15, 30].map((n) => n * 1_000), [1, 2, 5, 10, 15, 30].map((n) => n * 60_000),
  [1, 2, 3, 6, 12].map((n) => n * 3_600_000), [1, 2, 5, 10, 20, 50, 100, 200, 365].map((n) => n * 86_400_000));

export const WHOLE = Object.freeze({ from: 0, to: 1 });

// ── lanes ──

/** The lanes: each state of `rows` (model/places.js), and below one that is `opened` (a set of names) each of its visits.
 *  [{key, row, state, visits, visit, depth, folds, open}]; `visit` is null for the lane of a state. */
export function lanesOf(rows, progress, opened, text = "") {
  const wanted = text.toLowerCase();
  return rows.filter(({ name }) => name.toLowerCase().includes(wanted)).flatMap((row) => {
    const state = progress.states.get(row.name) ?? null;
    const visits = state?.visits ?? [];
    const open = visits.length > 1 && opened.has(row.name);
    const lane = { key: row.name, row, state, visits, visit: null, depth: row.depth, folds: visits.length > 1, open };
    if (!open) return [lane];
    return [lane, ...visits.map((visit) => ({
      key: `${row.name}\u0000${visit.id}`, row, state, visits: [visit], visit, depth: row.depth + 1, folds: false, open: false,
    }))];
  });
}

// ── the axis ──

/** Stretches between `from` and `to` (ms) in which nothing worked: people, Wait states and retriers waited. */
export function idleStretches(progress, { from, to }, now) {
  const busy = busySpans(progress, now).sort((one, other) => one[0] - other[0]);
  const idle = [];
  const least = Math.max(LEAST_IDLE, (to - from) * IDLE_PART);
  let until = from;
  for (const [start, end] of [...busy, [to, to]]) {
    if (start - until >= least) idle.push({ from: until, to: start });
    until = Math.max(until, end);
  }
  return idle;
}

function busySpans(progress, now) {
  const spans = [];
  for (const { visits } of progress.states.values()) {
    for (const visit of visits) {
      if (["Parallel", "Map", "Wait"].includes(visit.type) || visit.asks) spans.push([visit.entered, visit.entered]);
      else if (visit.tries.length) spans.push(...visit.tries.map((one) => [one.from, one.to ?? now]));
      else spans.push([visit.entered, visit.exited ?? now]);
    }
  }
  return spans;
}

/** The axis of a run from `from` to `to` (ms): {from, to, pieces, at(ms) → share, ms(share)}.  Each of the `idle`
 *  stretches takes FOLDED of it, however long it is. */
export function axisOf({ from, to }, idle = []) {
  const whole = Math.max(1, to - from);
  const narrowed = idle.slice(0, Math.floor(0.5 / FOLDED));
  const folded = narrowed.reduce((sum, one) => sum + one.to - one.from, 0);
  const perMs = (1 - narrowed.length * FOLDED) / Math.max(1, whole - folded);
  const pieces = [];
  let share = 0;
  const add = (start, end, isFolded) => {
    const width = isFolded ? FOLDED : (end - start) * perMs;
    pieces.push({ from: start, to: end, share, width, folded: isFolded });
    share += width;
  };
  let until = from;
  for (const one of narrowed) {
    if (one.from > until) add(until, one.from, false);
    add(one.from, one.to, true);
    until = one.to;
  }
  if (until < from + whole) add(until, from + whole, false);
  return {
    from, to, pieces,
    at(ms) {
      const piece = pieces.find((each) => ms <= each.to) ?? pieces[pieces.length - 1];
      return piece.share + (piece.width * (ms - piece.from)) / Math.max(1, piece.to - piece.from);
    },
    ms(wanted) {
      const piece = pieces.find((each) => wanted <= each.share + each.width) ?? pieces[pieces.length - 1];
      return piece.from + ((wanted - piece.share) / piece.width) * (piece.to - piece.from);
    },
  };
}

/** Marks at round distances from the start, at most about `most`: [{share, ms}], shares of the window in sight. */
export function marksOf(axis, sight, most = 9) {
  const near = Math.max(NEAR, 0.6 / most);
  const shown = axis.pieces.filter((piece) => !piece.folded).map((piece) => ({
    from: Math.max(piece.from, axis.ms(sight.from)), to: Math.min(piece.to, axis.ms(sight.to)),
  })).filter((piece) => piece.to > piece.from);
  const length = shown.reduce((sum, piece) => sum + piece.to - piece.from, 0);
  const step = STEPS.find((each) => length / each <= most) ?? Math.max(1, length);
  const marks = [];
  const narrowed = axis.pieces.filter((piece) => piece.folded).map((piece) => inSight(piece.share, sight));
  for (const piece of shown) {
    for (let ms = Math.ceil((piece.from - axis.from) / step) * step; ms <= piece.to - axis.from; ms += step) {
      const share = inSight(axis.at(axis.from + ms), sight);
      if (narrowed.some((fold) => fold > share && fold - share < near)) continue;
      if (share < 0.96 && !(share - marks[marks.length - 1]?.share < near)) marks.push({ share, ms });
    }
  }
  return marks;
}

/** The bars of a lane that are in sight, as model/bars.js gives them, in shares of the window. */
export function barsInSight(visits, axis, sight, now) {
  const from = axis.ms(sight.from);
  const to = axis.ms(sight.to);
  const shown = visits.filter((visit) => visit.entered <= to && (visit.exited ?? now) >= from);
  return barsOf(shown, { ...axis, at: (ms) => inSight(axis.at(ms), sight) }, now)
    .map((bar) => clipped(bar)).filter((bar) => bar.width >= 0 && bar.left <= 1);
}

function clipped(bar) {
  const left = Math.max(0, bar.left);
  return { ...bar, left, width: Math.min(1, bar.left + bar.width) - left };
}

/** Where a share of the run lies in the window. */
export const inSight = (share, sight) => (share - sight.from) / (sight.to - sight.from);

/** The window `factor` times as wide around `middle`, a share of the run; never wider than the run. */
export function zoomed(sight, factor, middle = (sight.from + sight.to) / 2) {
  const width = Math.min(1, Math.max(CLOSEST, (sight.to - sight.from) * factor));
  return kept(middle - ((middle - sight.from) / (sight.to - sight.from)) * width, width);
}

/** The window moved by a part of its own width. */
export const moved = (sight, part) => kept(sight.from + part * (sight.to - sight.from), sight.to - sight.from);

function kept(from, width) {
  const start = Math.max(0, Math.min(1 - width, from));
  return { from: start, to: start + width };
}

// ── where the time went ──

const KINDS = ["succeeded", "running", "failed", "timedout", "caught", "aborted", "waiting", "pause", "backoff"];

/** [{kind, ms}] over everything that was done, also side by side, without kinds that took nothing: how tries and states
 *  ended, `waiting` for people and tokens, `pause` of Wait states, `backoff` before retries. */
export function timeSpent(progress, now) {
  const sums = new Map(KINDS.map((kind) => [kind, 0]));
  const add = (kind, ms) => sums.set(kind, (sums.get(kind) ?? 0) + Math.max(0, ms));
  for (const { visits } of progress.states.values()) {
    for (const visit of visits) if (visit.type !== "Parallel" && visit.type !== "Map") ofVisit(visit, now, add);
  }
  return [...sums].filter(([, ms]) => ms > 0).map(([kind, ms]) => ({ kind, ms }));
}

function ofVisit(visit, now, add) {
  if (visit.type === "Wait") return add("pause", visit.duration(now));
  if (visit.asks) return add("waiting", visit.duration(now));
  if (!visit.tries.length) return add(visit.status, visit.duration(now));
  return visit.tries.forEach((one, index) => {
    add(one.status, (one.to ?? now) - one.from);
    const next = visit.tries[index + 1]?.from ?? (visit.open ? now : null);
    if (next !== null && one.to !== null) add("backoff", next - one.to);
  });
}
