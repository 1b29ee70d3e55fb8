// The list of problems: what, where, and a jump to the state and the line.

import { html, nothing, render } from "lit";
import { _, fill, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { fixTitle, meaningOf } from "./problem-words.js";

const LONG = 160; // AWS's words on broken JSON quote the whole text: ours stand first then

/** Fills `element`; `onGo(problem)` jumps, `onFix(problem)` makes its fix (null where nothing can be edited).
 *  Returns {show({problems, stateOf, broken, busy}), toggle}. */
export function createProblems(element, { onGo, onFix = null }) {
  let state = { problems: [], stateOf: () => null, checked: false };
  let open = localStorage.getItem("statewright:problems") !== "closed";

  const toggle = (wanted = !open) => {
    open = wanted;
    localStorage.setItem("statewright:problems", open ? "open" : "closed");
    draw();
  };
  const count = (severity) => state.problems.filter((problem) => problem.severity === severity).length;

  function draw() {
    const [errors, warnings] = [count("ERROR"), count("WARNING")];
    element.classList.toggle("is-open", open && state.problems.length > 0);
    render(html`<header class="problems__head">
      <h2>${_("Problems")}</h2>
      ${errors ? html`<span class="problems__count bad"
        title=${plural("%(count)s error", "%(count)s errors", errors)}>${icon("circle-x")}${errors}</span>` : nothing}
      ${warnings ? html`<span class="problems__count problems__count--warning"
        title=${plural("%(count)s warning", "%(count)s warnings",
        warnings)}>${icon("triangle-alert")}${warnings}</span>` : nothing}
      ${!state.problems.length ? html`<span class="problems__count problems__count--none">${state.checked
        ? html`${icon("circle-check")}${_("None")}`
        : html`<span class="muted">${_("Checking…")}</span>`}</span>` : nothing}
      <span class="push"></span>
      ${state.problems.length ? html`<button class="button button--quiet button--icon button--small" type="button"
        aria-expanded=${open} aria-controls="problem-list"
        aria-label=${open ? _("Fold the problems") : _("Show the problems")}
          @click=${() => toggle()}>${icon(open ? "chevron-down" : "chevron-up")}</button>` : nothing}
    </header>
    <ul class="problems__list" id="problem-list" ?hidden=${!open || !state.problems.length}>${state.problems.map(row)}</ul>`, element);
  }

  function row(problem) {
    const name = state.stateOf(problem);
    const error = problem.severity === "ERROR";
    return html`<li class="problem-row"><button class="problem" type="button" title=${problem.message} @click=${() => onGo(problem)}>
      ${icon(error ? "circle-x" : "triangle-alert", error ? "bad" : "problem__warning")}
      <span class="visually-hidden">${error ? _("Error") : _("Warning")}</span>
      <span class="problem__text">${words(problem).filter(Boolean)
        .map((text, index) => html`<span class=${index ? "muted" : ""}>${index > 1 ? "· " : ""}${text}</span> `)}</span>
      <span class="problem__place">${name ? html`<span class="problem__state"
        lang=${/[぀-ヿ㐀-鿿]/.test(name) ? "ja" : nothing}>${name}</span>` : nothing}${problem.line
        ? html`<span class="muted">${name ? " · " : ""}${fill(_("line %(line)s"), { line: problem.line })}</span>`
        : nothing}</span>
    </button>${problem.fix && onFix && !state.broken
      ? html`<button class="button button--small problem-row__fix" type="button" title=${fixTitle(problem.fix)}
      @click=${() => onFix(problem)}>
      ${icon("wand-sparkles")}<span class="truncate">${fixTitle(problem.fix)}</span></button>` : nothing}</li>`;
  }

  /** What to read first stands first. */
  function words(problem) {
    const { message, hint } = problem;
    return [meaningOf(problem), ...(message.length > LONG && hint ? [hint, message] : [message, hint])];
  }

  draw();
  return {
    show(next) { state = { ...state, ...next, checked: true }; draw(); },
    toggle,
  };
}
