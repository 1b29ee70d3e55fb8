// The questions of the execution page: stopping, running again, answering a task.  Each is one form in a dialog.

import { html, nothing, render } from "lit";
import { _ } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";

/**
 * Shows a form and waits: resolves to what `send(values)` gave, or null when it was cancelled.  While
 * `send` runs the button is busy; what it rejects with is shown and the form stays.
 * `fields`: [{name, label, kind: "text" | "area" | "json", value, hint, required}].
 */
export function askInDialog({ title, text = "", fields, action, danger = false, symbol = "check", wide = false, send }) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = `dialog${wide ? " dialog--wide" : ""}`;
    dialog.setAttribute("aria-label", title);
    document.body.append(dialog);
    let error = "";
    let busy = false;
    let answer = null;

    async function submit(event) {
      event.preventDefault();
      const values = Object.fromEntries(new FormData(event.target));
      error = problemIn(fields, values);
      if (error) return draw();
      busy = true;
      draw();
      try {
        answer = { value: await send(values) };
        dialog.close();
      } catch (failure) {
        error = failure.message;
        busy = false;
        draw();
      }
    }

    function draw() {
      render(html`<form method="dialog" @submit=${submit} novalidate>
        <div><h2>${title}</h2>${text ? html`<p class="soft">${text}</p>` : nothing}
          ${fields.map(field)}
          <div role="alert">${error ? html`<p class="error">${icon("circle-alert")}${error}</p>` : nothing}</div></div>
        <footer><button class="button" type="button" @click=${() => dialog.close()}>${_("Cancel")}</button>
          <button class="button ${danger ? "button--danger button--filled" : "button--primary"}" ?disabled=${busy}>${icon(symbol)}${action}</button>
        </footer></form>`, dialog);
    }

    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer && answer.value !== undefined ? answer.value : answer && true);
    });
    draw();
    dialog.showModal();
  });
}

function field({ name, label, kind, value = "", hint = "" }) {
  const input = kind === "text"
    ? html`<input class="input" id="ask-${name}" name=${name} autocomplete="off" .defaultValue=${value}>`
    : html`<textarea class="textarea ${kind === "json" ? "textarea--code" : ""}" id="ask-${name}" name=${name} spellcheck=${kind !== "json"}
        rows=${kind === "json" ? 14 : 3} .defaultValue=${value}></textarea>`;
  return html`<div class="field"><label for="ask-${name}">${label}</label>${input}${hint ? html`<p class="hint">${hint}</p>` : nothing}</div>`;
}

/** What is wrong with JSON fields, in the browser's words with the place; "" when nothing. */
function problemIn(fields, values) {
  for (const { name, kind, label } of fields) {
    if (kind !== "json") continue;
    try {
      JSON.parse(values[name] || "{}");
    } catch (failure) {
      return `${label}: ${failure.message}`;
    }
  }
  return "";
}
