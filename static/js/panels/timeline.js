// The timeline: a lane for each state, its tries, waits and iterations as bars on one axis, which can be zoomed and in
// which long idle stretches are narrowed.

import { html, nothing, render } from "lit";
import { statusWord } from "../canvas/statuses.js";
import { _, fill } from "../lib/i18n.js";
import { glyph, icon } from "../lib/icon.js";
import { clock, clockMs, span } from "../lib/moments.js";
import { axisOf, barsInSight, idleStretches, inSight, lanesOf, marksOf, moved, timeSpent, WHOLE, zoomed } from "../model/timeline.js";
import { placeWords, stateNote, stateWord } from "./run-words.js";
import { virtualRows } from "./virtual-rows.js";

const ROW = 38; // px, as in timeline.css
const NUMBERED = 0.03; // the least width of a bar with its number
const MARK = 84; // px that a mark takes
const ASIDE = 300; // px beside the axis
const STEP = 1.6; // of a zoom by button or key
const percent = (share) => `${(share * 100).toFixed(3)}%`;

/**
 * Fills `element`; `rows` as in model/places.js; `choose(name, visit id or null)` when a lane or a bar is chosen;
 * `look(sight)` when the part in sight changes (null is the whole run).
 * Returns {update(progress, {from, to, now, chosen, visit, sight})}.
 */
export function timeline(element, rows, { choose, look }) {
  const opened = new Set();
  let folding = true;
  let text = "";
  let view = null; // what update() was told
  let axis = null;
  let lanes = [];
  const [bar, head, body, foot] = parts(element);
  const list = virtualRows(body, { height: ROW, row: lane });
  body.addEventListener("keydown", onKey);
  for (const part of [head, body]) part.addEventListener("wheel", onWheel, { passive: false });
  body.addEventListener("pointerdown", onDrag);

  const sight = () => view.sight ?? WHOLE;
  const see = (next) => look(next.from <= 0 && next.to >= 1 ? null : next);

  // ── drawing ──

  function draw() {
    const idle = idleStretches(view.progress, view, view.now);
    axis = axisOf(view, folding ? idle : []);
    lanes = lanesOf(rows, view.progress, opened, text);
    render(barTemplate(idle), bar);
    render(headTemplate(), head);
    list.update(lanes.length);
    render(footTemplate(), foot);
  }

  function barTemplate(idle) {
    const idleMs = idle.reduce((sum, one) => sum + one.to - one.from, 0);
    return html`<label class="input-box events__search">${icon("search")}<span class="visually-hidden">${_("Find a state")}</span>
        <input type="search" placeholder=${_("Find a state")} .value=${text} @input=${({ target }) => { text = target.value.trim(); draw(); }}></label>
      ${idle.length ? html`<button class="button" type="button" aria-pressed=${folding} @click=${() => { folding = !folding; draw(); }}>
        ${icon("merge")}${_("Fold idle time")}</button>
        <span class="small muted">${fill(_("%(all)s, of which %(idle)s idle"), { all: span(view.to - view.from), idle: span(idleMs) })}</span>` : nothing}
      <div class="row push" role="group" aria-label=${_("Zoom")}>
        ${tool("zoom-out", `${_("Zoom out")} (−)`, () => see(zoomed(sight(), STEP)), !view.sight)}
        ${tool("zoom-in", `${_("Zoom in")} (+)`, () => see(zoomed(sight(), 1 / STEP)))}
        ${tool("chevron-left", `${_("Earlier")} (←)`, () => see(moved(sight(), -0.4)), !view.sight)}
        ${tool("chevron-right", `${_("Later")} (→)`, () => see(moved(sight(), 0.4)), !view.sight)}
        ${tool("scan", `${_("The whole run")} (0)`, () => look(null), !view.sight)}</div>`;
  }

  function headTemplate() {
    const marks = marksOf(axis, sight(), Math.max(1, Math.floor((head.clientWidth - ASIDE) / MARK)));
    return html`<span>${_("State")}</span><span class="number">${_("Duration")}</span>
      <span class="lane__axis">${marks.map(({ share, ms }) =>
        html`<span class="lane__mark" .style=${`inset-inline-start:${percent(share)}`}>${ms ? `+${span(ms)}`
        : clock(axis.from)}</span>`)}
        ${folds().map(({ left, width, ms }) => html`<span class="lane__folded" .style=${`inset-inline-start:${percent(left)};width:${percent(width)}`}
          title=${fill(_("%(span)s without work"), { span: span(ms) })}><b>${span(ms)}</b></span>`)}</span>`;
  }

  const folds = () => axis.pieces.filter((piece) => piece.folded)
    .map((piece) => ({ left: inSight(piece.share, sight()), width: piece.width / (sight().to - sight().from), ms: piece.to - piece.from }))
    .filter(({ left, width }) => left < 1 && left + width > 0);

  function lane(index) {
    const one = lanes[index];
    const { row, state, visit } = one;
    const status = (visit ?? state)?.status ?? "notreached";
    const selected = row.name === view.chosen && (visit ? visit.id === view.visit : true);
    return html`<div class="lane" role="row" data-index=${index} aria-selected=${selected} aria-level=${one.depth + 1}
        aria-expanded=${one.folds ? one.open : nothing} @click=${(event) => onClick(event, one)}>
      <span role="gridcell" class="lane__name" .style=${`padding-inline-start:${one.depth * 18}px`}>
        ${one.folds ? html`<button class="lane__fold" type="button" tabindex="-1"
          aria-label=${one.open ? _("Fold") : _("Unfold")}>${icon(one.open ? "chevron-down" : "chevron-right",
          "icon--small")}</button>` : html`<span class="lane__fold"></span>`}
        ${glyph(status)}<span class="truncate ${state ? "" : "muted"} ${visit ? "soft" : "medium"}"
          title=${row.name}>${visit ? visitName(visit, state) : row.name}</span>
        ${state && !visit ? html`<span class="muted tiny nowrap">${stateNote(state)}</span>` : nothing}</span>
      <span role="gridcell" class="number soft">${state ? span((visit ?? state).duration(view.now)) : nothing}</span>
      <span role="gridcell" class="lane__bars">${state ? bars(one) : nothing}<span
        class="visually-hidden">${stateWord(status, (visit ?? state)?.waitsFor)}</span></span></div>`;
  }

  function bars({ row, visits }) {
    const container = row.type === "Parallel" || row.type === "Map";
    return [
      ...folds().map(({ left, width }) => html`<i class="lane__gap" .style=${`inset-inline-start:${percent(left)};width:${percent(width)}`}></i>`),
      ...barsInSight(visits, axis, sight(), view.now)
        .map((one) => html`<i data-visit=${one.visit} title=${one.pause ? _("Back-off before a retry") : barTitle(one)}
        class="lane__bar ${one.pause ? "lane__bar--pause" : row.type === "Wait" && one.status === "succeeded"
          ? "spent__pause" : `pattern--${one.status}`} ${container ? "lane__bar--container" : ""}"
        .style=${`inset-inline-start:${percent(one.left)};width:${percent(one.width)}`}>${one.number && !one.pause
          && one.width > NUMBERED ? html`<b>${one.number}</b>` : nothing}</i>`),
    ];
  }

  function barTitle({ visit: id, status, number: tryNumber }) {
    const visit = view.progress.visitOf(id);
    const one = tryNumber ? visit.tries[tryNumber - 1] : null;
    const from = one?.from ?? visit.entered;
    const to = one ? one.to : visit.exited;
    const words = [
      tryNumber ? fill(_("%(name)s, try %(number)s"), { name: visit.name, number: tryNumber }) : visit.name, statusWord(status),
      `${clockMs(from)} – ${to === null ? "" : clockMs(to)}`, span((to ?? view.now) - from), one?.error,
    ];
    return words.filter(Boolean).join("\n");
  }

  function footTemplate() {
    const spent = timeSpent(view.progress, view.now);
    const all = spent.reduce((sum, one) => sum + one.ms, 0);
    if (!all) return nothing;
    return html`<div class="spent"><b class="medium">${_("Where the time went")}</b> <span
      class="small muted">${fill(_("%(span)s in all, also side by side"), { span: span(all) })}</span>
      <div class="spent__bar" aria-hidden="true">${spent.map(({ kind, ms }) => html`<i class=${spentClass(kind)} .style=${`flex-grow:${ms}`}></i>`)}</div>
      <ul class="spent__words">${spent.map(({ kind, ms }) =>
        html`<li><i class="spent__key ${spentClass(kind)}" aria-hidden="true"></i>${spentWord(kind)} <span
        class="muted">${span(ms)}</span></li>`)}</ul></div>`;
  }

  // ── what the person does ──

  function onClick(event, one) {
    if (event.target.closest(".lane__fold") && one.folds) return unfold(one);
    const hit = event.target.closest("[data-visit]");
    return choose(one.row.name, one.visit?.id ?? (hit ? Number(hit.dataset.visit) : null));
  }

  function unfold({ row }) {
    if (!opened.delete(row.name)) opened.add(row.name);
    draw();
  }

  function chosenIndex() {
    const exact = lanes.findIndex((one) => one.row.name === view.chosen && one.visit && one.visit.id === view.visit);
    return exact >= 0 ? exact : lanes.findIndex((one) => one.row.name === view.chosen);
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = chosenIndex();
    const one = lanes[at];
    const acts = {
      "+": () => see(zoomed(sight(), 1 / STEP)), "=": () => see(zoomed(sight(), 1 / STEP)), "-": () => see(zoomed(sight(), STEP)), 0: () => look(null),
      ArrowRight: () => (one?.folds && !one.open ? unfold(one) : view.sight && see(moved(sight(), 0.2))),
      ArrowLeft: () => (one?.open ? unfold(one) : view.sight && see(moved(sight(), -0.2))),
      ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1), Home: () => go(0), End: () => go(lanes.length - 1),
      PageDown: () => go(at + list.page), PageUp: () => go(at - list.page),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  function go(index) {
    const to = Math.max(0, Math.min(lanes.length - 1, index));
    if (!lanes[to]) return;
    choose(lanes[to].row.name, lanes[to].visit?.id ?? null);
    list.reveal(to);
  }

  const axisBox = () => head.querySelector(".lane__axis").getBoundingClientRect();

  /** Ctrl and the wheel zoom at the pointer, the wheel sideways moves. */
  function onWheel(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const box = axisBox();
      const part = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
      see(zoomed(sight(), event.deltaY > 0 ? 1.2 : 1 / 1.2, sight().from + part * (sight().to - sight().from)));
    } else if (view.sight && Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      see(moved(sight(), event.deltaX / axisBox().width));
    }
  }

  /** Dragging over the bars zooms to what was dragged over. */
  function onDrag(event) {
    const over = event.target.closest(".lane__bars");
    if (!over || event.button !== 0 || event.pointerType === "touch") return;
    const box = axisBox();
    const start = event.clientX;
    const mark = Object.assign(document.createElement("div"), { className: "lane__drag", hidden: true });
    body.append(mark);
    const move = ({ clientX }) => {
      mark.hidden = Math.abs(clientX - start) < 6;
      const left = Math.max(box.left, Math.min(start, clientX));
      mark.style.cssText = `left:${left - body.getBoundingClientRect().left}px;width:${Math.min(box.right,
        Math.max(start, clientX)) - left}px;top:${body.scrollTop}px`;
    };
    const end = ({ clientX, type }) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      const dragged = type === "pointerup" && !mark.hidden;
      mark.remove();
      if (!dragged) return;
      addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
      const [from, to] = [start, clientX].map((x) =>
        sight().from + ((x - box.left) / box.width) * (sight().to - sight().from)).sort((one, other) => one - other);
      see({ from: Math.max(0, from), to: Math.min(1, Math.max(to, from + 1e-4)) });
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }

  return {
    update(progress, told) {
      view = { progress, ...told };
      draw();
    },
  };
}

const tool = (symbol, label, act, off = false) => html`<button class="button button--quiet button--icon" type="button" title=${label} aria-label=${label}
  ?disabled=${off} @click=${act}>${icon(symbol)}</button>`;

/** "Each › item 3"; outside of containers "visit 2". */
function visitName(visit, state) {
  return placeWords(visit).at(-1) || fill(_("visit %(number)s"), { number: state.visits.indexOf(visit) + 1 });
}

const spentClass = (kind) => (["pause", "backoff"].includes(kind) ? `spent__${kind}` : `pattern--${kind}`);

function spentWord(kind) {
  return {
    succeeded: _("Worked"), running: _("Running"), failed: _("Failed tries"), timedout: _("Timed-out tries"), caught: _("Caught error"),
    aborted: _("Aborted"), waiting: _("Waiting for people and answers"), pause: _("Wait states"), backoff: _("Back-off before a retry"),
  }[kind] ?? statusWord(kind);
}

function parts(element) {
  const made = ["events__bar", "lane lane--head", "lanes virtual",
    "timeline__foot"].map((className) => Object.assign(document.createElement("div"), { className }));
  const body = made[2];
  body.tabIndex = 0;
  body.setAttribute("role", "treegrid");
  body.setAttribute("aria-label", _("States on a timeline"));
  element.append(...made);
  return made;
}
