// The small map: every node as a block, the visible part as a frame; drag or click to go there.

import { on } from "../lib/dom.js";
import { setAttributes, svgElement } from "./svg.js";

const [WIDTH, HEIGHT, PAD] = [128, 112, 8];

/** `goTo(x, y)` is called with the drawing's px. */
export function createMinimap(holder, { goTo }) {
  const nodes = svgElement("g");
  const frame = svgElement("rect", { class: "minimap__view", rx: 2 });
  const root = svgElement("svg", { class: "minimap", width: WIDTH, height: HEIGHT, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": true }, nodes, frame);
  holder.append(root);
  let scale = { k: 1, x: 0, y: 0 };
  let shapes = new Map();

  const go = (event) => {
    const box = root.getBoundingClientRect();
    goTo((event.clientX - box.left - scale.x) / scale.k, (event.clientY - box.top - scale.y) / scale.k);
  };
  const stops = [
    on(root, "pointerdown", (event) => { event.stopPropagation(); root.setPointerCapture(event.pointerId); go(event); }),
    on(root, "pointermove", (event) => { if (root.hasPointerCapture(event.pointerId)) go(event); }),
  ];

  return {
    update(drawing, classOf) {
      const k = Math.min((WIDTH - 2 * PAD) / drawing.width, (HEIGHT - 2 * PAD) / drawing.height, 0.16);
      scale = { k, x: (WIDTH - drawing.width * k) / 2, y: (HEIGHT - drawing.height * k) / 2 };
      shapes = new Map(drawing.nodes.map((node) => [node.id, svgElement("rect", {
        x: scale.x + node.x * k, y: scale.y + node.y * k, width: Math.max(2, node.w * k), height: Math.max(1.5, node.h * k), rx: 1.5,
      })]));
      const lines = drawing.edges.map((edge) => svgElement("polyline", {
        class: "minimap__edge", points: edge.points.map(([x, y]) => `${scale.x + x * k},${scale.y + y * k}`).join(" "),
      }));
      nodes.replaceChildren(...lines, ...shapes.values());
      this.recolour(drawing, classOf);
    },
    recolour(drawing, classOf) {
      for (const node of drawing.nodes) shapes.get(node.id)?.setAttribute("class", `minimap__node ${classOf(node)}`);
    },
    show(view, width, height) {
      setAttributes(frame, {
        x: scale.x + (-view.x / view.k) * scale.k, y: scale.y + (-view.y / view.k) * scale.k,
        width: (width / view.k) * scale.k, height: (height / view.k) * scale.k,
      });
    },
    destroy() { stops.forEach((stop) => stop()); root.remove(); },
  };
}
