// Every action of the editor, once: for the command palette, the context menus and the list of keys.

import { _ } from "../lib/i18n.js";

/** [kind, label] of what a machine can be exported as. */
export const EXPORTS = [["json", "JSON"], ["yaml", "YAML"], ["sam", "SAM"], ["terraform", "Terraform"], ["html", "HTML"], ["svg", "SVG"], ["png", "PNG"]];

/**
 * [{id, icon, label, keys, group, run, on}] for the moment. `act` holds what they do, `now` = {count, container, readOnly,
 * saved, mode, may, canUndo, canRedo}; `on` names the menus a command stands in: "state", "several", "canvas".
 */
export function commands(act, now) {
  const editing = !now.readOnly;
  const some = now.count > 0;
  const one = now.count === 1;
  const list = [
    one && editing && { id: "rename", icon: "pencil", label: _("Rename"), keys: "F2", run: act.rename, on: ["state"] },
    one && { id: "open", icon: "panel-right", label: _("Open the inspector"), keys: "↵", run: act.open, on: ["state"] },
    now.may.design && { id: "test", icon: "circle-play", label: one ? _("Test this state") : _("Test from the start"),
      keys: "R", run: act.test, on: ["state", "canvas"] },
    one && now.container && { id: "fold", icon: "box", label: now.folded ? _("Unfold") : _("Fold"), keys: "X", run: act.fold, on: ["state"] },
    one && editing && { id: "up", icon: "arrow-up", label: _("Move towards the start"), keys: "Alt ↑", run: () => act.shift(-1), on: ["state"] },
    one && editing && { id: "down", icon: "arrow-down", label: _("Move towards the end"), keys: "Alt ↓", run: () => act.shift(1), on: ["state"] },
    some && editing && { id: "cut", icon: "clipboard-copy", label: _("Cut"), keys: "Ctrl X", run: act.cut, on: ["state", "several"], line: true },
    some && { id: "copy", icon: "copy", label: _("Copy as ASL"), keys: "Ctrl C", run: act.copy, on: ["state", "several"] },
    editing && { id: "paste", icon: "clipboard-copy", label: _("Paste"), keys: "Ctrl V", run: act.paste, on: ["state", "several", "canvas"] },
    some && editing && { id: "duplicate", icon: "copy", label: _("Duplicate"), keys: "Ctrl D", run: () => act.duplicate(), on: ["state", "several"] },
    editing && { id: "wrap-parallel", icon: "columns-3", label: _("Wrap in a Parallel"), keys: "",
      run: () => act.wrap("Parallel"), on: ["state", "several"], line: true },
    editing && { id: "wrap-map", icon: "layers", label: _("Wrap in a Map"), keys: "", run: () => act.wrap("Map"), on: ["state", "several"] },
    editing && { id: "extract", icon: "workflow", label: _("Extract into a state machine"), keys: "", run: act.extract, on: ["state", "several"] },
    some && editing && { id: "delete", icon: "trash-2", label: _("Delete, and heal the transitions"), keys: "Del",
      run: () => act.remove(), on: ["state", "several"], danger: true, line: true },
    { id: "select-all", icon: "square-check", label: _("Select all"), keys: "Ctrl A", run: act.selectAll, on: ["canvas"] },
    some && { id: "clear", icon: "x", label: _("Clear the selection"), keys: "Esc", run: () => act.select(null) },
    { id: "fold-all", icon: "box", label: _("Fold all containers"), keys: "", run: () => act.foldAll(true), on: ["canvas"], line: true },
    { id: "unfold-all", icon: "box", label: _("Unfold all containers"), keys: "", run: () => act.foldAll(false), on: ["canvas"] },
    { id: "fit", icon: "maximize", label: _("Fit"), keys: "0", run: () => act.canvas.fit(), on: ["canvas"] },
    { id: "actual", icon: "search", label: _("Actual size"), keys: "1", run: () => act.canvas.viewport.zoomTo(1) },
    { id: "zoom-in", icon: "zoom-in", label: _("Zoom in"), keys: "+", run: () => act.canvas.zoomBy(1.25) },
    { id: "zoom-out", icon: "zoom-out", label: _("Zoom out"), keys: "-", run: () => act.canvas.zoomBy(0.8) },
    editing && now.canUndo && { id: "undo", icon: "undo-2", label: _("Undo"), keys: "Ctrl Z", run: act.undo },
    editing && now.canRedo && { id: "redo", icon: "redo-2", label: _("Redo"), keys: "Ctrl Shift Z", run: act.redo },
    now.may.design && editing && { id: "save", icon: "save", label: now.saved ? _("Save") : _("Create"), keys: "Ctrl S", run: act.save },
    now.may.operate && { id: "run", icon: "play", label: _("Run"), keys: "Ctrl ↵", run: act.run },
    { id: "design", icon: "workflow", label: _("Design"), keys: "", run: () => act.mode("design") },
    { id: "split", icon: "columns-2", label: _("Split"), keys: "", run: () => act.mode("split") },
    { id: "code", icon: "braces", label: _("Code"), keys: "", run: () => act.mode("code") },
    { id: "settings", icon: "settings-2", label: _("Settings of the state machine"), keys: "", run: act.settings, on: ["canvas"] },
    now.saved && { id: "versions", icon: "history", label: _("Versions, aliases and differences"), keys: "", run: act.versions, on: ["canvas"] },
    { id: "fit", icon: "cloud", label: _("Fit for AWS, and cost"), keys: "", run: act.fit },
    { id: "problems", icon: "triangle-alert", label: _("Show the problems"), keys: "", run: act.problems },
    ...EXPORTS.map(([kind, label]) => ({ id: `export-${kind}`, icon: "download", label: `${_("Export")}: ${label}`, keys: "", run: () => act.exportAs(kind) })),
    { id: "keys", icon: "keyboard", label: _("Keys"), keys: "?", run: act.keys },
  ];
  return list.filter(Boolean);
}

/** The keys that no command has: what the keyboard does on the canvas. */
export const FURTHER_KEYS = () => [
  ["Ctrl K", _("Find a state or a command")], ["↑ ↓ ← →", _("Go along the edges")],
    ["Shift ␣", _("Add to the selection")], ["T H C P M W A S F", _("Add a state after the selection")],
  ["/", _("Search states to add")], ["F6", _("Next region")],
];
