// Short messages at the corner of the window.  toast("Saved", {kind: "success"})

import { _ } from "./i18n.js";

const SPRITE = "/static/vendor/icons.svg";
const GLYPHS = { success: "s-succeeded", error: "s-failed", running: "s-running" };
const CLASSES = { success: "glyph--succeeded", error: "glyph--failed", running: "glyph--running" };
const STAYS = 6000; // ms; errors stay until they are dismissed

/** Show `text`; kinds: success, error, running, info.  `action` = {label, run}.  Returns a function that takes it away. */
export function toast(text, { kind = "info", action = null } = {}) {
  const element = document.createElement("div");
  element.className = "toast popover";
  element.dataset.toast = kind;
  element.append(sign(kind), words(text));
  if (action) element.append(button(action.label, "link", () => { action.run(); element.remove(); }));
  element.append(dismissal(() => element.remove()));
  place().append(element);
  if (kind !== "error" && kind !== "running") fade(element);
  return () => element.remove();
}

/** Let a toast that came with the page go by itself, and its button work. */
export function adopt(element) {
  element.querySelector("[data-dismiss]")?.addEventListener("click", () => element.remove());
  if (element.dataset.toast !== "error") fade(element);
}

function fade(element) {
  setTimeout(() => (element.matches(":hover, :focus-within") ? fade(element) : element.remove()), STAYS);
}

function place() {
  return document.querySelector(".toasts") ?? document.body;
}

function sign(kind) {
  return picture(GLYPHS[kind] ?? "i-info", GLYPHS[kind] ? `glyph ${CLASSES[kind]}` : "icon");
}

function picture(symbol, className) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${SPRITE}#${symbol}`);
  svg.append(use);
  return svg;
}

function words(text) {
  const span = document.createElement("span");
  span.className = "toast__text";
  span.textContent = text;
  return span;
}

function button(label, className, run) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = label;
  element.addEventListener("click", run);
  return element;
}

function dismissal(run) {
  const element = button("", "button button--quiet button--icon button--small", run);
  element.append(picture("i-x", "icon"));
  element.setAttribute("aria-label", _("Dismiss"));
  return element;
}
