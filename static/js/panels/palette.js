// The state browser's Add side: actions and flow states; click adds after the selection, drag onto the canvas, letters too.

import { html, nothing, render } from "lit";
import { get } from "../lib/api.js";
import { debounce } from "../lib/dom.js";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { patterns } from "./patterns.js";

/** Everything that can be added: {kind, name, label, text, icon, look, key}. `functions` are names of functions here. */
export function entries(functions) {
  return {
    actions: [
      { kind: "Task", name: "", label: _("Task"), text: _("Call a function or a service"), icon: "square", look: "task", key: "T" },
      { kind: "Approval", label: _("Approval"), text: _("Ask a person to decide"), icon: "stamp", look: "approval", key: "H" },
      { kind: "Activity", label: _("Activity"), text: _("Work for a program of yours"), icon: "radio-tower", look: "task" },
      { kind: "Machine", label: _("State machine"), text: _("Start another one and wait"), icon: "workflow", look: "task" },
      ...functions.map((name) => ({ kind: "Task", name, label: name, text: _("Function"), icon: "square-function", look: "task" })),
    ],
    flow: [
      { kind: "Choice", label: "Choice", text: _("Take one path by a rule"), icon: "split", look: "choice", key: "C" },
      { kind: "Parallel", label: "Parallel", text: _("Several paths at once"), icon: "columns-3", look: "parallel", key: "P" },
      { kind: "Map", label: "Map", text: _("The same steps for every item"), icon: "layers", look: "map", key: "M" },
      { kind: "Wait", label: "Wait", text: _("Until a time, or for a while"), icon: "clock", look: "wait", key: "W" },
      { kind: "Pass", label: "Pass", text: _("Shape the data, do nothing"), icon: "arrow-right", look: "pass", key: "A" },
      { kind: "Succeed", label: "Succeed", text: _("End here, well"), icon: "check", look: "succeed", key: "S" },
      { kind: "Fail", label: "Fail", text: _("End here with an error"), icon: "x", look: "fail", key: "F" },
    ],
  };
}

/** The entry of an integration: what it does, and of which service. */
function serviceEntry(resource) {
  const [, service, action] = /^arn:aws:states:::(.+?):([^:]+(?::2)?)$/.exec(resource) ?? [null, "", resource];
  return { kind: "Task", resource, label: action, text: service, icon: "cloud", look: "task" };
}

/**
 * Draws into `element`. `onAdd(entry)` adds after the selection; `drag` = {start(), move(x, y) → place, end(), drop(entry, place)}
 * is the canvas's side of dragging.
 */
export function createPalette(element, { functions, onAdd, drag }) {
  let search = "";
  let services = []; // actions of AWS that have the words of the search
  let dragged = false; // the click that follows a drag adds nothing
  const all = () => entries(functions());
  const matching = (list) => list.filter((entry) => `${entry.label} ${entry.text} ${entry.kind}`.toLowerCase().includes(search.toLowerCase()));

  const lookUp = debounce(async () => {
    const words = search.trim();
    const answer = words.length < 3 ? null : await get(`integrations/?search=${encodeURIComponent(words)}`).catch(() => null);
    if (search.trim() !== words) return;
    services = (answer?.resources ?? []).slice(0, 30).map(serviceEntry);
    draw();
  }, 200);

  const draw = () => {
    const { actions, flow } = all();
    render(html`<div class="input-box browser__search">${icon("search")}<input type="search"
      placeholder=${_("Search states to add")} aria-label=${_("Search states to add")}
      .value=${search} @input=${(event) => { search = event.target.value; if (search.trim().length < 3) services = []; draw(); lookUp(); }}
        @keydown=${searchKey}><kbd>/</kbd></div>
      ${group(_("Flow"), matching(flow))}${group(_("Patterns"), matching(patterns()))}
      ${group(_("Actions"), matching(actions))}${group(_("AWS services"), services)}
      ${matching([...flow, ...actions, ...patterns()]).length || services.length ? nothing : html`<p class="soft small">${_("Nothing has these words.")}</p>`}
      <p class="note small browser__hint">${icon("info")}<span>${_("Drag onto a lit place, or select a state and press the letter.")}</span></p>`, element);
  };

  function searchKey(event) {
    const { actions, flow } = all();
    const [first] = [...matching([...flow, ...actions, ...patterns()]), ...services];
    if (event.key === "Enter" && first) onAdd(first);
  }

  const group = (title, list) => (list.length ? html`<h3 class="browser__title">${title}</h3>${list.map(row)}` : nothing);
  const row = (entry) => html`<button class="browser__entry look--${entry.look}" type="button"
    @click=${() => { if (!dragged) onAdd(entry); dragged = false; }} @pointerdown=${(event) => lift(event, entry)}>
    <span class="browser__tile look--${entry.look}">${icon(entry.icon)}</span>
    <span class="browser__words"><b class="truncate">${entry.label}</b><span
      class="truncate">${entry.text}</span></span>${entry.key ? html`<kbd>${entry.key}</kbd>` : nothing}</button>`;

  /** From 4 px of movement it is a drag: a card follows the pointer, places light up, release or Esc ends it. */
  function lift(event, entry) {
    if (event.button !== 0 || event.pointerType === "touch") return;
    const [startX, startY] = [event.clientX, event.clientY];
    dragged = false;
    const control = new AbortController();
    let card = null;
    let place = null;

    const finish = (drop) => {
      control.abort();
      if (!card) return;
      card.remove();
      drag.end();
      if (drop && place) drag.drop(entry, place);
    };
    const listen = (type, listener) => addEventListener(type, listener, { signal: control.signal });
    listen("pointermove", (move) => {
      if (!card && Math.hypot(move.clientX - startX, move.clientY - startY) < 4) return;
      if (!card) {
        dragged = true;
        card = dragCard(entry, drag.start());
        document.body.append(card);
      }
      move.preventDefault();
      card.style.translate = `${move.clientX + 10}px ${move.clientY + 8}px`;
      place = drag.move(move.clientX, move.clientY);
      card.classList.toggle("has-place", Boolean(place));
    });
    listen("pointerup", () => finish(true));
    listen("pointercancel", () => finish(false));
    listen("keydown", (key) => { if (key.key === "Escape") finish(false); });
  }

  draw();
  return { draw, focusSearch: () => element.querySelector("input").focus() };
}

function dragCard(entry, count) {
  const card = document.createElement("div");
  card.className = "drag-card popover";
  render(html`<span class="browser__tile look--${entry.look}">${icon(entry.icon)}</span><span class="browser__words"><b>${entry.label}</b>
    <span>${fill(_("%(count)s places to drop · Esc cancels"), { count })}</span></span>`, card);
  return card;
}
