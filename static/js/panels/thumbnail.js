// A drawing as a small picture: blocks and lines, no text.

import { svg } from "lit";

/** SVG of at most `width` × `height` px. */
export function thumbnail(drawing, width, height) {
  const k = Math.min(width / drawing.width, height / drawing.height, 0.3);
  const box = (node) => svg`<rect class="thumbnail__node thumbnail__node--${node.container ? "container" : node.kind}"
    x=${node.x * k} y=${node.y * k} width=${node.w * k} height=${node.h * k} rx=${Math.min(3, node.h * k * 0.3)}></rect>`;
  const line = (edge) => svg`<polyline class="thumbnail__edge" points=${edge.points.map(([x, y]) => `${x * k},${y * k}`).join(" ")}></polyline>`;
  return svg`<svg class="thumbnail" width=${drawing.width * k} height=${drawing.height * k} aria-hidden="true">
    ${drawing.nodes.filter((node) => node.container).map(box)}${drawing.edges.map(line)}${drawing.nodes.filter((node) => !node.container).map(box)}</svg>`;
}
