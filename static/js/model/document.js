// The open definition: its text, JSON or YAML, the last data that could be read from it, and where each value stands.
// The text is the truth; edits become the smallest change of it.  No DOM.

import { JsonError, locate, parseTree, pointerAt } from "./json.js";
import { applyChanges, changesFor } from "./patch.js";
import { findState, stateAt } from "./states.js";
import { looksLikeYaml, parseYaml, yamlChanges, yamlText } from "./yaml.js";

/** The tree of a text in either language; throws JsonError. */
export const treeOf = (text) => (looksLikeYaml(text) ? parseYaml(text) : parseTree(text));

/** A text with other data, in its language, changed as little as can be. */
export const withData = (text, definition) => applyChanges(text, (looksLikeYaml(text) ? yamlChanges : changesFor)(text, definition));

/** What is saved of a text: the definition as JSON, and the YAML it was written as. */
export function savedForm(text) {
  if (!looksLikeYaml(text)) return { definition: text, source: "" };
  try {
    return { definition: JSON.stringify(parseYaml(text).value, null, 2), source: text };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return { definition: text, source: "" }; // refused by the server, which says why
  }
}

/** The text a person goes on with: the YAML where there is one. */
export const ownText = ({ definition, source }) => source || definition;

/** The same data in the other language; comments and number formats of the old text are gone with it. */
export const turned = (text) => (looksLikeYaml(text) ? `${JSON.stringify(parseYaml(text).value, null, 2)}\n` : yamlText(parseTree(text).value));

export class Document {
  /** `dispatch(changes, label)` makes changes of the text elsewhere (the code editor) and calls setText then. */
  constructor(text, { dispatch = null } = {}) {
    this.dispatch = dispatch;
    this.listeners = new Set();
    this.definition = {};
    this.tree = null;
    this.read(text);
  }

  read(text) {
    this.text = text;
    this.yaml = looksLikeYaml(text);
    try {
      this.tree = treeOf(text);
      this.definition = this.tree.value;
      this.broken = null;
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      this.broken = error;
    }
  }

  /** The text has changed, whoever changed it. */
  setText(text, origin = "text") {
    if (text === this.text) return;
    this.read(text);
    for (const listener of this.listeners) listener({ origin });
  }

  /** Calls `listener({origin})` after each change; returns a function that ends it. */
  onChange(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Makes an edit. On a broken text nothing can be edited: returns false, and the text stays.
   * `label` says what was done, for the undo button.
   */
  edit(edit, label = "") {
    if (this.broken) return false;
    const { definition } = edit(this.definition);
    const changes = (this.yaml ? yamlChanges : changesFor)(this.text, definition, this.tree);
    if (!changes.length) return true;
    if (this.dispatch) this.dispatch(changes, label);
    else this.setText(applyChanges(this.text, changes), "edit");
    return true;
  }

  state(name) { return findState(this.definition, name)?.state ?? null; }

  /** The range {from, to} of the text of a state (with its name), or null when it is not in the text now. */
  rangeOf(name) {
    const found = this.broken ? null : findState(this.definition, name);
    const place = found && locate(this.tree, found.pointer);
    return place ? { from: place.member.keyStart, to: place.node.end } : null;
  }

  /** The name of the state in which an offset of the text lies, or null. */
  stateAtOffset(offset) {
    return this.broken ? null : stateAt(this.definition, pointerAt(this.tree, offset));
  }

  /** The offset of what a JSON pointer points to, or null. */
  offsetOf(pointer) {
    const found = this.broken ? null : locate(this.tree, pointer);
    return found ? found.member?.keyStart ?? found.node.start : null;
  }
}
