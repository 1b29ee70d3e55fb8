// What the editor does to states, whichever way it is asked for: palette, keys, menus, dragging.

import { post } from "../lib/api.js";
import { copy as toClipboard } from "../lib/clipboard.js";
import { announce } from "../lib/dom.js";
import { _, fill, plural } from "../lib/i18n.js";
import { toast } from "../lib/toasts.js";
import * as edits from "../model/edits.js";
import { callMachine, GroupingError, machineOf, outermost, wrapIn } from "../model/grouping.js";
import { inJsonataWhole } from "../model/languages.js";
import { copied, fragmentFrom, insertFragment, withFreeNames } from "../model/pasting.js";
import { allStates, at, findState, freeName, references } from "../model/states.js";
import { newState } from "../model/templates.js";
import { askName } from "./dialogs.js";

const REASONS = {
  none: () => _("Select the states first."),
  blocks: () => _("The states must stand in the same list: all at the top, or all in one branch."),
  entries: () => _("More than one of these states is led to from outside; select what lies between, too."),
  exits: () => _("These states lead on to different places; select the states they lead to, too."),
  ends: () => _("One of these states ends the execution, and others go on; select the states after them, too."),
};

/**
 * `host`: {document, selected(), drawing(), place, words, edit(edit, label) → done, undo(), show(names), select(name)}.
 * `show` selects states once they are drawn.
 */
export function createActions(host) {
  const { document: opened, words, place: installation } = host;
  const definition = () => opened.definition;
  const chosen = () => host.selected().filter((name) => opened.state(name));
  const jsonata = (names) => (findState(definition(), names[0])?.state.QueryLanguage ?? definition().QueryLanguage) === "JSONata";

  /** Where the main way ends: the last drawn state at the top that ends the execution. */
  function lastOf() {
    const ends = (host.drawing()?.edges ?? []).filter((edge) => edge.kind === "end").map((edge) => edge.from).filter((name) => opened.state(name));
    return ends.at(-1) ?? Object.keys(definition().States ?? {}).at(-1);
  }

  /** The edit that puts a state at a place of the canvas, or after the selection (at the end without one). */
  function insertion(place) {
    if (place?.kind === "edge") return (name, state) => edits.insertOn(place.edge.pointers, name, state);
    if (place?.kind === "branch") return (name, state) => edits.insertFirst(place.pointer, name, state);
    const previous = place?.kind === "after" ? place.id : chosen().at(-1) ?? lastOf();
    return (name, state) => (previous === undefined ? edits.insertFirst("", name, state) : edits.insertAfter(previous, name, state));
  }

  /** A Choice where nothing follows gets a state to lead to, so that it is whole at once. */
  function withWaysOn(insert, place, name, made) {
    const whole = insert(name, made);
    if (made.Type !== "Choice" || "Default" in (findState(whole(definition()).definition, name)?.state ?? {})) return whole;
    const done = freeName(definition(), words.done, new Set([name]));
    return edits.all(insertion(place)(done, { Type: "Succeed" }), edits.insertBefore(done, name, made));
  }

  function group(names, action) {
    try {
      action();
    } catch (error) {
      if (!(error instanceof GroupingError)) throw error;
      toast(REASONS[error.reason](), { kind: "error" });
    }
  }

  /** Puts the states of a pattern at a place of the canvas, or after the selection; said in the machine's language. */
  function addPattern({ label, fragment }, place) {
    const said = jsonata(place?.kind === "after" ? [place.id] : chosen()) ? inJsonataWhole(fragment).definition : fragment;
    const fresh = withFreeNames(definition(), { StartAt: said.StartAt, States: said.States });
    const names = Object.keys(fresh.States);
    // What is added next follows the whole.
    const exit = names[Object.values(said.States).findIndex((state) => state.End === true)] ?? names[0];
    if (!host.edit(insertFragment(fresh, insertion(place)), fill(_("Add %(name)s"), { name: label }))) return;
    host.show([exit], { open: true });
    announce(fill(_("Added %(name)s"), { name: label }));
  }

  const actions = {
    /** Adds an entry of the palette; selects it. */
    add(entry, place = null) {
      if (entry.fragment) { addPattern(entry, place); return; }
      const name = freeName(definition(), entry.name || entry.label);
      const free = (base, taken) => freeName(definition(), base, new Set([name, ...(taken ?? [])]));
      const context = place?.kind === "after" ? [place.id] : chosen();
      const made = newState(entry.kind, { words, place: installation, name: entry.name, free, jsonata: jsonata(context) });
      if (entry.resource) made.Resource = entry.resource;
      if (!host.edit(withWaysOn(insertion(place), place, name, made), fill(_("Add %(name)s"), { name }))) return;
      host.show([name], { open: true });
      announce(fill(_("Added %(name)s"), { name }));
    },

    remove(names = chosen()) {
      if (!names.length) return;
      const next = names.map((name) => opened.state(name)?.Next).find((name) => name && !names.includes(name));
      if (!host.edit(edits.remove(...outermost(definition(), names)), _("Delete"))) return;
      host.select(next ?? null);
      toast(plural("%(count)s state deleted", "%(count)s states deleted", names.length), { action: { label: _("Undo"), run: host.undo } });
    },

    duplicate(names = chosen()) {
      if (!names.length) return;
      if (names.length > 1) { actions.insertText(copied(definition(), names), names.at(-1)); return; }
      const copy = freeName(definition(), names[0]);
      if (host.edit(edits.duplicate(names[0]), _("Duplicate"))) host.show([copy]);
    },

    /** Puts a state that is there to a place of the canvas. */
    move(name, place) {
      try {
        const change = place.kind === "edge" ? edits.moveOnto(name, place.edge.pointers) : edits.moveBy(name, insertion(place));
        if (host.edit(change, _("Move"), { throws: true })) host.show([name]);
      } catch (error) {
        toast(error instanceof edits.MoveError
          ? fill(_("“%(name)s” leads to states of its own list by its rules or catchers, so it stays in that list."),
          { name }) : error.message, { kind: "error" });
      }
    },

    /** One place towards the start (-1) or the end (1) of the way. */
    shift(direction) {
      const [name] = chosen();
      const found = name && findState(definition(), name);
      if (!found) return;
      const before = references(definition(), found.blockPointer)
        .find(({ target, pointer }) => target === name && pointer.startsWith(`${found.blockPointer}/States/`));
      const previous = before && allStates(definition())
        .find(({ pointer }) => before.pointer.startsWith(`${pointer}/`)
        && at(definition(), `${pointer}/Next`) === name)?.name;
      const following = found.state.Next;
      const other = direction < 0 ? previous : following;
      if (!other || other === name) { announce(_("It cannot be moved further.")); return; }
      actions.reorder(name, (key, state) => (direction < 0 ? edits.insertBefore(other, key, state) : edits.insertAfter(other, key, state)));
    },

    reorder(name, insert) {
      if (host.edit(edits.moveBy(name, insert), _("Move"))) { host.show([name]); announce(fill(_("Moved %(name)s"), { name })); }
    },

    wrap(kind) {
      const names = chosen();
      group(names, () => {
        const name = freeName(definition(), kind);
        if (host.edit(wrapIn(kind, names, name, { jsonata: jsonata(names) }), fill(_("Wrap in %(kind)s"), { kind }),
          { throws: true })) host.show([name], { open: true });
      });
    },

    /** Makes a machine of the selection and a Task that runs it. */
    async extract() {
      const names = chosen();
      let machine = null;
      group(names, () => { machine = machineOf(definition(), names); });
      if (!machine) return;
      const text = JSON.stringify(machine, null, 2);
      let given = { name: names[0].replace(/[^\p{L}\p{N}_-]+/gu, "-").slice(0, 80), kind: "STANDARD", error: "" };
      for (;;) {
        given = await askName(given);
        if (!given) return;
        try {
          const made = await post("machines/", { ...given, definition: text });
          const name = freeName(definition(), given.name);
          if (host.edit(callMachine(names, name, made.arn, { jsonata: jsonata(names) }), _("Extract"))) host.show([name], { open: true });
          toast(fill(_("“%(name)s” is a state machine of its own now."), { name: given.name }), { kind: "success" });
          return;
        } catch (error) {
          if (error.status === undefined) throw error;
          given = { ...given, error: error.body?.problems?.[0]?.message ?? error.message };
        }
      }
    },

    text: () => copied(definition(), chosen()),

    async copy() {
      const text = actions.text();
      if (text && await toClipboard(text)) announce(plural("%(count)s state copied", "%(count)s states copied", chosen().length));
    },

    async cut() {
      const names = chosen();
      const text = actions.text();
      if (text && await toClipboard(text)) actions.remove(names);
    },

    async paste() {
      const text = await navigator.clipboard?.readText().catch(() => null);
      if (typeof text === "string") actions.insertText(text);
      else toast(_("The browser lets no page read the clipboard by itself: press Ctrl V."));
    },

    /** Pastes text behind a state or the selection; false when it holds no states. */
    insertText(text, after = null) {
      const fragment = fragmentFrom(text, words.step);
      if (!fragment) { toast(_("The clipboard holds no states. Copy states here, or ASL in JSON.")); return false; }
      const fresh = withFreeNames(definition(), fragment);
      const place = after === null ? null : { kind: "after", id: after };
      if (!host.edit(insertFragment(fresh, insertion(place)), _("Paste"))) return false;
      host.show(Object.keys(fresh.States));
      announce(plural("%(count)s state pasted", "%(count)s states pasted", Object.keys(fresh.States).length));
      return true;
    },
  };
  return actions;
}
