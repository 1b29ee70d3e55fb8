// One node as an SVG group.  What changes with a run (status) or with the checker (problems) is drawn anew; the rest is not.

import { _, fill } from "../lib/i18n.js";
import { statusWord } from "./statuses.js";
import { setAttributes, svgElement, use } from "./svg.js";

const DIAMONDS = ["choice"];
const CIRCLES = ["wait", "succeed", "fail"];

/** The group of a node; `run` says whether a run colours the graph. */
export function nodeElement(node, { run }) {
  if (node.kind === "start" || node.kind === "end") return terminal(node);
  const group = svgElement("g", {
    class: `node node--${node.kind}${node.container ? " is-container" : ""}${node.folded ? " is-folded" : ""}`,
    role: "button", tabindex: -1, "data-id": node.id,
  });
  group.append(
    ...(node.folded ? [stack(node, 8, 7), stack(node, 4, 3.5)] : []),
    svgElement("rect", { class: "node__halo", x: -4, y: -4, width: node.w + 8, height: node.h + 8, rx: 14 }),
    svgElement("rect", { class: "node__card", width: node.w, height: node.h, rx: 10 }),
    svgElement("g", { class: "node__status" }),
    face(node, run),
    svgElement("g", { class: "node__flag" }),
  );
  label(group, node, null, null);
  return group;
}

const stack = (node, inset, down) =>
  svgElement("rect", { class: "node__stack", x: inset, y: down, width: node.w - 2 * inset, height: node.h, rx: 10 });

function terminal(node) {
  return svgElement("g", { class: `terminal terminal--${node.kind}`, "data-id": node.id },
    svgElement("rect", { width: node.w, height: node.h, rx: node.h / 2 }),
    svgElement("text", { x: node.w / 2, y: 17.5, "text-anchor": "middle" }, node.name));
}

/** Tile, name, subtitle, badges, fold. */
function face(node, run) {
  const head = node.container ? 43 + (node.lines.length - 1) * 16 : node.h;
  const group = svgElement("g", { class: "node__face", transform: run ? "translate(8 0)" : null });
  group.append(...tile(node, run, node.container ? 22 : head / 2), ...texts(node, head), svgElement("title", {}, node.title));
  if (!run) group.append(...badges(node));
  const whole = svgElement("g", {}, group);
  if (node.container) {
    whole.append(
      svgElement("path", { class: "node__rule", d: `M1 ${head}H${node.w - 1}` }),
      foldButton(node, "i-chevron-down", _("Fold")),
    );
  } else if (node.folded) {
    whole.append(foldButton(node, "i-chevron-right", _("Unfold")));
  }
  return whole;
}

function foldButton(node, symbol, title) {
  return svgElement("g", { class: "node__fold", "data-fold": node.id },
    svgElement("rect", { x: node.w - 32, y: 8, width: 26, height: 26, rx: 6 }),
    use(symbol, node.w - 26, 14, 14, ""), svgElement("title", {}, title));
}

function tile(node, run, middle) {
  const classes = run ? "run" : node.kind;
  const [left, top] = [10, middle - 14];
  if (DIAMONDS.includes(node.kind)) {
    return [
      svgElement("rect", { class: `tile tile--${classes}`, x: 13, y: middle - 11, width: 22, height: 22, rx: 5, transform: `rotate(45 24 ${middle})` }),
      use(`i-${node.icon}`, 17, middle - 7, 14, `tile__icon tile__icon--${classes}`),
    ];
  }
  const shape = CIRCLES.includes(node.kind)
    ? svgElement("circle", { class: `tile tile--${classes}`, cx: 24, cy: middle, r: 14 })
    : node.kind === "approval"
      ? svgElement("path", { class: `tile tile--${classes}`, d: `M24 ${top}c10 0 14 4 14 14s-4 14-14 14-14-4-14-14 4-14 14-14z` })
      : svgElement("rect", { class: `tile tile--${classes}`, x: left, y: top, width: 28, height: 28, rx: 7 });
  return [shape, use(`i-${node.icon}`, 16, middle - 8, 16, `tile__icon tile__icon--${classes}`)];
}

function texts(node, height) {
  const lines = node.lines.length;
  const first = node.container ? 20 : height / 2 - (lines > 1 ? 11 : 3);
  const elements = node.lines.map((line, index) =>
    svgElement("text", { class: "node__name", x: 48, y: first + index * 16 }, line));
  elements.push(svgElement("text", { class: "node__subtitle", x: 48, y: first + lines * 16 - 1 + (node.container ? -1 : 0) }, node.subtitle));
  return elements;
}

/** Small facts on the lower edge, from the right. */
function badges(node) {
  let right = node.w - 8;
  const icons = { retry: "i-repeat", catch: "i-corner-down-right", folded: "i-layers" };
  return node.badges.toReversed().map(({ kind, text }) => {
    const width = 24 + [...text].reduce((sum, char) => sum + (char.charCodeAt(0) > 0x2e7f ? 10 : 5.6), 0);
    right -= width;
    const badge = svgElement("g", { class: `badge badge--${kind}`, transform: `translate(${right} ${node.h - 7})` },
      svgElement("rect", { width, height: 16, rx: 8 }),
      use(icons[kind] ?? "i-info", 5, 3, 10, ""),
      svgElement("text", { x: 18, y: 11.6 }, text));
    right -= 4;
    return badge;
  });
}

/**
 * Draws a run's status on the node: rail with pattern, glyph, meta text ("184 ms") and progress.
 * `entry` is {status, meta, subtitle, progress} or null for no run.
 */
export function drawStatus(group, node, entry, { run }) {
  const holder = group.querySelector(":scope > .node__status");
  if (!holder) {
    group.classList.toggle("is-done", Boolean(entry));
    return;
  }
  holder.replaceChildren();
  group.setAttribute("class", group.getAttribute("class").replace(/ ?\bstatus(--\w+)?(?= |$)/g, ""));
  if (!run) return;
  const status = entry?.status ?? "notreached";
  group.classList.add("status", `status--${status}`);
  const h = node.h;
  holder.append(
    svgElement("path", { class: "node__rail",
      d: `M7 .75H10V${h - 0.75}H7Q.75 ${h - 0.75} .75 ${h - 7}V7Q.75 .75 7 .75z`,
      style: `fill:url(#pattern-${status})` }),
    use(`s-${status}`, node.w - (node.container || node.folded ? 50 : 26), node.container ? 13 : entry?.meta ? 8 : h / 2 - 8, 16, `glyph glyph--${status}`),
  );
  if (entry?.meta) {
    const [x, y] = node.container ? [node.w - 56, 25] : [node.w - (node.folded ? 34 : 10), h / 2 + 13];
    holder.append(svgElement("text", { class: "node__meta", x, y, "text-anchor": "end" }, entry.meta));
  }
  if (typeof entry?.progress === "number" && !node.container) {
    holder.append(
      svgElement("rect", { class: "node__track", x: 56, y: h - 6, width: node.w - 96, height: 2.5, rx: 1.25 }),
      svgElement("rect", { class: `node__progress node__progress--${status}`, x: 56, y: h - 6,
        width: (node.w - 96) * Math.min(1, entry.progress), height: 2.5, rx: 1.25 }),
    );
  }
  const subtitle = group.querySelector(".node__subtitle");
  if (subtitle) subtitle.textContent = fitted(entry?.subtitle ?? node.subtitle,
    node.w - 66 - (entry?.meta && !node.container ? entry.meta.length * 6.4 + 8 : 0));
}

/** `text` shortened to about `width` px at 11 px. */
function fitted(text, width) {
  let room = width;
  for (let index = 0; index < text.length; index += 1) {
    room -= text.charCodeAt(index) > 0x2e7f ? 11 : 6;
    if (room < 0) return `${text.slice(0, Math.max(1, index - 1)).trimEnd()}…`;
  }
  return text;
}

/** The flag of a node that has problems: {severity: "ERROR" | "WARNING", count, text} or null. */
export function drawFlag(group, node, problem) {
  const holder = group.querySelector(":scope > .node__flag");
  if (!holder) return;
  holder.replaceChildren();
  if (!problem) return;
  const kind = problem.severity === "ERROR" ? "bad" : "warning";
  const x = node.w - (node.container || node.folded ? 46 : 20);
  const y = node.container ? 21 : node.h / 2;
  holder.append(svgElement("g", { class: `flag flag--${kind}` },
    kind === "bad"
      ? svgElement("circle", { cx: x, cy: y, r: 8 })
      : svgElement("path", { d: `M${x} ${y - 9}L${x + 9} ${y + 7}H${x - 9}z` }),
    svgElement("text", { x, y: y + (kind === "bad" ? 4 : 5), "text-anchor": "middle" }, "!"),
    svgElement("title", {}, problem.text ?? "")));
}

/** The spoken name: name, type, status, problems. */
export function label(group, node, entry, problem) {
  if (node.kind === "start" || node.kind === "end") return;
  const words = [node.name, node.kind === "approval" ? _("Approval") : node.type || _("unknown")];
  if (entry) words.push(statusWord(entry.status), entry.meta);
  if (problem) words.push(fill(_("%(count)s problems"), { count: problem.count }));
  setAttributes(group, { "aria-label": words.filter(Boolean).join(", ") });
}
