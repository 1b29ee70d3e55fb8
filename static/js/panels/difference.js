// Two definitions beside each other: as graphs with what came, went and changed marked, and as text.

import { html, nothing, render } from "lit";
import { createCanvas } from "../canvas/canvas.js";
import { post } from "../lib/api.js";
import { _, fill, plural } from "../lib/i18n.js";
import { changedStates, folded, lineDiff } from "../model/diff.js";
import { savedForm, treeOf } from "../model/document.js";
import { JsonError } from "../model/json.js";

const SIGNS = { added: "+", removed: "−", same: "", gap: "" };

/** Draws the difference of two texts into `element`; `labels` = [before, after]. Returns {destroy}. */
export function createDifference(element, { before, after, labels }) {
  let side = "graph";
  let canvases = [];
  const data = [before, after].map(readable);
  const states = data.includes(null) ? null : changedStates(...data);

  function draw() {
    const tab = (id, label) => html`<button type="button" aria-pressed=${side === id} @click=${() => { side = id; draw(); }}>${label}</button>`;
    render(html`<div class="difference__head row"><div class="segments">${tab("graph", _("Graph"))}${tab("text", _("Text"))}</div>${summary(states)}</div>
      ${side === "text" || !states ? text() : html`<div
        class="difference__graphs">${labels.map((label) =>
        html`<figure><figcaption>${label}</figcaption><div
        class="difference__canvas"></div></figure>`)}</div>`}`, element);
    canvases.forEach((canvas) => canvas.destroy());
    canvases = [];
    if (side === "graph" && states) drawGraphs();
  }

  async function drawGraphs() {
    const holders = [...element.querySelectorAll(".difference__canvas")];
    const drawings = await Promise.all([before, after].map((one) => post("drawing/", { definition: savedForm(one).definition })));
    if (!holders[0]?.isConnected) return;
    canvases = drawings.map((drawing, index) => {
      const canvas = createCanvas(holders[index], { editable: false, minimap: false, label: labels[index] });
      canvas.update(drawing);
      mark(canvas, drawing, index === 0 ? { removed: states.removed, changed: states.changed } : { added: states.added, changed: states.changed });
      return canvas;
    });
  }

  const text = () => html`<div class="difference__text" tabindex="0" role="region"
    aria-label=${_("Text")}><table>${folded(lineDiff(before, after))
    .map((row) => html`<tr class="difference__row difference__row--${row.kind}">
    ${row.kind === "gap" ? html`<td colspan="4">${plural("%(count)s line as before", "%(count)s lines as before", row.count)}</td>`
      : html`<td>${row.before}</td><td>${row.after}</td><td>${SIGNS[row.kind]}</td><td><code>${row.text}</code></td>`}</tr>`)}</table></div>`;

  draw();
  return { destroy: () => canvases.forEach((canvas) => canvas.destroy()) };
}

const WORDS = { added: () => _("New"), removed: () => _("Gone"), changed: () => _("Changed") };

function mark(canvas, drawing, lists) {
  for (const [kind, names] of Object.entries(lists)) {
    for (const node of drawing.nodes.filter((one) => names.includes(one.name))) {
      const group = canvas.nodes.get(node.id)?.group;
      group?.classList.add(`is-${kind}`);
      group?.setAttribute("aria-label", `${group.getAttribute("aria-label")} – ${WORDS[kind]()}`);
    }
  }
}

/** How many came, changed and went, with the colours of the graph. */
function summary(states) {
  if (!states) return html`<p class="soft">${_("One of the texts cannot be read, so there is no graph of it.")}</p>`;
  const shown = [["added", states.added], ["changed", states.changed], ["removed", states.removed]].filter(([, names]) => names.length);
  return shown.length ? shown.map(([kind, names]) =>
    html`<span class="tag difference__tag difference__tag--${kind}"
    title=${names.join(", ")}>${fill("%(word)s: %(count)s", { word: WORDS[kind](), count: names.length })}</span>`)
    : html`<span class="soft">${_("No state differs.")}</span>${nothing}`;
}

function readable(text) {
  try {
    return treeOf(text).value;
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}
