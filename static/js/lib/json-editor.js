// CodeMirror for JSON, as the designer uses it: colours from our tokens, JSONPath in strings marked, problems in the line.

import {
  Decoration, EditorState, EditorView, HighlightStyle, ViewPlugin, autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap, completionKeymap,
  defaultKeymap, drawSelection, foldGutter, foldKeymap, highlightActiveLine, highlightActiveLineGutter, highlightSelectionMatches,
  history, historyKeymap, indentOnInput, indentUnit, indentWithTab, json, keymap, lineNumbers, lintGutter, lintKeymap, searchKeymap,
  syntaxHighlighting, syntaxTree, tags, yaml,
} from "codemirror";

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-key)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: tags.number, color: "var(--code-number)" },
  { tag: [tags.bool, tags.null], color: "var(--code-word)" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
  { tag: tags.definition(tags.propertyName), color: "var(--code-key)" },
]);
const path = Decoration.mark({ class: "cm-path" });

/** Strings that are paths, intrinsic functions or JSONata get the colour of paths. */
const paths = ViewPlugin.fromClass(class {
  constructor(view) { this.decorations = marks(view); }
  update(update) { if (update.docChanged || update.viewportChanged) this.decorations = marks(update.view); }
}, { decorations: (plugin) => plugin.decorations });

function marks(view) {
  const found = [];
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from, to, enter: (node) => {
        if ((node.name === "String" || node.name === "QuotedLiteral")
          && /^"(\$|States\.|\{%)/.test(view.state.sliceDoc(node.from,
          node.from + 9))) found.push(path.range(node.from + 1, node.to - 1));
      },
    });
  }
  return Decoration.set(found);
}

/** The language's own extensions: JSON or YAML. */
export const languageOf = (isYaml) => (isYaml ? yaml() : json());

/** The extensions of a JSON editor; `language` stands in the place of JSON's own, `keys` come first, `complete` is a completion source. */
export function jsonExtensions({ label, readOnly = false, keys = [], complete = null, gutters = true, language = json() }) {
  return [
    gutters ? [lineNumbers(), lintGutter(), foldGutter({ openText: "⌄", closedText: "›" })] : [],
    history({ newGroupDelay: 400 }), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(),
    highlightSelectionMatches(), syntaxHighlighting(colours), language, paths, indentUnit.of("  "),
    complete ? autocompletion({ override: [complete], icons: false }) : [],
    EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly),
    EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label }),
    keymap.of([...keys, ...closeBracketsKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap,
      ...completionKeymap, indentWithTab, ...defaultKeymap]),
  ];
}

/** A small JSON editor in `parent`: {text, setText, focus, destroy, view}. */
export function createJsonEditor(parent, { text, label, readOnly = false, keys = [], complete = null, onChange = () => {}, onBlur = () => {} }) {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        jsonExtensions({ label, readOnly, keys, complete, gutters: false }), EditorView.lineWrapping,
        EditorView.updateListener.of((update) => { if (update.docChanged) onChange(update.state.doc.toString()); }),
        EditorView.domEventHandlers({ blur: () => { onBlur(view.state.doc.toString()); } }),
      ],
    }),
  });
  view.dom.classList.add("json-editor");
  return {
    view,
    get text() { return view.state.doc.toString(); },
    setText(next) {
      if (next !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
