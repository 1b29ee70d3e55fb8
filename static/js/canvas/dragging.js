// Dragging on the canvas: a state to another place, and a frame around several states.

import { on } from "../lib/dom.js";
import { svgElement } from "./svg.js";

const FAR = 5; // px of movement from which it is a drag

/** Follows one pointer from a pointerdown: `begin()` at the first real movement, `move(event)`, `end(event, done)`; Esc gives up. */
function follow(down, { begin, move, end }) {
  const control = new AbortController();
  let begun = false;
  const listen = (type, listener) => addEventListener(type, listener, { signal: control.signal });
  const finish = (event, done) => {
    control.abort();
    if (!begun) return;
    end(event, done);
    // The click that follows a drag chooses nothing.
    const stop = on(globalThis, "click", (click) => { click.stopPropagation(); click.preventDefault(); }, { capture: true, once: true });
    setTimeout(stop, 0);
  };
  listen("pointermove", (event) => {
    if (!begun && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < FAR) return;
    if (!begun) { begun = true; begin(); }
    move(event);
  });
  listen("pointerup", (event) => finish(event, true));
  listen("pointercancel", (event) => finish(event, false));
  listen("keydown", (event) => { if (event.key === "Escape") finish(event, false); });
}

/** A state is lifted by the mouse and dropped on a lit place: `onMove(id, place)`. `canvas` offers startDrag, dragTo and endDrag. */
export function createNodeDrag(canvas, { onMove }) {
  return on(canvas.svg, "pointerdown", (down) => {
    const group = down.target.closest(".node");
    if (!group || down.button !== 0 || down.pointerType === "touch" || down.shiftKey || down.target.closest("[data-fold]")) return;
    const id = group.dataset.id;
    let place = null;
    let ghost = null;
    follow(down, {
      begin() {
        const kept = canvas.startDrag({ moving: id });
        group.classList.add("is-lifted");
        ghost = document.createElement("div");
        ghost.className = "drag-card popover";
        ghost.textContent = id;
        ghost.hidden = !kept;
        document.body.append(ghost);
      },
      move(event) {
        ghost.style.translate = `${event.clientX + 10}px ${event.clientY + 8}px`;
        place = canvas.dragTo(event.clientX, event.clientY);
        ghost.classList.toggle("has-place", Boolean(place));
      },
      end(_event, done) {
        ghost.remove();
        group.classList.remove("is-lifted");
        canvas.endDrag();
        if (done && place) onMove(id, place);
      },
    });
  });
}

/** Shift and a drag over the background select what the frame touches: `onChoose(ids)`. */
export function createLasso(canvas, { onChoose }) {
  return on(canvas.svg, "pointerdown", (down) => {
    if (!down.shiftKey || down.button !== 0 || down.target.closest(".node, .pill, .place")) return;
    const frame = svgElement("rect", { class: "lasso" });
    const point = (event) => {
      const box = canvas.element.getBoundingClientRect();
      const { x, y, k } = canvas.viewport.view;
      return [(event.clientX - box.left - x) / k, (event.clientY - box.top - y) / k];
    };
    const [startX, startY] = point(down);
    let area = null;
    follow(down, {
      begin: () => canvas.world.append(frame),
      move(event) {
        const [x, y] = point(event);
        area = { x: Math.min(x, startX), y: Math.min(y, startY), w: Math.abs(x - startX), h: Math.abs(y - startY) };
        for (const [name, value] of [["x", area.x], ["y", area.y], ["width", area.w], ["height", area.h]]) frame.setAttribute(name, value);
      },
      end(_event, done) {
        frame.remove();
        if (done && area) onChoose(touched(canvas.drawing, area));
      },
    });
  });
}

/** The states a frame touches; of a container only its head counts, unless all of it is inside.  No DOM. */
export function touched(drawing, area) {
  const meets = (node, height) => node.x < area.x + area.w && node.x + node.w > area.x && node.y < area.y + area.h && node.y + height > area.y;
  const holds = (node) => node.x >= area.x && node.y >= area.y && node.x + node.w <= area.x + area.w && node.y + node.h <= area.y + area.h;
  const chosen = drawing.nodes.filter((node) => !["start", "end", "missing"].includes(node.kind) && (node.container ? holds(node) : meets(node, node.h)));
  const whole = new Set(chosen.filter((node) => node.container).map((node) => node.id));
  const parents = new Map(drawing.nodes.map((node) => [node.id, node.parent]));
  const inside = (node) => { for (let above = node.parent; above; above = parents.get(above)) if (whole.has(above)) return true; return false; };
  return chosen.filter((node) => !inside(node)).map((node) => node.id);
}
