// What every page has: toasts, menus, theme, the browser's time zone, the number of waiting approvals.

import { get } from "../lib/api.js";
import { _ } from "../lib/i18n.js";
import { adopt, toast } from "../lib/toasts.js";

const YEAR = 365 * 24 * 3600;
const APPROVALS_EVERY = 15_000; // ms

document.querySelectorAll(".toast").forEach(adopt);
rememberTimeZone();
menus();
themeSwitch(document.querySelector("[data-theme-switch]"));
drawer(document.querySelector("#navigation"));
dialogs();
copying();
countApprovals();

function setCookie(name, value) {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${YEAR}; samesite=lax`;
}

/** Times are shown in the browser's zone unless the person chose another one. */
function rememberTimeZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes(`timezone=${zone}`)) document.cookie = `timezone=${zone}; path=/; max-age=${YEAR}; samesite=lax`;
}

/** A menu closes by Escape and by a click outside it. */
function menus() {
  const open = () => document.querySelectorAll("details.dropdown[open]");
  document.addEventListener("click", ({ target }) => open().forEach((menu) => menu.contains(target) || (menu.open = false)));
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") open().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });
}

/** The theme changes at once; the cookie tells the server for the next page, so nothing flashes. */
function themeSwitch(form) {
  form?.addEventListener("submit", (event) => {
    const theme = event.submitter?.value ?? "";
    event.preventDefault();
    setCookie("theme", theme);
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", button.value === theme));
  });
}

/** The navigation as a drawer: Escape closes it, opening moves the focus into it. */
function drawer(navigation) {
  if (!navigation) return;
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && location.hash === "#navigation") location.hash = "#content";
  });
  addEventListener("hashchange", () => location.hash === "#navigation" && navigation.querySelector("a")?.focus());
}

/** <a data-dialog="id" href="page that asks">: show the dialog; without JavaScript the page asks. */
function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
  });
  document.addEventListener("click", ({ target }) => target.closest("[data-close]")?.closest("dialog")?.close());
}

/** <button data-copy="#input" hidden>: copies what the input holds. */
function copying() {
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).value);
      toast(_("Copied."), { kind: "success" });
    });
  });
}

/** The number beside "Approvals", looked up again while the page is seen. */
function countApprovals() {
  const badges = document.querySelectorAll("[data-waiting-approvals]");
  if (!badges.length) return;
  setInterval(async () => {
    if (document.hidden) return;
    const counts = await get("approvals/counts/").catch(() => null);
    if (counts) badges.forEach((badge) => { badge.textContent = counts.waiting || ""; });
  }, APPROVALS_EVERY);
}
