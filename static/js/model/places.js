// Where each state of a definition stands: its container, its branch, how deep, and in what order a reader
// meets it.  Works on broken definitions too: what cannot be read is left out.

/** [{name, type, state, container, branch, depth}] in reading order; names are unique in a definition. */
export function listStates(definition) {
  const rows = [];
  walkBlock(definition, null, 0, 0, rows);
  return rows;
}

/** name → its row of `listStates`. */
export function placesOf(definition) {
  return new Map(listStates(definition).map((row) => [row.name, row]));
}

function walkBlock(block, container, branch, depth, rows) {
  const states = block?.States;
  if (!states || typeof states !== "object") return;
  for (const name of readingOrder(block.StartAt, states)) {
    const state = states[name];
    if (!state || typeof state !== "object") continue;
    rows.push({ name, type: String(state.Type ?? ""), state, container, branch, depth });
    innerBlocks(state).forEach((inner, index) => walkBlock(inner, name, index, depth + 1, rows));
  }
}

/** The branches of a Parallel, the processor of a Map (also in its old form), else nothing. */
function innerBlocks(state) {
  if (Array.isArray(state.Branches)) return state.Branches;
  const processor = state.ItemProcessor ?? state.Iterator;
  return processor ? [processor] : [];
}

/** From StartAt along the arrows, depth first; then whatever nothing leads to. */
function readingOrder(start, states) {
  const order = new Set();
  const waiting = [...Object.keys(states).reverse(), start];
  while (waiting.length) {
    const name = waiting.pop();
    if (order.has(name) || !Object.hasOwn(states, name)) continue;
    order.add(name);
    waiting.push(...targets(states[name]).reverse());
  }
  return order;
}

function targets(state) {
  const rules = [...list(state?.Choices), ...list(state?.Catch)].map((rule) => rule?.Next);
  return [state?.Next, ...rules, state?.Default].filter((name) => typeof name === "string");
}

function list(value) {
  return Array.isArray(value) ? value : [];
}
