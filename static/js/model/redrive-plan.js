// The plan of a redrive in fewer lines: a Map may have thousands of places where it goes on.

/** [{state, count, place}]: where it goes on, each state once; `place` leads there when there is only one. */
export function goesOnWords({ goes_on: places, goes_on_total: total }) {
  const found = new Map();
  for (const { state, path } of places) {
    const known = found.get(state) ?? { state, count: 0, place: "" };
    known.count += 1;
    known.place = known.count === 1 ? placeOf(path) : "";
    found.set(state, known);
  }
  const listed = [...found.values()];
  if (total > places.length && listed.length) listed[listed.length - 1].count += total - places.length;
  return listed;
}

/** "Ship › 0 · Each › 3" of the path ["Ship", 0, "Each", 3]. */
function placeOf(path) {
  const words = [];
  for (let index = 0; index < path.length; index += 2) words.push(`${path[index]} › ${path[index + 1]}`);
  return words.join(" · ");
}

/** The differences by what became of the states. */
export function grouped(differences) {
  const of = (change) => differences.filter((one) => one.change === change);
  return { added: of("added"), removed: of("removed"), changed: of("changed") };
}
