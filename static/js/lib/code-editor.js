// A textarea made into a code editor; the textarea stays the form's field and always holds the text.

import {
  EditorState, EditorView, HighlightStyle, bracketMatching, closeBrackets, closeBracketsKeymap, defaultKeymap, drawSelection,
  highlightActiveLine, highlightActiveLineGutter, highlightSelectionMatches, history, historyKeymap, indentOnInput, indentUnit,
  indentWithTab, json, keymap, lineNumbers, lintGutter, lintKeymap, python, searchKeymap, setDiagnostics, syntaxHighlighting, tags,
} from "codemirror";

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.self], color: "var(--code-word)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: tags.number, color: "var(--code-number)" },
  { tag: [tags.comment, tags.docComment], color: "var(--ink-3)", fontStyle: "italic" },
  { tag: [tags.propertyName, tags.function(tags.variableName), tags.definition(tags.variableName)], color: "var(--code-key)" },
]);
const LANGUAGES = { python: () => [python(), indentUnit.of("    ")], json: () => [json(), indentUnit.of("  ")] };

/** Replace `textarea` by an editor.  `keys` are further key bindings; Escape then Tab leaves the editor. */
export function codeEditor(textarea, { language, keys = [], onChange = () => {} }) {
  const view = new EditorView({
    parent: textarea.parentElement,
    state: EditorState.create({ doc: textarea.value, extensions: extensions(textarea, language, keys, onChange) }),
  });
  textarea.hidden = true;
  textarea.form?.addEventListener("submit", () => { textarea.value = view.state.doc.toString(); });
  return {
    get text() { return view.state.doc.toString(); },
    focus: () => view.focus(),
    mark: (line, column, message) => mark(view, line, column, message),
    clear: () => view.dispatch(setDiagnostics(view.state, [])),
    destroy: () => view.destroy(),
  };
}

function extensions(textarea, language, keys, onChange) {
  return [
    lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(),
    highlightActiveLineGutter(), highlightSelectionMatches(), lintGutter(), syntaxHighlighting(colours), LANGUAGES[language](),
    EditorState.readOnly.of(textarea.readOnly), EditorView.editable.of(!textarea.readOnly), EditorView.lineWrapping,
    EditorView.contentAttributes.of({ tabindex: "0", "aria-label": textarea.labels?.[0]?.textContent ?? "" }),
    keymap.of([...keys, ...closeBracketsKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, indentWithTab, ...defaultKeymap]),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      textarea.value = update.state.doc.toString();
      onChange();
    }),
  ];
}

/** Mark what is wrong at a line and column (both from 1) and go there. */
function mark(view, line, column, message) {
  const { doc } = view.state;
  const place = doc.line(Math.min(Math.max(line, 1), doc.lines));
  const from = Math.min(place.from + Math.max(column - 1, 0), place.to);
  view.dispatch(setDiagnostics(view.state, [{ from, to: Math.max(from, place.to), severity: "error", message }]));
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
}
