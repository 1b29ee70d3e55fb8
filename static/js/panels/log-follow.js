// Following what a function logs: asks again and again as long as the button is pressed, and writes what is new.

import { get } from "../lib/api.js";
import { _ } from "../lib/i18n.js";

const PAUSE = 1000;
const LONGEST = 200_000; // characters kept on the page

/** `box` holds the button [data-follow], the log `pre` and [data-tail-empty]; `name` is the function's. */
export function followLog(box, name) {
  const button = box.querySelector("[data-follow]");
  const tail = box.querySelector("[data-tail]");
  const log = tail.querySelector("pre");
  const shown = new Map(); // request id → how many characters of its log are on the page
  let after = 0;
  let timer = 0;

  button.hidden = false;
  button.addEventListener("click", () => (timer ? stop() : start()));

  function start() {
    button.setAttribute("aria-pressed", "true");
    tail.hidden = false;
    after ||= Date.now();
    look();
  }

  function stop() {
    clearTimeout(timer);
    timer = 0;
    button.setAttribute("aria-pressed", "false");
  }

  async function look() {
    timer = -1;
    try {
      const found = await get(`functions/${encodeURIComponent(name)}/tail/?after=${after}`);
      for (const call of [...found.ended].reverse()) write(call.requestId, call.log, call.error || _("done"));
      for (const call of found.running) write(call.requestId, call.log);
    } catch (error) {
      append(`${error.message}\n`);
    }
    if (timer) timer = setTimeout(look, PAUSE);
  }

  /** The rest of a call's log; `end` closes it. */
  function write(id, text, end) {
    const known = shown.get(id);
    if (known === Infinity) return;
    if (known === undefined) append(`── ${id}\n`);
    append(text.slice(known ?? 0));
    shown.set(id, end ? Infinity : text.length);
    if (end) append(`${text && !text.endsWith("\n") ? "\n" : ""}── ${end}\n`);
  }

  function append(text) {
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
    log.textContent = (log.textContent + text).slice(-LONGEST);
    tail.querySelector("[data-tail-empty]").hidden = Boolean(log.textContent);
    if (atEnd) log.scrollTop = log.scrollHeight;
  }
}
