// What can be done with the executions that are marked, or with all that fit the filters.

import { html, nothing } from "lit";
import { _, plural } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";

const BAD = ["FAILED", "TIMED_OUT", "ABORTED"];

/** `rows` are those marked; `more`: there are further pages; `on`: {act(kind, whole), clear}. */
export function bulkBar(rows, { more, filtered, act, clear }) {
  if (!rows.length) return nothing;
  const running = rows.filter((row) => row.status === "RUNNING").length;
  const failed = rows.filter((row) => BAD.includes(row.status)).length;
  return html`<div class="bulk-bar" role="region" aria-label=${_("Marked executions")}>
    <b class="medium">${plural("%(count)s marked", "%(count)s marked", rows.length)}</b>
    ${failed ? html`<button class="button button--small" type="button"
      @click=${() => act("REDRIVE", false)}>${icon("rotate-ccw")}${plural("Redrive %(count)s…", "Redrive %(count)s…",
      failed)}</button>` : nothing}
    ${running ? html`<button class="button button--small button--danger" type="button"
      @click=${() => act("STOP", false)}>${icon("circle-stop")}${plural("Stop %(count)s…", "Stop %(count)s…",
      running)}</button>` : nothing}
    ${rows.length === 2 ? html`<a class="button button--small"
      href="/executions/compare/?a=${rows[1].id}&b=${rows[0].id}">${icon("git-compare")}${_("Compare")}</a>` : nothing}
    ${more || filtered ? html`<span class="bulk-bar__all"><span class="muted small">${_("All that fit:")}</span>
      <button class="link small" type="button" @click=${() => act("REDRIVE", true)}>${_("Redrive…")}</button>
      <button class="link small" type="button" @click=${() => act("STOP", true)}>${_("Stop…")}</button></span>` : nothing}
    <button class="button button--quiet button--icon button--small" type="button" aria-label=${_("Unmark all")}
      title=${_("Unmark all")} @click=${clear}>${icon("x")}</button></div>`;
}
