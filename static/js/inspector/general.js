// What every state has: name, comment, where it leads.

import { html, nothing } from "lit";
import { _ } from "../lib/i18n.js";
import { rename, setField, setNext } from "../model/edits.js";
import { mayHaveNext, nameFault, peers } from "../model/states.js";
import { areaField, targetField, textField } from "./fields.js";

const FAULTS = {
  empty: () => _("A state needs a name."),
  long: () => _("A name has at most 80 characters."),
  taken: () => _("Another state has this name."),
};

export function nameField({ definition, name, edit, select, readOnly }) {
  return textField({
    name: "name", label: _("State name"), value: name, readOnly,
    onChange: (text) => {
      const fault = nameFault(definition, text, name);
      if (fault) return FAULTS[fault]();
      if (text !== name && edit(rename(name, text), _("Rename"))) select(text);
      return "";
    },
  });
}

export const commentField = ({ name, state, edit, readOnly }) => areaField({
  name: `${name} comment`, label: _("Comment"), value: state.Comment, readOnly,
    onChange: (text) => edit(setField(name, "Comment", text || undefined), _("Comment")),
});

export const nextField = ({ definition, name, state, edit, readOnly }) => (mayHaveNext(state) ? targetField({
  name: `${name} next`, label: _("Next state"), value: state.Next, peers: peers(definition, name), own: name, end: true, readOnly,
  onChange: (target) => edit(setNext(name, target), _("Next state")),
}) : nothing);

export const general = (context) => html`${nextField(context)}${commentField(context)}`;
