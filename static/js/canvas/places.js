// Where a state can be inserted: on every edge, in empty branches, after the last state of a branch.

import { insertPoint } from "./path.js";
import { svgElement } from "./svg.js";

const NEAR = 48;

/**
 * The places of a drawing, without DOM: {kind: "edge", edge, x, y} puts a state on that edge;
 * {kind: "branch", pointer} starts an empty branch; {kind: "after", id} follows a state that ends its
 * branch; {kind: "first"} is the first state of all.
 */
export function placesOf(drawing) {
  const places = drawing.edges
    .filter((edge) => !edge.back || edge.kind !== "catch")
    .map((edge) => { const [x, y] = edge.pill ? besidePill(edge.pill) : insertPoint(edge.points); return { kind: "edge", edge, x, y }; });
  for (const branch of drawing.branches) {
    if (branch.empty) places.push({ kind: "branch", pointer: branch.pointer, x: branch.x + branch.w / 2, y: branch.y + branch.h / 2 });
  }
  const leaves = new Set(drawing.edges.filter((edge) => edge.kind !== "catch").map((edge) => edge.from));
  for (const node of drawing.nodes) {
    if (leaves.has(node.id) || ["start", "end", "missing", "succeed", "fail", "choice"].includes(node.kind)) continue;
    places.push({ kind: "after", id: node.id, x: node.x + node.w / 2, y: node.y + node.h + 8 });
  }
  const start = drawing.nodes.find((node) => node.kind === "start");
  if (start && drawing.nodes.length === 1) places.push({ kind: "first", x: start.x + start.w / 2, y: start.y + start.h + 40 });
  return places;
}

/** The places to which a state can be moved: not on its own edges, and not inside itself. */
export function placesFor(drawing, id) {
  const parents = new Map(drawing.nodes.map((node) => [node.id, node.parent]));
  const within = (name) => { for (let at = name; at; at = parents.get(at)) if (at === id) return true; return false; };
  const owners = new Map(drawing.branches.map((branch) => [branch.pointer, branch.parent]));
  return placesOf(drawing).filter((place) => {
    if (place.kind === "edge") return !within(place.edge.from) && !within(place.edge.to);
    return place.kind === "branch" ? !within(owners.get(place.pointer)) : !within(place.id);
  });
}

const besidePill = (pill) => [pill.x + pill.w / 2 + 12, pill.y];

/** Shows ⊕ signs in `layer`; `onChoose(place)` when one is pressed. */
export function createPlaces(layer, { onChoose }) {
  let shown = [];

  function sign(place, { solid = false } = {}) {
    const group = svgElement("g", { class: `place${solid ? " is-near" : ""}`, transform: `translate(${place.x} ${place.y})` },
      svgElement("circle", { class: "place__area", r: 14 }),
      svgElement("circle", { class: "place__sign", r: 8 }),
      svgElement("path", { d: "M-3.5 0H3.5M0-3.5V3.5" }));
    group.addEventListener("click", (event) => { event.stopPropagation(); onChoose(place); });
    return { place, group };
  }

  return {
    /** Shows these places; returns how many. */
    show(places) {
      shown = places.map((place) => sign(place));
      layer.replaceChildren(...shown.map(({ group }) => group));
      return shown.length;
    },
    /** Marks and returns the place nearest to (x, y) in drawing px, within 48 px on the screen at zoom `k`. */
    near(x, y, k) {
      let best = null;
      let distance = NEAR / k;
      for (const entry of shown) {
        const away = Math.hypot(entry.place.x - x, entry.place.y - y);
        if (away < distance) [best, distance] = [entry, away];
      }
      for (const entry of shown) entry.group.classList.toggle("is-near", entry === best);
      return best?.place ?? null;
    },
    hide() { shown = []; layer.replaceChildren(); },
  };
}
