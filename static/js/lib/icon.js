// Icons of the shipped sprite (Lucide, and our logo and status glyphs).

import { html } from "lit";

export const SPRITE = "/static/vendor/icons.svg";

/** `<svg class="icon …">` of the symbol i-NAME; decorative, so hidden from screen readers. */
export const icon = (name, classes = "") =>
  html`<svg class="icon ${classes}" aria-hidden="true"><use href="${SPRITE}#i-${name}"></use></svg>`;

/** The glyph of an execution status: running, succeeded, failed, timedout, aborted, waiting, caught, notreached. */
export const glyph = (status, classes = "") =>
  html`<svg class="glyph glyph--${status} ${classes}" aria-hidden="true"><use href="${SPRITE}#s-${status}"></use></svg>`;
