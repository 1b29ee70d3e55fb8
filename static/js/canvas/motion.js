// From one drawing to the next: nodes glide, new ones fade in; only position and opacity move.

import { reducedMotion } from "../lib/dom.js";
import { blend } from "./path.js";

const DURATION = 280;
const ease = (share) => (share < 0.5 ? 4 * share ** 3 : 1 - (-2 * share + 2) ** 3 / 2);

/**
 * `before` and `after` are drawings by id: {nodes: Map(id → {x, y}), edges: Map(id → {points, pill})}.
 * Calls `place(share, nodes, edges)` each frame, the last time with share 1; returns a function that ends it at once.
 */
export function animate(before, after, place) {
  const moving = [...after.nodes].filter(([id, node]) => {
    const old = before.nodes.get(id);
    return old && (old.x !== node.x || old.y !== node.y);
  });
  if (reducedMotion() || !moving.length || document.hidden) {
    place(1, after.nodes, after.edges);
    return () => {};
  }
  let frame = 0;
  const start = performance.now();
  const step = (now) => {
    const share = Math.min(1, (now - start) / DURATION);
    place(share, ...between(before, after, ease(share)));
    if (share < 1) frame = requestAnimationFrame(step);
  };
  place(0, ...between(before, after, 0));
  frame = requestAnimationFrame(step);
  return () => { cancelAnimationFrame(frame); place(1, after.nodes, after.edges); };
}

function between(before, after, share) {
  const mix = (a, b) => a + (b - a) * share;
  const nodes = new Map([...after.nodes].map(([id, node]) => {
    const old = before.nodes.get(id) ?? node;
    return [id, { x: mix(old.x, node.x), y: mix(old.y, node.y) }];
  }));
  const edges = new Map([...after.edges].map(([id, edge]) => {
    const old = before.edges.get(id);
    if (!old) return [id, edge];
    const pill = edge.pill && old.pill ? { x: mix(old.pill.x, edge.pill.x), y: mix(old.pill.y, edge.pill.y) } : edge.pill;
    return [id, { points: share === 1 ? edge.points : blend(old.points, edge.points, share), pill }];
  }));
  return [nodes, edges];
}
