// Filters that are kept under a name: tabs above the list.

import { html, nothing } from "lit";
import { get, post, remove } from "../lib/api.js";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { toast } from "../lib/toasts.js";
import { openDialog } from "./dialogs.js";

export class SavedFilters {
  #rows = [];
  #changed;
  #choose;
  #may;

  /** `choose(query text)`; `changed()` when they are to be drawn anew; `may` is {operate}. */
  constructor({ may, changed, choose }) {
    this.#may = may;
    this.#changed = changed;
    this.#choose = choose;
    this.#read();
  }

  async #read() {
    try {
      this.#rows = await get("execution-filters/");
      this.#changed();
    } catch { // the list itself says that the server is away
    }
  }

  /** `query` is what is shown now, as the address has it. */
  tabs(query) {
    const chosen = this.#rows.find((row) => row.query === query);
    return html`<nav class="tabs saved" aria-label=${_("Saved filters")}>
      <a href="/executions/" aria-current=${query === "" ? "page" : nothing} @click=${(event) => this.#go(event, "")}>${_("All")}</a>
      ${this.#rows.map((row) => html`<a href="/executions/?${row.query}"
        aria-current=${row === chosen ? "page" : nothing}
        title=${row.mine ? nothing : fill(_("Shared by %(owner)s"), row)}
        @click=${(event) => this.#go(event, row.query)}>${row.shared ? icon("users", "icon--small") : nothing}${row.name}</a>`)}
      ${query && !chosen ? html`<button type="button" class="saved__add"
        @click=${() => this.#save(query)}>${icon("plus", "icon--small")}${_("Save this filter…")}</button>` : nothing}
      ${chosen?.mine ? html`<button type="button" class="saved__add"
        @click=${() => this.#remove(chosen)}>${icon("trash-2", "icon--small")}${_("Remove")}</button>`
        : nothing}</nav>`;
  }

  #go(event, query) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.#choose(query);
  }

  async #save(query) {
    const answer = await openDialog((close) => html`<form method="dialog" @submit=${(event) => {
      event.preventDefault();
      const data = new FormData(event.target);
      if (String(data.get("name")).trim()) close({ name: String(data.get("name")).trim(), shared: data.get("shared") === "on" });
    }}><div><h2>${_("Save this filter")}</h2>
      <div class="field"><label for="filter-name">${_("Name")}</label><input class="input" id="filter-name" name="name"
        maxlength="60" required autofocus autocomplete="off"></div>
      ${this.#may.operate ? html`<label class="option"><input class="check" type="checkbox"
        name="shared"><span>${_("For everybody")}</span></label>` : nothing}</div>
      <footer><button class="button" type="button" @click=${() => close(null)}>${_("Cancel")}</button><button
        class="button button--primary">${_("Save")}</button></footer></form>`);
    if (answer) this.#do(() => post("execution-filters/", { ...answer, query }));
  }

  #remove(row) {
    this.#do(() => remove(`execution-filters/${row.id}/`));
  }

  async #do(action) {
    try {
      await action();
      await this.#read();
    } catch (error) {
      toast(error.message, { kind: "error" });
    }
  }
}
