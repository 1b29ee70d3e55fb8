// What is saved where: one's draft as one types, a revision on demand, never over somebody else's.

import { ApiError, get, post, put, remove } from "../lib/api.js";
import { debounce } from "../lib/dom.js";
import { _, fill } from "../lib/i18n.js";
import { clock } from "../lib/moments.js";
import { toast } from "../lib/toasts.js";
import { ownText, savedForm, treeOf, withData } from "../model/document.js";
import { JsonError } from "../model/json.js";
import { askMerge } from "./conflict.js";
import { askConflict, askName } from "./dialogs.js";

const LOCAL = "statewright:unsaved";
const DELAY = 1200;

/**
 * `machine` is the REST answer of the machine, or null for one that is not created yet (`fresh` = {name, kind}).
 * `text()` gives the text now, `replace(text)` puts another in its place, `onState()` is called when anything changed.
 */
export function createSaving({ machine, fresh, text, replace, onState, onProblems }) {
  const state = {
    name: machine?.name ?? fresh.name, kind: machine?.kind ?? fresh.kind, arn: machine?.arn ?? "", revision: machine?.revision ?? null,
    base: machine ? machine.draft?.baseRevision ?? machine.revision.id : null, saved: machine ? ownText(machine) : null,
    kept: machine ? machine.draft?.definition ?? ownText(machine) : null, note: "", saving: false,
    baseText: machine && (!machine.draft || machine.draft.baseRevision === machine.revision.id) ? ownText(machine) : null,
  };
  const path = () => `machines/${encodeURIComponent(state.name)}/`;
  const dirty = () => state.saved !== text();

  const keep = debounce(async () => {
    const now = text();
    if (now === state.kept) return;
    if (!state.revision) {
      localStorage.setItem(LOCAL, JSON.stringify({ name: state.name, kind: state.kind, text: now }));
      [state.kept, state.note] = [now, fill(_("Kept in this browser %(time)s"), { time: clock(Date.now()).slice(0, 5) })];
      onState();
      return;
    }
    try {
      if (dirty()) await put(`${path()}draft/`, { definition: now, baseRevision: state.base });
      else await remove(`${path()}draft/`);
      [state.kept, state.note] = [now, fill(_("Draft kept %(time)s"), { time: clock(Date.now()).slice(0, 5) })];
    } catch (error) {
      state.note = error.status === 403 ? "" : _("The draft could not be kept. Trying again…");
      if (error.status !== 403) setTimeout(keep, 4000);
    }
    onState();
  }, DELAY);

  async function create() {
    let error = "";
    for (;;) {
      const given = await askName({ ...state, error });
      if (!given) return false;
      Object.assign(state, given);
      try {
        await accept(await post("machines/", { ...given, ...savedForm(text()) }));
        localStorage.removeItem(LOCAL);
        sessionStorage.removeItem("statewright:new");
        history.replaceState(null, "", `/machines/${encodeURIComponent(state.name)}/`);
        return true;
      } catch (failure) {
        if (failure.code === "InvalidName" || failure.code === "StateMachineAlreadyExists") error = failure.message;
        else { refuse(failure); return false; }
      }
    }
  }

  function accept(answer) {
    Object.assign(state, { revision: answer.revision, base: answer.revision.id, baseText: ownText(answer),
      saved: ownText(answer), kept: ownText(answer), arn: answer.arn });
    state.note = fill(_("Saved as revision %(number)s"), { number: answer.revision.number });
    toast(state.note, { kind: "success" });
  }

  function refuse(failure) {
    if (!(failure instanceof ApiError)) throw failure;
    if (failure.body.problems) {
      onProblems();
      toast(_("It cannot be saved yet: the problems below say why. Your draft is kept."), { kind: "error" });
    } else toast(failure.message, { kind: "error" });
  }

  /** A newer revision is there: "again" to save what was put together, "done", or "" to go on editing. */
  async function settle(current) {
    const base = await baseText();
    const parts = [base, text(), ownText(current)].map(readable);
    if (parts.includes(null)) return settleWhole(current);
    const [was, mine, theirs] = parts;
    const chosen = await askMerge({ name: state.name, current, base: was, mine, theirs });
    if (chosen === null) return "";
    Object.assign(state, { base: current.id, baseText: ownText(current), revision: current });
    if (chosen.how === "theirs") { taken(current); return "done"; }
    replace(withData(text(), chosen.definition));
    return chosen.how === "save" ? "again" : "";
  }

  /** One of the texts cannot be read as JSON: the texts side by side. */
  async function settleWhole(current) {
    const choice = await askConflict({ name: state.name, current, mine: text() });
    if (choice === null) return "";
    Object.assign(state, { base: current.id, baseText: ownText(current) });
    if (choice === "mine") return "again";
    taken(current);
    return "done";
  }

  function taken(current) {
    Object.assign(state, { saved: ownText(current), revision: current });
    replace(ownText(current));
  }

  /** The text that the changes began with: of a draft, an older revision. */
  async function baseText() {
    if (state.baseText !== null) return state.baseText;
    const revisions = await get(`${path()}revisions/`);
    const found = revisions.find((revision) => revision.id === state.base);
    return found ? ownText(await get(`${path()}revisions/${found.number}/`)) : state.saved;
  }

  async function update() {
    for (;;) {
      try {
        accept(await put(path(), { ...savedForm(text()), baseRevision: state.base }));
        return true;
      } catch (failure) {
        if (failure.status !== 409 || !failure.body.current) { refuse(failure); return false; }
        const outcome = await settle(failure.body.current);
        if (outcome !== "again") return outcome === "done";
      }
    }
  }

  return {
    state,
    get dirty() { return dirty(); },
    /** Something typed is not kept anywhere yet. */
    get atRisk() { return dirty() && state.kept !== text(); },
    changed() { keep(); },
    keepNow: () => keep.now(),
    async save() {
      if (state.saving) return false;
      state.saving = true;
      keep.cancel();
      onState();
      try {
        return state.revision ? await update() : await create();
      } finally {
        state.saving = false;
        onState();
      }
    },
    async discard() {
      await remove(`${path()}draft/`);
      const answer = await get(path());
      Object.assign(state, { revision: answer.revision, base: answer.revision.id, baseText: ownText(answer),
        saved: ownText(answer), kept: ownText(answer), note: _("Draft discarded") });
      replace(ownText(answer));
      onState();
    },
    async deleteMachine() {
      await remove(path());
      state.saved = text();
      location.href = "/machines/";
    },
  };
}

/** What was left unsaved in this browser of a machine that was never created, or null. */
export function leftUnsaved() {
  const found = localStorage.getItem(LOCAL);
  return found ? JSON.parse(found) : null;
}

/** The data of a text, or null. */
function readable(text) {
  try {
    const { value } = treeOf(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}
