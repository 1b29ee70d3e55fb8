// "Follow live": while it is pressed the graph shows the state that was entered last.

import { html, nothing, render } from "lit";
import { _ } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";

/** Adds the button to the graph's `host`; `reveal(name)` brings a state into sight.  Returns {update(progress)}. */
export function followButton(host, { reveal }) {
  const corner = document.createElement("div");
  corner.className = "follow";
  host.append(corner);
  let following = true;
  let shown = null;

  function toggle() {
    following = !following;
    shown = null;
  }

  return {
    update(progress, running) {
      render(running ? html`<button class="button" type="button" aria-pressed=${following}
        @click=${() => { toggle(); this.update(progress, running); }}>${icon("scan")}${_("Follow live")}</button>` : nothing, corner);
      const newest = progress.openVisits().filter((visit) => !visit.inner.size).pop()?.name ?? null;
      if (!running || !following || newest === null || newest === shown) return;
      shown = newest;
      reveal(newest);
    },
  };
}
