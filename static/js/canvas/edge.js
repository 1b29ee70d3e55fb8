// One edge as SVG: the line with its head, a wide invisible line to hit, and the pill.

import { headPath, roundedPath } from "./path.js";
import { setAttributes, svgElement } from "./svg.js";

/** {line: group for the layer of lines, pill: group for the layer above, or null}. */
export function edgeElements(edge) {
  const line = svgElement("g", { class: `edge edge--${edge.kind}`, "data-edge": edge.id },
    svgElement("path", { class: "edge__hit" }),
    svgElement("path", { class: "edge__line" }),
    svgElement("path", { class: "edge__head" }),
    edge.join ? svgElement("path", { class: "edge__shared" }) : null);
  if (edge.join) line.classList.add("edge--joins");
  if (edge.title) line.append(svgElement("title", {}, edge.title));
  const pill = edge.pill ? pillElement(edge) : null;
  moveEdge({ edge, line, pill }, edge.points, edge.pill);
  return { line, pill };
}

function pillElement(edge) {
  const { text, w, h } = edge.pill;
  return svgElement("g", { class: `pill pill--${edge.kind}`, "data-edge": edge.id },
    svgElement("rect", { x: -w / 2, y: -h / 2, width: w, height: h, rx: h / 2 }),
    svgElement("text", { y: 4, "text-anchor": "middle" }, text),
    svgElement("title", {}, edge.title));
}

/** Puts the edge along `points` and its pill at `pill` ({x, y}); what an edge shares with others is drawn by one of them. */
export function moveEdge({ edge, line, pill }, points, place) {
  const [hit, stroke, head] = line.children;
  const path = roundedPath(points, { cut: 5 });
  setAttributes(hit, { d: path });
  setAttributes(stroke, { d: edge.join ? roundedPath(points.slice(0, edge.join)) : path });
  setAttributes(head, { d: headPath(points) });
  if (edge.join) setAttributes(line.querySelector(".edge__shared"), { d: path });
  if (pill && place) setAttributes(pill, { transform: `translate(${place.x} ${place.y})` });
}
