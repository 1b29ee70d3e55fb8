// Moments and spans of time as people read them, in the person's zone and language.

import { _, fill, language } from "./i18n.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const formats = new Map();

/** The zone times are shown in: the person's, as the server says, else the browser's. */
export function timeZone() {
  return globalThis.document?.documentElement.dataset.timeZone || undefined;
}

/** English days come before their months here, as on the pages that the server writes. */
const locale = () => (language() === "en" ? "en-GB" : language());

function format(options) {
  const key = JSON.stringify([locale(), options]);
  if (!formats.has(key)) formats.set(key, formatter(options));
  return formats.get(key);
}

function formatter(options) {
  try {
    return new Intl.DateTimeFormat(locale(), { timeZone: timeZone(), hourCycle: "h23", ...options });
  } catch { // a zone this browser does not know
    return new Intl.DateTimeFormat(locale(), { hourCycle: "h23", ...options });
  }
}

const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit" };

/** 09:31:07 */
export const clock = (ms) => format(CLOCK).format(ms);

/** 09:31:07.204 */
export const clockMs = (ms) => format({ ...CLOCK, fractionalSecondDigits: 3 }).format(ms);

/** 18 Nov 09:31:07; 11月18日 09:31:07; with the year when it is not this one. */
export function dayClock(ms, now = Date.now()) {
  const year = format({ year: "numeric" });
  const sameYear = year.format(ms) === year.format(now);
  return format({ ...(sameYear ? {} : { year: "numeric" }), month: "short", day: "numeric", ...CLOCK }).format(ms);
}

/** To the second, with the zone: for tooltips. */
export const exact = (ms) => format({ dateStyle: "full", timeStyle: "long" }).format(ms);

/** "just now", "5 min ago", "yesterday": how long ago. */
export function ago(ms, now = Date.now()) {
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: "auto", style: "short" });
  const past = Math.max(0, now - ms);
  if (past < 10 * SECOND) return _("just now");
  if (past < MINUTE) return relative.format(-Math.floor(past / SECOND), "second");
  if (past < HOUR) return relative.format(-Math.floor(past / MINUTE), "minute");
  if (past < DAY) return relative.format(-Math.floor(past / HOUR), "hour");
  if (past < 30 * DAY) return relative.format(-Math.floor(past / DAY), "day");
  return format({ year: "numeric", month: "short", day: "numeric" }).format(ms);
}

/** 184 ms · 6.8 s · 1 m 02 s · 2 h 14 m 41 s · 3 d 4 h */
export function span(ms) {
  if (ms === null || ms === undefined) return "–";
  if (ms < SECOND) return fill(_("%(ms)s ms"), { ms: Math.round(ms) });
  if (ms < 10 * SECOND) return fill(_("%(s)s s"), { s: (Math.floor(ms / 100) / 10).toFixed(1) });
  if (ms < MINUTE) return fill(_("%(s)s s"), { s: Math.floor(ms / SECOND) });
  const s = String(Math.floor(ms / SECOND) % 60).padStart(2, "0");
  const m = Math.floor(ms / MINUTE) % 60;
  if (ms < HOUR) return fill(_("%(m)s m %(s)s s"), { m, s });
  const h = Math.floor(ms / HOUR) % 24;
  if (ms < DAY) return fill(_("%(h)s h %(m)s m %(s)s s"), { h, m: String(m).padStart(2, "0"), s });
  return fill(_("%(d)s d %(h)s h %(m)s m"), { d: Math.floor(ms / DAY), h, m: String(m).padStart(2, "0") });
}

/** 22,014 */
export const number = (value) => value.toLocaleString(locale());

/** 186 B · 1.2 KB · 3.4 MB; `length` in characters is taken for bytes. */
export function size(length) {
  if (length < 1024) return `${length} B`;
  if (length < 1024 * 1024) return `${(length / 1024).toFixed(length < 10_240 ? 1 : 0)} KB`;
  return `${(length / 1024 / 1024).toFixed(1)} MB`;
}
