// The one renderer of graphs, for the editor and for executions.
//
//   const canvas = createCanvas(element, { editable, run });
//   canvas.update(drawing)                     a drawing of designer.diagrams.drawing.draw
//   canvas.setStatuses({ name: { status, meta, subtitle, progress } }, { taken: [[from, to], …], live: [[from, to], …] })
//   canvas.setProblems({ name: { severity, count, text } })
//   canvas.select(name | [names] | null), canvas.selected, canvas.focus(name), canvas.reveal(name)
//   canvas.fit(), canvas.zoomBy(factor), canvas.destroy()
//
// Events on `element`: canvas-select {ids}, canvas-open {id} (Enter, double click), canvas-fold {id},
// canvas-insert {place} (⊕), canvas-move {id, place} (a state dragged there), canvas-edge {edge}, canvas-menu {id or null, x, y},
// canvas-zoom {k}.

import { _ } from "../lib/i18n.js";
import { emit, on } from "../lib/dom.js";
import { edgeElements, moveEdge } from "./edge.js";
import { createControls } from "./controls.js";
import { createMinimap } from "./minimap.js";
import { createLasso, createNodeDrag } from "./dragging.js";
import { animate } from "./motion.js";
import { neighbour } from "./neighbours.js";
import { drawFlag, drawStatus, label, nodeElement } from "./node.js";
import { createPlaces, placesFor, placesOf } from "./places.js";
import { patternDefs, statusName } from "./statuses.js";
import { setAttributes, svgElement } from "./svg.js";
import { createViewport } from "./viewport.js";

const EMPTY = { width: 80, height: 42, nodes: [], edges: [], branches: [] };
const ARROWS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };
const DETAIL = [[0.8, 0], [0.55, 1], [0.35, 2], [0, 3]];

/** Fills `element` with the canvas. `controls` and `minimap` can be switched off for small previews. */
export function createCanvas(element, options = {}) {
  return new Canvas(element, { editable: false, lasso: false, run: false, controls: true, minimap: true, label: _("Workflow graph"), ...options });
}

class Canvas {
  constructor(element, options) {
    this.element = element;
    this.options = options;
    this.drawing = EMPTY;
    this.statuses = null;
    this.problems = {};
    this.chosen = new Set();
    this.nodes = new Map(); // id → {node, group, signature}
    this.edges = new Map(); // id → {edge, line, pill, signature}
    this.stopMotion = () => {};
    this.fitted = false;
    this.build();
    this.listen();
  }

  build() {
    const layer = (name) => svgElement("g", { class: `layer layer--${name}` });
    this.layers = { containers: layer("containers"), edges: layer("edges"), nodes: layer("nodes"), pills: layer("pills"), places: layer("places") };
    this.world = svgElement("g", {}, ...Object.values(this.layers));
    this.svg = svgElement("svg", { class: "graph", role: "group", "aria-label": this.options.label }, patternDefs(), this.world);
    this.element.classList.add("canvas");
    if (this.options.run) this.element.classList.add("canvas--run");
    this.element.append(this.svg);
    this.viewport = createViewport(this.element, {
      size: () => this.drawing,
      startX: () => { const first = this.drawing.nodes[0]; return first ? first.x + first.w / 2 : 0; },
      onChange: (view) => this.showView(view),
      isBackground: (event) => !event.target.closest(".node, .place, .pill, .floating") && !(event.shiftKey && this.options.lasso),
      insets: this.options.insets,
    });
    this.places = createPlaces(this.layers.places, { onChoose: (place) => emit(this.element, "canvas-insert", { place }) });
    if (this.options.controls) this.controls = createControls(this.element, this);
    if (this.options.minimap) {
      const holder = document.createElement("div");
      holder.className = "floating floating--minimap popover";
      this.element.append(holder);
      this.minimap = createMinimap(holder, { goTo: (x, y) => this.viewport.centre(x, y) });
    }
  }

  listen() {
    const resized = new ResizeObserver(([{ contentRect }]) => {
      this.room = { width: contentRect.width, height: contentRect.height };
      if (!this.fitted && this.drawing !== EMPTY) this.open();
      else this.showView(this.viewport.view);
    });
    resized.observe(this.element);
    this.stops = [
      on(this.svg, "click", (event) => this.click(event)),
      on(this.svg, "dblclick", (event) => { const id = idOf(event); if (id) emit(this.element, "canvas-open", { id }); }),
      on(this.svg, "contextmenu", (event) => this.menu(event)),
      on(this.svg, "keydown", (event) => this.key(event)),
      on(this.svg, "pointerover", (event) => this.hover(event)),
      on(this.element, "pointerleave", () => { if (!this.dragging) this.places.hide(); }),
      () => resized.disconnect(),
      ...(this.options.editable ? [createNodeDrag(this, { onMove: (id, place) => emit(this.element, "canvas-move", { id, place }) })] : []),
      ...(this.options.lasso ? [createLasso(this, { onChoose: (ids) => this.select(ids) })] : []),
    ];
  }

  get selected() { return [...this.chosen]; }

  /** Shows a drawing; what was there before glides to its new place. */
  update(drawing) {
    this.stopMotion();
    const before = this.positions();
    const anchor = this.anchor(before);
    this.drawing = drawing;
    this.syncNodes();
    this.syncEdges();
    this.chosen = new Set([...this.chosen].filter((id) => this.nodes.has(id)));
    this.markSelection();
    this.applyStatuses();
    this.minimap?.update(drawing, (node) => this.mapClass(node));
    if (!this.fitted && this.element.clientWidth) this.open();
    else if (anchor) this.keep(anchor);
    this.stopMotion = animate(before, this.positions(true), (_share, nodes, edges) => this.place(nodes, edges));
    this.showView(this.viewport.view);
  }

  positions(fresh = false) {
    const nodes = new Map(this.drawing.nodes.map((node) => [node.id, node]));
    const edges = new Map(this.drawing.edges.map((edge) => [edge.id, edge]));
    return fresh || this.drawing !== EMPTY ? { nodes, edges } : { nodes: new Map(), edges: new Map() };
  }

  /** The node whose place on the screen stays over an update: the selected one, else the first in view. */
  anchor(before) {
    const [id] = this.chosen.size ? this.chosen : before.nodes.keys();
    return before.nodes.get(id);
  }

  keep(anchor) {
    const now = this.drawing.nodes.find((node) => node.id === anchor.id);
    if (now) this.viewport.shift((anchor.x - now.x) * this.viewport.view.k, (anchor.y - now.y) * this.viewport.view.k);
  }

  place(nodes, edges) {
    for (const [id, { x, y }] of nodes) this.nodes.get(id)?.group.setAttribute("transform", `translate(${x} ${y})`);
    for (const [id, { points, pill }] of edges) {
      const entry = this.edges.get(id);
      if (entry) moveEdge(entry, points, pill);
    }
  }

  syncNodes() {
    const held = this.svg.contains(document.activeElement) ? document.activeElement : null;
    const kept = new Map();
    for (const node of this.drawing.nodes) {
      const { x: _x, y: _y, ...rest } = node;
      const signature = JSON.stringify(rest);
      const old = this.nodes.get(node.id);
      if (old?.signature === signature) kept.set(node.id, { ...old, node });
      else kept.set(node.id, { node, signature, group: nodeElement(node, this.options) });
      if (old && old.signature !== signature) this.moveFocus(old.group, kept.get(node.id).group);
    }
    this.nodes = kept;
    const groups = [...kept.values()];
    this.layers.containers.replaceChildren(...groups.filter(({ node }) => node.container).map(({ group }) => group));
    this.layers.nodes.replaceChildren(...groups.filter(({ node }) => !node.container).map(({ group }) => group));
    if (held?.isConnected && held !== document.activeElement) held.focus({ preventScroll: true }); // being put in again takes it away
    this.refocus?.();
  }

  /** Keyboard focus survives a node being drawn anew. */
  moveFocus(from, to) {
    if (from !== document.activeElement) return;
    this.refocus = () => { this.refocus = null; to.focus({ preventScroll: true }); };
  }

  syncEdges() {
    const kept = new Map();
    for (const edge of this.drawing.edges) {
      const signature = JSON.stringify([edge.kind, edge.title, edge.join, edge.pill?.text, edge.pill?.w]);
      const old = this.edges.get(edge.id);
      kept.set(edge.id, old?.signature === signature ? { ...old, edge } : { edge, signature, ...edgeElements(edge) });
    }
    this.edges = kept;
    this.layers.edges.replaceChildren(...[...kept.values()].map(({ line }) => line));
    this.layers.pills.replaceChildren(...[...kept.values()].map(({ pill }) => pill).filter(Boolean));
  }

  /** Colours the graph by a run (`null` = no run). Names of states that are not drawn are ignored. */
  setStatuses(statuses, { taken = [], live = [] } = {}) {
    this.statuses = statuses && Object.fromEntries(Object.entries(statuses).map(([id, entry]) =>
      [id, typeof entry === "string" ? { status: statusName(entry) } : { ...entry, status: statusName(entry.status) }]));
    this.taken = new Set(taken.map(([from, to]) => `${from}\u0000${to}`));
    this.live = new Set(live.map(([from, to]) => `${from}\u0000${to}`));
    this.applyStatuses();
    this.minimap?.recolour(this.drawing, (node) => this.mapClass(node));
  }

  setProblems(problems) {
    this.problems = problems ?? {};
    this.applyStatuses();
    this.minimap?.recolour(this.drawing, (node) => this.mapClass(node));
  }

  applyStatuses() {
    for (const [id, { node, group }] of this.nodes) {
      const entry = this.statuses?.[id] ?? null;
      const problem = this.problems[id] ?? null;
      const state = JSON.stringify([entry, problem, node.w, node.h]);
      if (this.nodes.get(id).state === state) continue;
      this.nodes.get(id).state = state;
      drawStatus(group, node, entry, this.options);
      drawFlag(group, node, problem);
      label(group, node, this.options.run ? entry ?? { status: "notreached" } : null, problem);
    }
    if (this.options.run) for (const entry of this.edges.values()) this.colourEdge(entry);
  }

  colourEdge({ edge, line, pill }) {
    const pair = `${edge.from}\u0000${edge.to}`;
    const live = this.live?.has(pair) ?? false;
    const taken = live || (this.taken?.has(pair) ?? false);
    for (const part of [line, pill]) {
      part?.classList.toggle("is-live", live);
      part?.classList.toggle("is-taken", taken && !live);
      part?.classList.toggle("is-idle", !taken);
    }
  }

  mapClass(node) {
    const status = this.options.run ? `is-${this.statuses?.[node.id]?.status ?? "notreached"}` : "";
    const problem = this.problems[node.id] ? "has-problem" : "";
    return `minimap__node--${node.container ? "container" : node.kind} ${status} ${problem} ${this.chosen.has(node.id) ? "is-selected" : ""}`;
  }

  /** Selects states; `quiet` sends no event (when the selection came from elsewhere). */
  select(ids, { quiet = false, reveal = false } = {}) {
    const list = ids === null || ids === undefined ? [] : Array.isArray(ids) ? ids : [ids];
    this.chosen = new Set(list.filter((id) => this.nodes.has(id)));
    this.markSelection();
    this.minimap?.recolour(this.drawing, (node) => this.mapClass(node));
    if (reveal && list.length) this.reveal(list[0]);
    if (!quiet) emit(this.element, "canvas-select", { ids: this.selected });
  }

  markSelection() {
    const first = this.selected[0] ?? this.drawing.nodes.find((node) => node.kind !== "start")?.id;
    for (const [id, { group, node }] of this.nodes) {
      group.classList.toggle("is-selected", this.chosen.has(id));
      if (!["start", "end"].includes(node.kind)) setAttributes(group, { "aria-pressed": this.chosen.has(id), tabindex: id === first ? 0 : -1 });
    }
    for (const { edge, line, pill } of this.edges.values()) {
      const lit = this.chosen.size === 1 && this.chosen.has(edge.from) && !this.options.run;
      for (const part of [line, pill]) part?.classList.toggle("is-lit", lit);
    }
  }

  reveal(id) {
    const node = this.drawing.nodes.find((entry) => entry.id === id);
    if (node) this.viewport.reveal(node);
  }

  focus(id) { this.nodes.get(id)?.group.focus({ preventScroll: true }); }

  /** The first view: all of it, or its beginning where all would be too small to read. */
  open() {
    this.fitted = true;
    this.viewport.open();
  }

  /** The first view again, when the canvas has another size and nobody has moved it. */
  refit() {
    if (!this.viewport.touched) this.viewport.open();
    else if (this.chosen.size) this.reveal(this.selected[0]);
  }

  fit({ animate: glide = true } = {}) {
    this.fitted = true;
    this.viewport.fit({ animate: glide });
  }

  zoomBy(factor) { this.fitted = true; this.viewport.zoomBy(factor); }

  showView(view) {
    this.world.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
    const detail = String(DETAIL.find(([least]) => view.k >= least - 0.001)[1]);
    if (this.svg.dataset.detail !== detail) this.svg.dataset.detail = detail;
    // Not by custom properties: those are inherited, so that each move would restyle every node.
    const dot = 20 * (view.k < 0.5 ? 2 : 1) * view.k;
    this.element.style.backgroundSize = `${dot}px ${dot}px`;
    this.element.style.backgroundPosition = `${view.x}px ${view.y}px`;
    // Kept by the observer: asking the element after writing to it would lay everything out at once.
    this.minimap?.show(view, this.room?.width ?? this.element.clientWidth, this.room?.height ?? this.element.clientHeight);
    this.controls?.show(view.k);
    if (this.lastK !== view.k) emit(this.element, "canvas-zoom", { k: (this.lastK = view.k) });
  }

  click(event) {
    const fold = event.target.closest("[data-fold]");
    if (fold) { emit(this.element, "canvas-fold", { id: fold.dataset.fold }); return; }
    const id = idOf(event);
    if (id && this.nodes.get(id)?.node.kind !== "start" && this.nodes.get(id)?.node.kind !== "end") {
      this.select(event.shiftKey ? this.toggled(id) : id);
      this.focus(id);
      return;
    }
    const edge = this.edges.get(event.target.closest("[data-edge]")?.dataset.edge)?.edge;
    if (edge) { emit(this.element, "canvas-edge", { edge }); return; }
    if (this.chosen.size) this.select(null);
  }

  toggled(id) {
    return this.chosen.has(id) ? this.selected.filter((other) => other !== id) : [...this.selected, id];
  }

  /** By the right button where it stands, by the menu key beside the node. */
  menu(event) {
    const id = event.target.closest(".node")?.dataset.id ?? null;
    const box = event.button === 2 || event.pointerType === "touch" ? null : event.target.closest(".node")?.getBoundingClientRect();
    const [x, y] = box ? [box.left + 16, box.top + Math.min(box.height, 40)] : [event.clientX, event.clientY];
    const free = emit(this.element, "canvas-menu", { id, x, y });
    if (!free) event.preventDefault();
  }

  hover(event) {
    if (!this.options.editable || this.dragging || event.pointerType === "touch") return;
    if (event.target.closest(".place")) return;
    const id = event.target.closest("[data-edge]")?.dataset.edge;
    if (!id) { if (!event.target.closest("[data-edge]")) this.places.hide(); return; }
    const place = placesOf(this.drawing).find((entry) => entry.edge?.id === id);
    if (place) this.places.show([place]);
  }

  key(event) {
    const id = idOf(event);
    if (!id || event.altKey || event.metaKey || event.ctrlKey) return;
    const direction = ARROWS[event.key];
    if (direction) {
      event.preventDefault();
      const next = neighbour(this.drawing, id, direction);
      if (next && !["start", "end"].includes(this.nodes.get(next)?.node.kind)) { this.select(next, { reveal: true }); this.focus(next); }
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.select(id);
      emit(this.element, "canvas-open", { id });
    } else if (event.key === " ") {
      event.preventDefault();
      this.select(event.shiftKey ? this.toggled(id) : id);
    } else if (event.key === "Escape" && this.chosen.size) {
      this.select(null);
    }
  }

  /** Shows every place for what is being dragged, or for the state `moving`; returns how many there are. */
  startDrag({ moving = null } = {}) {
    this.dragging = true;
    this.element.classList.add("is-dragging");
    return this.places.show(moving === null ? placesOf(this.drawing) : placesFor(this.drawing, moving));
  }

  /** The place nearest to a point of the window, or null. */
  dragTo(clientX, clientY) {
    const box = this.element.getBoundingClientRect();
    const { x, y, k } = this.viewport.view;
    return this.places.near((clientX - box.left - x) / k, (clientY - box.top - y) / k, k);
  }

  endDrag() {
    this.dragging = false;
    this.element.classList.remove("is-dragging");
    this.places.hide();
  }

  destroy() {
    this.stopMotion();
    this.stops.forEach((stop) => stop());
    this.viewport.destroy();
    this.minimap?.destroy();
    this.element.replaceChildren();
  }
}

const idOf = (event) => event.target.closest?.(".node, .terminal")?.dataset.id ?? null;
