// Pan and zoom: pointer, wheel, touch (two fingers) and methods.  Tells `onChange(view)`; view = {x, y, k}.

import { on, reducedMotion } from "../lib/dom.js";

const [MIN, MAX] = [0.1, 2];
const READABLE = 0.6;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** `element` takes the gestures; `size()` gives the drawing's {width, height}; `isBackground(event)` starts a pan. */
export function createViewport(element, { size, startX = () => size().width / 2, onChange, isBackground,
  insets = { top: 24, right: 24, bottom: 60, left: 24 } }) {
  const view = { x: 0, y: 0, k: 1 };
  const pointers = new Map();
  let gesture = null;
  let moved = false;
  let frame = 0;
  let touched = false;

  const apply = (next) => {
    Object.assign(view, next, { k: clamp(next.k ?? view.k, MIN, MAX) });
    onChange(view);
  };
  const local = (event) => {
    const box = element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  /** Zooms by `factor` so that the point (px in the element) stays where it is. */
  function zoomAt([px, py], factor) {
    touched = true;
    cancelAnimationFrame(frame);
    const k = clamp(view.k * factor, MIN, MAX);
    apply({ k, x: px - ((px - view.x) * k) / view.k, y: py - ((py - view.y) * k) / view.k });
  }

  function glide(target) {
    cancelAnimationFrame(frame);
    if (reducedMotion() || !element.isConnected) { apply(target); return; }
    const from = { ...view };
    const start = performance.now();
    const step = (now) => {
      const share = clamp((now - start) / 280, 0, 1);
      const eased = 1 - (1 - share) ** 3;
      apply({ x: from.x + (target.x - from.x) * eased, y: from.y + (target.y - from.y) * eased, k: from.k + (target.k - from.k) * eased });
      if (share < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  }

  function fitted(limit = 1) {
    const { width, height } = size();
    const [w, h] = [element.clientWidth - insets.left - insets.right, element.clientHeight - insets.top - insets.bottom];
    const k = clamp(Math.min(w / width, h / height, limit), MIN, MAX);
    return { k, x: insets.left + (w - width * k) / 2, y: insets.top + Math.max(0, (h - height * k) / 2) };
  }

  function wheel(event) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) { zoomAt(local(event), Math.exp(-event.deltaY * 0.0022)); return; }
    cancelAnimationFrame(frame);
    touched = true;
    const step = event.deltaMode === 1 ? 24 : 1;
    const [dx, dy] = event.shiftKey && !event.deltaX ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    apply({ x: view.x - dx * step, y: view.y - dy * step });
  }

  function down(event) {
    if (event.button > 1 || (event.button === 0 && event.pointerType === "mouse" && !isBackground(event))) return;
    pointers.set(event.pointerId, local(event));
    moved = false;
    gesture = snapshot();
  }

  function snapshot() {
    const points = [...pointers.values()];
    if (!points.length) return null;
    const centre = [points.reduce((sum, p) => sum + p[0], 0) / points.length, points.reduce((sum, p) => sum + p[1], 0) / points.length];
    const spread = points.length > 1 ? Math.hypot(points[0][0] - points[1][0], points[0][1] - points[1][1]) : 0;
    return { centre, spread, view: { ...view } };
  }

  function move(event) {
    if (!pointers.has(event.pointerId) || !gesture) return;
    pointers.set(event.pointerId, local(event));
    const now = snapshot();
    const [dx, dy] = [now.centre[0] - gesture.centre[0], now.centre[1] - gesture.centre[1]];
    if (!moved && Math.hypot(dx, dy) < 4 && !gesture.spread) return;
    if (!moved) {
      moved = touched = true;
      cancelAnimationFrame(frame);
      element.setPointerCapture(event.pointerId);
      element.classList.add("is-panning");
    }
    const k = clamp(gesture.view.k * (gesture.spread && now.spread ? now.spread / gesture.spread : 1), MIN, MAX);
    const [gx, gy] = gesture.centre;
    apply({ k, x: gx + dx - ((gx - gesture.view.x) * k) / gesture.view.k, y: gy + dy - ((gy - gesture.view.y) * k) / gesture.view.k });
  }

  function up(event) {
    if (!pointers.delete(event.pointerId)) return;
    gesture = snapshot();
    element.classList.remove("is-panning");
  }

  const stops = [
    on(element, "wheel", wheel, { passive: false }), on(element, "pointerdown", down), on(element, "pointermove", move),
    on(element, "pointerup", up), on(element, "pointercancel", up),
    // A pan is no click: the click that follows it goes nowhere.
    on(element, "click", (event) => { if (moved) { event.stopImmediatePropagation(); moved = false; } }, true),
  ];
  return {
    view,
    /** Whether the person has moved or zoomed the picture. */
    get touched() { return touched; },
    /** Fits, but never smaller than can be read: then the top is shown. */
    open() {
      const whole = fitted();
      if (whole.k >= READABLE - 0.05) { apply(whole); return; }
      const fits = size().width * READABLE <= element.clientWidth;
      apply({ k: READABLE, y: insets.top, x: element.clientWidth / 2 - (fits ? size().width / 2 : startX()) * READABLE });
    },
    fit: ({ animate = true } = {}) => (animate ? glide(fitted()) : apply(fitted())),
    zoomBy: (factor) => zoomAt([element.clientWidth / 2, element.clientHeight / 2], factor),
    zoomTo: (k) => zoomAt([element.clientWidth / 2, element.clientHeight / 2], k / view.k),
    /** Moves as little as needed so that the box (drawing px) can be seen. */
    reveal(box) {
      const margin = 32;
      const [left, top] = [box.x * view.k + view.x, box.y * view.k + view.y];
      const [right, bottom] = [left + box.w * view.k, top + Math.min(box.h, 120) * view.k];
      const dx = left < margin ? margin - left : right > element.clientWidth - margin ? Math.max(element.clientWidth - margin - right, margin - left) : 0;
      const dy = top < margin ? margin - top : bottom > element.clientHeight - margin ? element.clientHeight - margin - bottom : 0;
      if (dx || dy) glide({ x: view.x + dx, y: view.y + dy, k: view.k });
    },
    /** Puts the point (drawing px) into the middle. */
    centre: (x, y) => apply({ x: element.clientWidth / 2 - x * view.k, y: element.clientHeight / 2 - y * view.k, k: view.k }),
    /** Moves the picture by (dx, dy) px at once, so that something keeps its place after a new layout. */
    shift: (dx, dy) => apply({ x: view.x + dx, y: view.y + dy, k: view.k }),
    pan: (dx, dy) => glide({ x: view.x + dx, y: view.y + dy, k: view.k }),
    destroy() { cancelAnimationFrame(frame); stops.forEach((stop) => stop()); },
  };
}
