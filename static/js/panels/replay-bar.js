// The slider under a run: shows it as it stood at any event, and plays it.

import { html, nothing } from "lit";
import { _, fill } from "../lib/i18n.js";
import { icon } from "../lib/icon.js";
import { clockMs, number } from "../lib/moments.js";
import { marksOf } from "../model/replay.js";
import { time } from "../model/visits.js";
import { copyButton } from "./data-box.js";

const LASTS = 12_000; // ms that playing a long run takes
const BEAT = 100; // ms between two steps: browsers let a page change its address about 20 times a second
const SLOWEST = 4; // beats for an event of a short run

/** `events` of the whole run, `at` the event shown or null (the newest); `on`: {at(event or null), play}. */
export function replayBar({ events, at, playing, running }, on) {
  if (events.length < 2) return nothing;
  const place = at ?? events.length;
  const word = fill(_("Event %(at)s of %(all)s"), { at: number(place), all: number(events.length) });
  return html`<div class="replay" role="group" aria-label=${_("Replay")}>
    <button class="button button--quiet button--icon button--small" type="button"
      aria-label=${playing ? _("Pause") : _("Replay the run")} title=${playing ? _("Pause") : _("Replay the run")}
      @click=${on.play}>${icon(playing ? "pause" : "play")}</button>
    <div class="replay__track"><span class="replay__marks" aria-hidden="true">${marks(events)}</span>
      <input type="range" min="1" max=${events.length} .value=${String(place)} aria-label=${_("Event shown")} aria-valuetext=${word}
        @input=${({ target }) => on.at(Number(target.value) >= events.length ? null : Number(target.value))}></div>
    <span class="replay__place">${word} <time class="muted">${clockMs(time(events[place - 1]))}</time></span>
    ${at === null ? nothing : html`
      ${copyButton(() => location.href, _("Link to this moment"))}
      <button class="button button--small" type="button" @click=${() => on.at(null)}>${running ? _("Live") : _("End")}</button>`}</div>`;
}

let drawn = { events: null, count: 0, template: nothing };

function marks(events) {
  if (drawn.events !== events || drawn.count !== events.length) {
    const template = marksOf(events).map(({ share, kind }) =>
      html`<i class=${kind === "bad" ? "is-bad" : ""}
      .style=${`inset-inline-start:${(share * 100).toFixed(2)}%`}></i>`);
    drawn = { events, count: events.length, template };
  }
  return drawn.template;
}

/** Plays: calls `show(event)` with rising ids and `end()` at the last one.  Returns a function that stops. */
export function play(from, last, { show, end }) {
  const beats = Math.min(last * SLOWEST, LASTS / BEAT);
  const step = last / beats;
  let place = from >= last ? 1 : from;
  const timer = setInterval(() => {
    place += step;
    if (place >= last) {
      clearInterval(timer);
      end();
    } else {
      show(Math.floor(place));
    }
  }, BEAT);
  return () => clearInterval(timer);
}
