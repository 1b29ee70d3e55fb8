// Bars of a state on the time axis of an execution: one a visit or try, or so many as fit when there are too many.

const PLACES = 200; // bars that can be told apart on an axis
const ORDER = ["failed", "timedout", "waiting", "running", "aborted", "caught", "succeeded"];
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500].concat( // ms, then seconds, minutes, hours, days
  [1, 2, 5, 10, 15, 30].map((n) => n * 1_000), [1, 2, 5, 10, 15, 30].map((n) => n * 60_000),
  [1, 2, 3, 6, 12].map((n) => n * 3_600_000), [1, 2, 5, 10, 20, 50, 100, 200, 365].map((n) => n * 86_400_000));

/** [{left, width, status, pause, visit, number}] in shares of the axis (0 to 1), which may have its own `at(ms)`.  A task
 *  that was tried several times has a bar for each try (`number`) and a pause between them.  Visits that lie too close
 *  to be told apart share a bar, which shows the worst of them. */
export function barsOf(visits, axis, now) {
  if (visits.length > PLACES) return together(visits, axis, now);
  return visits.flatMap((visit) => (visit.type === "Task" && visit.tries.length > 1 ? ofTries(visit, axis, now)
    : [bar(visit, visit.entered, visit.exited ?? now, visit.status, axis)]));
}

function bar(visit, from, to, status, axis, number = 0) {
  const length = Math.max(1, axis.to - axis.from);
  const left = axis.at ? axis.at(from) : (from - axis.from) / length;
  const width = axis.at ? axis.at(Math.max(from, to)) - left : Math.max(0, to - from) / length;
  return { left, width, status, pause: false, visit: visit.id, number };
}

function ofTries(visit, axis, now) {
  return visit.tries.flatMap((one, index) => {
    const next = visit.tries[index + 1];
    const shown = index === visit.tries.length - 1 && !visit.open ? visit.status : one.status === "running" ? visit.status : one.status;
    const bars = [bar(visit, one.from, one.to ?? now, shown, axis, index + 1)];
    const until = next?.from ?? (visit.open && one.to !== null ? now : null);
    if (until !== null && one.to !== null) bars.push({ ...bar(visit, one.to, until, "notreached", axis, index + 1), pause: true });
    return bars;
  });
}

function together(visits, axis, now) {
  const bars = [];
  for (const visit of visits) {
    const next = bar(visit, visit.entered, visit.exited ?? now, visit.status, axis);
    const last = bars[bars.length - 1];
    if (last && next.left <= last.left + last.width + 1 / PLACES) {
      last.width = Math.max(last.width, next.left + next.width - last.left);
      last.status = worse(last.status, next.status);
    } else {
      bars.push(next);
    }
  }
  return bars;
}

function worse(one, other) {
  return ORDER.indexOf(one) <= ORDER.indexOf(other) ? one : other;
}

/** Marks on the axis at round distances from its start: [{share, ms}], at most `most` of them, the first at 0. */
export function ticksOf({ from, to }, most = 6) {
  const length = Math.max(1, to - from);
  const step = STEPS.find((each) => length / each <= most) ?? length;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_unused, index) => ({ share: (index * step) / length, ms: index * step }))
    .filter(({ share }) => share < 0.92);
}
