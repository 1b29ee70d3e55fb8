// The inbox keeps itself up to date and shows an approval beside the list; without this module each row is a link.

import { get } from "../lib/api.js";
import { announce } from "../lib/dom.js";
import { plural } from "../lib/i18n.js";

const EVERY = 10_000; // ms between two looks at the counts
const wide = matchMedia("(min-width: 901px)");

guardForms(document);
document.querySelector(".inbox__tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
const inbox = document.querySelector("[data-inbox]");
if (inbox) {
  showBeside(inbox);
  keepFresh(inbox);
}

/** A decision is sent once: the buttons go to sleep with the first press. */
function guardForms(root) {
  root.querySelectorAll("[data-decision-form]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      form.querySelectorAll(".approval__bar .button").forEach((button) => button.setAttribute("data-busy", ""));
      return undefined;
    });
  });
  root.querySelectorAll("[data-table-field]").forEach(growTable);
  root.querySelector('[aria-invalid="true"]:is(input, select, textarea), [aria-invalid="true"] input')?.focus();
}

/** A table gets a button that adds a row like its last one. */
function growTable(field) {
  const button = field.querySelector("[data-add-row]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const last = field.querySelector("tbody > tr:last-child");
    const row = last.cloneNode(true);
    row.querySelectorAll(".error").forEach((error) => error.remove());
    row.querySelectorAll("input, select").forEach((input) => {
      input.name = input.name.replace(/\.(\d+)\.([^.]*)$/, (_, number, key) => `.${Number(number) + 1}.${key}`);
      input.value = "";
      input.removeAttribute("aria-invalid");
    });
    last.after(row);
    row.querySelector("input, select").focus();
  });
}

/** A click on a row shows that approval in the right pane instead of leaving the list; from the keyboard, goes there. */
function showBeside(root) {
  root.addEventListener("click", async (event) => {
    const row = event.target.closest("[data-beside]");
    if (!row || !wide.matches || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const byKeyboard = event.detail === 0;
    const pane = root.querySelector(".inbox__detail");
    if (row.ariaCurrent && pane.querySelector(".inbox__paper")) { // already there, perhaps half filled in
      if (byKeyboard) goTo(pane);
      return;
    }
    pane.setAttribute("aria-busy", "true");
    const page = await fetched(row.dataset.beside).catch(() => null);
    if (!page) { location.assign(row.href); return; }
    swap(root, page, ".inbox__detail");
    root.querySelectorAll(".inbox__row[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
    history.replaceState(null, "", row.dataset.beside);
    if (byKeyboard) goTo(root.querySelector(".inbox__detail"));
  });
}

function goTo(pane) {
  const title = pane.querySelector(".approval__title");
  title.tabIndex = -1;
  title.focus();
}

/** Looks at the counts; when they change, the list and the tabs are drawn anew, what is being typed stays. */
function keepFresh(root) {
  let known = null;
  const look = async () => {
    if (document.hidden) return;
    const counts = await get("approvals/counts/").catch(() => null);
    if (!counts) return;
    const changed = known && JSON.stringify(counts) !== JSON.stringify(known);
    const more = known ? counts.waiting - known.waiting : 0;
    known = counts;
    if (!changed) return;
    const page = await fetched(location.search || "?").catch(() => null);
    if (!page) return;
    document.title = page.title;
    swap(root, page, ".inbox__tabs");
    if (!root.querySelector(".inbox__pick :checked")) swap(root, page, ".inbox__list"); // what is ticked stays
    if (!root.querySelector(".inbox__paper")) swap(root, page, ".inbox__detail");
    if (more > 0) announce(plural("%(count)s new approval waits for you.", "%(count)s new approvals wait for you.", more));
  };
  look();
  setInterval(look, EVERY);
}

async function fetched(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) throw new Error(response.statusText);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Puts the fresh part in the place of the old one; a link in it that had the focus has it again. */
function swap(root, page, selector) {
  const fresh = page.querySelector(selector);
  if (!fresh) return;
  const old = root.querySelector(selector);
  const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  old.replaceWith(document.adoptNode(fresh));
  guardForms(fresh);
  if (focused) fresh.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
