// Geometry of edges: pure, no DOM.

export const RADIUS = 9;

const length = ([ax, ay], [bx, by]) => Math.hypot(bx - ax, by - ay);
const towards = ([ax, ay], [bx, by], distance) => {
  const whole = length([ax, ay], [bx, by]) || 1;
  return [ax + ((bx - ax) * distance) / whole, ay + ((by - ay) * distance) / whole];
};
const at = ([x, y]) => `${round(x)} ${round(y)}`;
const round = (value) => Math.round(value * 10) / 10;

/** An SVG path along `points` whose corners are rounded and which ends `cut` px before the last point. */
export function roundedPath(points, { radius = RADIUS, cut = 0 } = {}) {
  if (points.length < 2) return "";
  const way = points.slice();
  const end = way.length - 1;
  if (cut) way[end] = towards(way[end], way[end - 1], Math.min(cut, length(way[end], way[end - 1])));
  let path = `M${at(way[0])}`;
  for (let index = 1; index < end; index += 1) {
    const corner = way[index];
    const room = Math.min(radius, length(way[index - 1], corner) / 2, length(corner, way[index + 1]) / 2);
    path += `L${at(towards(corner, way[index - 1], room))}Q${at(corner)} ${at(towards(corner, way[index + 1], room))}`;
  }
  return `${path}L${at(way[end])}`;
}

/** The arrow head at the end of `points`: a triangle that touches the last point. */
export function headPath(points) {
  const tip = points[points.length - 1];
  const back = towards(tip, points[points.length - 2], 6.5);
  const [dx, dy] = [(tip[0] - back[0]) / 6.5, (tip[1] - back[1]) / 6.5];
  const left = [back[0] - dy * 4.5, back[1] + dx * 4.5];
  const right = [back[0] + dy * 4.5, back[1] - dx * 4.5];
  return `M${at(left)}L${at(tip)}L${at(right)}z`;
}

/** The point halfway along `points`. */
export function midpoint(points) {
  const lengths = points.slice(1).map((point, index) => length(points[index], point));
  let rest = lengths.reduce((sum, part) => sum + part, 0) / 2;
  for (let index = 0; index < lengths.length; index += 1) {
    if (rest <= lengths[index]) return towards(points[index], points[index + 1], rest);
    rest -= lengths[index];
  }
  return points[0];
}

/** The middle of the last vertical run: where a state can be inserted on an edge. */
export function insertPoint(points) {
  for (let index = points.length - 1; index > 0; index -= 1) {
    const [[ax, ay], [bx, by]] = [points[index - 1], points[index]];
    if (Math.abs(ax - bx) < 0.5 && Math.abs(by - ay) > 18) return [bx, (ay + by) / 2];
  }
  return midpoint(points);
}

/** `before` blended into `after` (0…1); different numbers of points are matched by repeating the last corner. */
export function blend(before, after, share) {
  const count = Math.max(before.length, after.length);
  const point = (points, index) => points[Math.min(index, points.length - 1)];
  return Array.from({ length: count }, (_unused, index) => {
    const [a, b] = [point(before, index), point(after, index)];
    return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
  });
}
