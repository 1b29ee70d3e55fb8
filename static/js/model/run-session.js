// An execution as a page follows it: its history as it grows, its standing, the connection.
//
// Events come over the websocket, from the last id on; while there is no socket each try also asks the REST API, and so
// does a gap, which no order of messages should make.

import { get, post } from "../lib/api.js";
import { openSocket } from "../lib/live-socket.js";
import { Progress } from "./progress.js";

const PAGE = 2_000; // events asked for at a time over REST
const REFRESH = 800; // ms between noticing that the rest has changed and asking for it

export class RunSession {
  #socket = null;
  #loading = null;
  #timer = 0;
  #onChange;

  /** `run` is the REST answer of the execution; `onChange({changed, status, repinned})` after each change: names of
   *  states, whether the execution's own standing changed, whether it runs under another definition now. */
  constructor(run, onChange) {
    this.run = run;
    this.#onChange = onChange;
    this.definition = parsed(run.definition);
    this.progress = new Progress(this.definition);
    this.connection = { kind: "connecting" };
  }

  get running() {
    return this.run.status === "RUNNING";
  }

  /** Whether the history is known up to where it was when the page was asked for. */
  get loaded() {
    return this.progress.last >= this.run.last_event;
  }

  /** How many events of that are still to come. */
  get missing() {
    return Math.max(0, this.run.last_event - this.progress.last);
  }

  start() {
    this.#socket = openSocket({
      address: () => `/ws/executions/${this.run.id}/?after=${this.progress.last}`,
      onMessage: (message) => this.#receive(message),
      onState: (state) => {
        this.connection = state;
        this.#onChange({ changed: new Set(), status: false });
      },
      beforeRetry: () => this.load(),
    });
  }

  retry() {
    this.#socket.retry();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  /** Read what is missing over REST. */
  load() {
    this.#loading ??= this.#pages().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #pages() {
    for (let more = true; more;) {
      const page = await get(`executions/${this.run.id}/events/?after=${this.progress.last}&limit=${PAGE}`);
      this.#apply(page.events, page.status);
      more = page.more;
    }
  }

  #receive({ type, events, status }) {
    if (type === "events") this.#apply(events, status);
  }

  #apply(events, status) {
    const { changed, gap } = this.progress.apply(events);
    if (gap !== null) this.load();
    const moved = status !== this.run.status;
    this.run.status = status;
    this.run.waiting = this.progress.openVisits().filter((visit) => visit.waitsFor === "approval").length;
    if (moved || events.some(startsChild)) this.#refreshSoon();
    this.#onChange({ changed, status: moved });
  }

  /** Output, error, children: what no event says in full. */
  #refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh().catch(() => this.#refreshSoon()), REFRESH);
  }

  async refresh() {
    const { drawing, definition, ...fresh } = await get(`executions/${this.run.id}/`);
    const repinned = fresh.revision !== this.run.revision; // redriven under another definition, which is drawn otherwise
    Object.assign(this.run, fresh, { waiting: this.run.waiting });
    this.#onChange({ changed: new Set(), status: true, repinned });
  }

  /** The drawing with some containers shown as one node. */
  async fold(names) {
    this.run.drawing = await post("drawing/", { definition: this.run.definition, folded: names });
  }

  /** The ids of the events that have a text anywhere in their data, a Set. */
  async eventsWith(text) {
    const { ids } = await get(`executions/${this.run.id}/events/search/?text=${encodeURIComponent(text)}`);
    return new Set(ids);
  }

  /** One event in full. */
  wholeEvent(id) {
    return get(`executions/${this.run.id}/events/${id}/`);
  }

  /** One visit of a state, with its data; null when the history does not have it (yet). */
  async visit(name, id) {
    const page = await get(`executions/${this.run.id}/states/${encodeURIComponent(name)}/?visit=${id}`);
    return page.visits[0] ?? null;
  }
}

function startsChild(event) {
  const scheduled = event.taskSubmittedEventDetails ?? event.taskSucceededEventDetails;
  return scheduled?.resourceType === "states";
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
