// Small things every page does with the document.

/** The first element that matches, or null. */
export const find = (selector, root = document) => root.querySelector(selector);

/** All elements that match, as an array. */
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Listens and returns a function that stops listening. */
export function on(target, type, listener, options) {
  target.addEventListener(type, listener, options);
  return () => target.removeEventListener(type, listener, options);
}

/** A bubbling CustomEvent with `detail`; false when a listener prevented it. */
export function emit(target, type, detail) {
  return target.dispatchEvent(new CustomEvent(type, { bubbles: true, cancelable: true, detail }));
}

/** Runs `action` once, `delay` ms after the last call; `.now()` runs what is pending, `.cancel()` drops it. */
export function debounce(action, delay) {
  let timer = 0;
  let pending = null;
  const run = () => {
    const call = pending;
    pending = null;
    timer = 0;
    if (call) action(...call);
  };
  const debounced = (...values) => {
    pending = values;
    clearTimeout(timer);
    timer = setTimeout(run, delay);
  };
  debounced.now = () => { clearTimeout(timer); run(); };
  debounced.cancel = () => { clearTimeout(timer); pending = null; };
  return debounced;
}

/** The data a template left in `<script type="application/json" id="…">` (Django's json_script). */
export function pageData(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : null;
}

/** True when the person asks for less motion. */
export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Says `text` to screen readers, politely, through one live region of the page. */
export function announce(text) {
  let region = document.getElementById("announcer");
  if (!region) {
    region = document.createElement("div");
    region.id = "announcer";
    region.className = "visually-hidden";
    region.setAttribute("aria-live", "polite");
    document.body.append(region);
  }
  region.textContent = text;
}

/** True while the person types into a field, so that single-letter keys are not ours. */
export function typing(event) {
  const element = event.target;
  return element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);
}

/** Offers `content` (string or Blob) as a file to download. */
export function download(content, name, type = "application/octet-stream") {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
