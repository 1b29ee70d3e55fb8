// The outline: a tree of all states, the canvas's twin for keyboard and screen reader.

import { html, nothing, render } from "lit";
import { _ } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { blocks } from "../model/states.js";

/** `onSelect(name)`, `onOpen(name)`; returns {show({definition, selected, drawing, problems})}. */
export function createOutline(element, { onSelect, onOpen }) {
  let state = { definition: {}, selected: [], drawing: null, problems: {} };
  let search = "";
  const closed = new Set();

  function rows() {
    const faces = new Map((state.drawing?.nodes ?? []).map((node) => [node.pointer, node]));
    const all = blocks(state.definition);
    const byOwner = Map.groupBy(all, (block) => block.owner);
    const list = [];
    const walk = (block, level) => {
      for (const { name, pointer, state: entry } of block.states) {
        const inner = byOwner.get(pointer) ?? [];
        list.push({ name, pointer, level, type: entry.Type, face: faces.get(pointer), inner: inner.length });
        if (!closed.has(pointer) || search) inner.forEach((one) => walk(one, level + 1));
      }
    };
    if (all.length) walk(all[0], 1);
    return search ? list.filter((row) => row.name.toLowerCase().includes(search.toLowerCase())) : list;
  }

  function draw() {
    const list = rows();
    const current = list.find((row) => state.selected.includes(row.name)) ?? list[0];
    render(html`<div class="input-box browser__search">${icon("search")}<input type="search" placeholder=${_("Find a state")} aria-label=${_("Find a state")}
        .value=${search} @input=${(event) => { search = event.target.value; draw(); }}
        @keydown=${(event) => { if (event.key === "Enter" && list[0]) { onSelect(list[0].name); } }}></div>
      <div class="outline" role="tree" aria-label=${_("Outline")}>${list.map((row) => item(row, row === current))}</div>
      ${list.length ? nothing : html`<p class="soft small">${search ? _("No state has these words.") : _("No states yet.")}</p>`}`, element);
  }

  const item = (row, reachable) => html`<div class="outline__row ${state.selected.includes(row.name) ? "is-selected"
    : ""}" role="treeitem" tabindex=${reachable ? 0 : -1}
    aria-level=${row.level} aria-selected=${state.selected.includes(row.name)} aria-expanded=${row.inner ? !closed.has(row.pointer) : nothing}
    style="padding-inline-start:${6 + (row.level - 1) * 16}px" data-name=${row.name}
    @click=${() => onSelect(row.name)} @dblclick=${() => onOpen(row.name)} @keydown=${(event) => key(event, row)}>
    <button class="outline__fold" type="button" tabindex="-1" aria-hidden="true"
      @click=${(event) => { event.stopPropagation(); fold(row); }}>${row.inner
      ? icon(closed.has(row.pointer) ? "chevron-right" : "chevron-down") : nothing}</button>
    <span class="browser__tile browser__tile--small look--${row.face?.kind ?? "pass"}">${icon(row.face?.icon ?? "square")}</span>
    <span class="truncate" lang=${/[぀-ヿ㐀-鿿]/.test(row.name) ? "ja" : nothing}>${row.name}</span>
    ${state.problems[row.name] ? icon(state.problems[row.name].severity === "ERROR" ? "circle-x" : "triangle-alert",
      `push ${state.problems[row.name].severity === "ERROR" ? "bad" : "problem__warning"}`)
      : html`<span class="push small muted">${row.type ?? ""}</span>`}</div>`;

  function fold(row) {
    if (!row.inner) return;
    if (!closed.delete(row.pointer)) closed.add(row.pointer);
    draw();
  }

  function key(event, row) {
    const items = [...element.querySelectorAll("[role=treeitem]")];
    const index = items.indexOf(event.currentTarget);
    const go = (target) => {
      if (target) {
        onSelect(target.dataset.name);
        element.querySelector(`[data-name="${CSS.escape(target.dataset.name)}"]`)?.focus();
      }
    };
    const actions = {
      ArrowDown: () => go(items[index + 1]),
      ArrowUp: () => go(items[index - 1]),
      Home: () => go(items[0]),
      End: () => go(items.at(-1)),
      ArrowRight: () => (row.inner && closed.has(row.pointer) ? fold(row) : go(items[index + 1])),
      ArrowLeft: () => (row.inner && !closed.has(row.pointer) ? fold(row) : go(items.slice(0, index).findLast((item) => Number(item.ariaLevel) < row.level))),
      Enter: () => onOpen(row.name),
    };
    if (!actions[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    actions[event.key]();
  }

  draw();
  return { show(next) { state = { ...state, ...next }; draw(); } };
}
