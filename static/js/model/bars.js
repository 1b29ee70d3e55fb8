// Bars of a state on the time axis of an execution: one a visit, or so many as fit when there are too many.

/** [{left, width, status}] in shares of the axis (0 to 1), for the visits of a state.  Visits closer than
 *  1/`places` of the axis to each other share a bar, which shows the worst of them. */
export function barsOf(visits, { from, to }, now, places = 200) {
  const length = Math.max(1, to - from);
  const bars = [];
  for (const visit of visits) {
    const left = (visit.entered - from) / length;
    const right = ((visit.exited ?? now) - from) / length;
    const last = bars[bars.length - 1];
    if (last && visits.length > places && left <= last.left + last.width + 1 / places) {
      last.width = Math.max(last.width, right - last.left);
      last.status = worse(last.status, visit.status);
    } else {
      bars.push({ left, width: right - left, status: visit.status });
    }
  }
  return bars;
}

const ORDER = ["failed", "timedout", "waiting", "running", "aborted", "caught", "succeeded"];

function worse(one, other) {
  return ORDER.indexOf(one) <= ORDER.indexOf(other) ? one : other;
}
