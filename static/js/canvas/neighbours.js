// Which node an arrow key leads to: along the edges first, else the nearest in that direction.  No DOM.

const centre = (node) => [node.x + node.w / 2, node.y + node.h / 2];

/** The id of the node to go to from `id` by "up", "down", "left" or "right"; null when there is none. */
export function neighbour(drawing, id, direction) {
  const nodes = new Map(drawing.nodes.map((node) => [node.id, node]));
  const from = nodes.get(id);
  if (!from) return drawing.nodes[0]?.id ?? null;
  return alongEdges(drawing, nodes, from, direction) ?? intoOrOut(drawing, from, direction) ?? nearest(drawing, from, direction);
}

function alongEdges(drawing, nodes, from, direction) {
  if (direction !== "down" && direction !== "up") return null;
  const down = direction === "down";
  const others = drawing.edges
    .filter((edge) => !edge.back && (down ? edge.from : edge.to) === from.id)
    .map((edge) => nodes.get(down ? edge.to : edge.from))
    .filter(Boolean);
  const [x] = centre(from);
  others.sort((a, b) => Math.abs(centre(a)[0] - x) - Math.abs(centre(b)[0] - x));
  return others[0]?.id ?? null;
}

function intoOrOut(drawing, from, direction) {
  if (direction === "right" && from.container) return drawing.nodes.find((node) => node.parent === from.id)?.id ?? null;
  if (direction === "up") return from.parent;
  return null;
}

function nearest(drawing, from, direction) {
  const [x, y] = centre(from);
  const [dx, dy] = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] }[direction];
  let best = null;
  let bestCost = Infinity;
  for (const node of drawing.nodes) {
    if (node.id === from.id || node.id === from.parent) continue;
    const [nx, ny] = centre(node);
    const ahead = (nx - x) * dx + (ny - y) * dy;
    const aside = Math.abs((nx - x) * dy) + Math.abs((ny - y) * dx);
    const cost = ahead + aside * 2;
    if (ahead > 8 && aside <= 2 * ahead && cost < bestCost) [best, bestCost] = [node.id, cost];
  }
  return best;
}
