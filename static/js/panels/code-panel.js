// The definition as code: the editor that holds the text, its undo, problems in the line, completion.

import {
  Compartment, EditorState, EditorView, foldCode, isolateHistory, openSearchPanel, redo, redoDepth, setDiagnostics, syntaxTree, undo, undoDepth,
} from "codemirror";
import { html, render } from "lit";
import { _ } from "../lib/i18n.js";
import { jsonExtensions, languageOf } from "../lib/json-editor.js";
import { fieldsFor, valuesFor } from "../model/completion.js";
import { textAround } from "../model/places-in-text.js";
import { placeInYaml } from "../model/places-in-yaml.js";
import { looksLikeYaml } from "../model/yaml.js";
import { fixTitle } from "./problem-words.js";

/**
 * Fills `element`. `onText(text, origin)` after every change, `onCursor(offset)` when the person moves the cursor,
 * `known()` gives {definition, functions, paths} for completion; `onFix(problem)` makes the fix of a problem.
 */
export function createCodePanel(element, { text, readOnly, onText, onCursor, onFix, onLanguage, known, keys = [] }) {
  const language = new Compartment();
  let isYaml = looksLikeYaml(text);
  const head = document.createElement("div");
  const holder = document.createElement("div");
  head.className = "code__head";
  holder.className = "code__text";
  element.append(head, holder);
  const drawHead = () => {
    const button = (yes, label) => html`<button type="button" aria-pressed=${isYaml === yes}
      ?disabled=${readOnly && isYaml !== yes} @click=${() => { if (isYaml !== yes) onLanguage(); }}>${label}</button>`;
    render(html`<div class="segments" role="group" aria-label=${_("Language of the text")}>${button(false, "JSON")}${button(true, "YAML")}</div>`, head);
  };
  /** Colours and completion follow what the text is. */
  const follow = (now) => {
    if (looksLikeYaml(now) === isYaml || !now.trim()) return;
    isYaml = !isYaml;
    queueMicrotask(() => { view.dispatch({ effects: language.reconfigure(languageOf(isYaml)) }); drawHead(); });
  };
  const view = new EditorView({
    parent: holder,
    state: EditorState.create({
      doc: text,
      extensions: [
        jsonExtensions({ label: _("Definition"), readOnly, keys,
          complete: (context) => (isYaml ? completeYaml : complete)(context, known()),
          language: language.of(languageOf(isYaml)) }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) follow(update.state.doc.toString());
          if (update.docChanged) onText(update.state.doc.toString(), update.transactions.some((entry) => entry.isUserEvent("designer")) ? "edit" : "text");
          else if (update.selectionSet && update.transactions.some((entry) => entry.isUserEvent("select"))) onCursor(update.state.selection.main.head);
        }),
      ],
    }),
  });

  drawHead();
  return {
    view,
    get text() { return view.state.doc.toString(); },
    get canUndo() { return undoDepth(view.state) > 0; },
    get canRedo() { return redoDepth(view.state) > 0; },
    undo: () => undo(view),
    redo: () => redo(view),
    /** Makes an edit of the designer: one step of undo. */
    apply(changes) {
      view.dispatch({ changes, userEvent: "designer", annotations: isolateHistory.of("full") });
    },
    /** Puts a whole new text in; it can be undone. */
    replace(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, userEvent: "designer", annotations: isolateHistory.of("full") });
    },
    setProblems(problems) {
      view.dispatch(setDiagnostics(view.state, problems.map((problem) => diagnostic(view.state.doc, problem, readOnly ? null : onFix))));
    },
    /** Selects a range and brings it into view; without taking the focus unless asked. */
    show({ from, to }, { focus = false, select = false } = {}) {
      const length = view.state.doc.length;
      const anchor = Math.min(from, length);
      view.dispatch({
        selection: select ? { anchor, head: Math.min(to ?? from, length) } : { anchor },
        effects: EditorView.scrollIntoView(anchor, { y: "center" }), userEvent: "shown",
      });
      if (focus) view.focus();
    },
    goTo(line, column) {
      const place = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      this.show({ from: Math.min(place.from + Math.max(column - 1, 0), place.to) }, { focus: true });
    },
    search: () => openSearchPanel(view),
    fold: () => foldCode(view),
    focus: () => view.focus(),
    measure: () => view.requestMeasure(),
    destroy: () => view.destroy(),
  };
}

function diagnostic(doc, problem, onFix) {
  const line = doc.line(Math.min(Math.max(problem.line, 1), doc.lines));
  const from = Math.min(line.from + Math.max(problem.column - 1, 0), line.to);
  const word = /^"(?:[^"\\]|\\.)*"|^[\w.-]+/.exec(doc.sliceString(from, line.to));
  const to = word ? from + word[0].length : line.to;
  return {
    from, to: Math.max(to, from), severity: problem.severity === "ERROR" ? "error" : "warning",
    message: problem.hint ? `${problem.message}\n${problem.hint}` : problem.message,
    actions: problem.fix && onFix ? [{ name: fixTitle(problem.fix), apply: () => onFix(problem) }] : [],
  };
}

/** Completion in YAML: a name at the beginning of a line, a value after its colon. */
function completeYaml(context, { definition, functions, paths }) {
  const line = context.state.doc.lineAt(context.pos);
  const place = placeInYaml(context.state.doc.toString(), context.pos);
  if (!place || (!context.explicit && !place.typed)) return null;
  const options = place.role === "key" ? fieldsFor(definition, place.path)
    .map((label) => ({ label, apply: `${label}: ` })) : valuesFor(definition, place.path, functions, paths);
  return options.length ? { from: Math.max(line.from, context.pos - place.typed.length), options, filter: true } : null;
}

/** Completion inside a string: names of members before a colon, values after it. */
function complete(context, { definition, functions, paths }) {
  const node = syntaxTree(context.state).resolveInner(context.pos, -1);
  const inString = node.name === "String" || node.name === "PropertyName";
  if (!inString && !context.explicit) return null;
  const place = textAround(context.state.doc.toString(), context.pos);
  if (!place) return null;
  const options = place.role === "key"
    ? fieldsFor(definition, place.path).map((label) => ({ label }))
    : valuesFor(definition, place.path, functions, paths);
  if (!options.length) return null;
  const from = inString ? node.from : context.pos;
  const to = inString && node.to > context.pos ? node.to : context.pos;
  return {
    from: inString ? node.from : from, to,
    options: options.map(({ label, detail }) => ({ label: `"${label}"`, displayLabel: label, detail, apply: `"${label}"` })),
    filter: true,
  };
}

