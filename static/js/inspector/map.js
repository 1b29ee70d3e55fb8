// The form of a Map: where its items come from, how they are run, what may fail, where the results go.

import { html, nothing } from "lit";
import { _ } from "../lib/i18n.js";
import { setAt, setField } from "../model/edits.js";
import { member } from "./data.js";
import { dataNumber, jsonataField } from "./expressions.js";
import { box, jsonField, selectField, textField } from "./fields.js";

const READERS = { "arn:aws:states:::s3:getObject": ["JSON", "JSONL", "CSV", "MANIFEST", "PARQUET"], "arn:aws:states:::s3:listObjectsV2": [""] };

export function mapForm(context) {
  const { name, state, edit, readOnly, pointer, jsonata } = context;
  const set = (field) => (value) => { edit(setField(name, field, value === "" ? undefined : value), field); return ""; };
  const distributed = state.ItemProcessor?.ProcessorConfig?.Mode === "DISTRIBUTED";
  const config = state.ItemProcessor?.ProcessorConfig ?? {};
  const modes = [{ value: "INLINE", label: _("Inline: in this execution, up to 40 at once") },
    { value: "DISTRIBUTED", label: _("Distributed: each item an execution of its own") }];
  const modeOf = (chosen) => (chosen === "INLINE" ? { Mode: "INLINE" } : { Mode: "DISTRIBUTED", ExecutionType: config.ExecutionType ?? "STANDARD" });
  const kinds = [{ value: "STANDARD", label: "Standard" }, { value: "EXPRESS", label: "Express" }];
  return html`
    ${"ItemProcessor" in state ? selectField({ name: `${name} mode`, label: _("Mode"), value: config.Mode ?? "INLINE", options: modes, readOnly,
      onChange: (chosen) => edit(setAt(`${pointer}/ItemProcessor/ProcessorConfig`, modeOf(chosen)), _("Mode")) }) : nothing}
    ${distributed ? selectField({ name: `${name} child type`, label: _("Type of the item's executions"),
      value: config.ExecutionType ?? "STANDARD", options: kinds, readOnly,
      onChange: (chosen) => edit(setAt(`${pointer}/ItemProcessor/ProcessorConfig`, { ...config, ExecutionType: chosen }), _("Mode")) }) : nothing}
    ${jsonata || "Items" in state ? member(context, "Items",
      { label: _("Items"), placeholder: "$states.input.items", hint: _("The list to go through. Empty: the input.") })
      : textField({ name: `${name} items path`, label: _("Items (path to the list)"), value: state.ItemsPath,
        code: true, placeholder: "$", readOnly, onChange: set("ItemsPath") })}
    ${"Parameters" in state && !("ItemSelector" in state) ? member(context, "Parameters")
      : member(context, "ItemSelector", { hint: _("What each item's first state gets. Empty: the item itself.") })}
    ${dataNumber(context, "MaxConcurrency", { label: _("At once at most"), placeholder: _("no limit"), first: "$.concurrency" })}
    ${distributed ? distributedFields(context, set) : nothing}`;
}

function distributedFields(context, set) {
  const { name, state, readOnly } = context;
  return html`<div class="field-pair">${dataNumber(context, "ToleratedFailureCount", { label: _("Failures at most"), placeholder: "0", first: "$.failures" })}
      ${dataNumber(context, "ToleratedFailurePercentage", { label: _("or of all"), unit: "%", whole: false, placeholder: "0", first: "$.percentage" })}</div>
    ${readerBox(context)}${batcherBox(context)}${writerBox(context)}
    ${textField({ name: `${name} label`, label: _("Label"), value: state.Label, code: true, readOnly,
      hint: _("Part of the ARN of its map runs, up to 40 characters. Empty: made up."), onChange: set("Label") })}`;
}

/** A box that is there or not: a member of the state that is an object. */
function optional(context, field, title, first, body) {
  const { name, state, edit, readOnly } = context;
  const there = field in state;
  const toggle = (event) => edit(setField(name, field, event.target.checked ? first : undefined), title);
  return box({ title, open: there, body: html`<label class="option"><input class="switch" type="checkbox"
    ?disabled=${readOnly} .checked=${there} @change=${toggle}><span>${title}</span></label>
    ${there ? body(state[field]) : nothing}` });
}

const partWriter = ({ name, edit }, field, whole) => (members) => {
  const next = { ...whole, ...members };
  edit(setField(name, field, Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined))), field);
  return "";
};

/** What an integration gets: Parameters in JSONPath, Arguments in JSONata. */
function sent({ name, jsonata, readOnly }, field, whole, put) {
  const key = jsonata ? "Arguments" : "Parameters";
  return (jsonata ? jsonataField : jsonField)({ name: `${name} ${field} ${key}`, label: key, value: whole[key],
    readOnly, placeholder: '{ "Bucket": "…", "Key": "…" }', onChange: (value) => put({ [key]: value }) });
}

function readerBox(context) {
  const { name, readOnly, jsonata } = context;
  const first = { Resource: "arn:aws:states:::s3:getObject", ReaderConfig: { InputType: "JSON" },
    [jsonata ? "Arguments" : "Parameters"]: { Bucket: "bucket", Key: "items.json" } };
  return optional(context, "ItemReader", _("Items from a file (ItemReader)"), first, (reader) => {
    const put = partWriter(context, "ItemReader", reader);
    const config = reader.ReaderConfig ?? {};
    const configure = (members) => put({ ReaderConfig: Object.fromEntries(Object.entries({ ...config, ...members })
      .filter(([, value]) => value !== undefined)) });
    const resources = [...new Set([...Object.keys(READERS), reader.Resource])].filter(Boolean)
      .map((value) => ({ value, label: value.split(":::")[1] ?? value }));
    const kinds = [...new Set([...(READERS[reader.Resource] ?? []), config.InputType ?? ""])].filter(Boolean).map((value) => ({ value, label: value }));
    return html`${selectField({ name: `${name} reader`, label: "Resource", value: reader.Resource, options: resources,
      readOnly, onChange: (Resource) => put({ Resource }) })}
      ${kinds.length ? selectField({ name: `${name} input type`, label: _("Kind of file"),
        value: config.InputType ?? "", options: kinds, readOnly,
        onChange: (InputType) => configure({ InputType }) }) : nothing}
      ${config.InputType === "CSV" ? selectField({ name: `${name} header`, label: _("Names of the columns"),
        value: config.CSVHeaderLocation ?? "FIRST_ROW", readOnly,
        options: [{ value: "FIRST_ROW", label: _("In the first row") }, { value: "GIVEN", label: _("Given here") }],
          onChange: (CSVHeaderLocation) => configure({ CSVHeaderLocation }) }) : nothing}
      ${config.CSVHeaderLocation === "GIVEN" ? textField({ name: `${name} headers`, label: _("Columns, with commas"),
        value: (config.CSVHeaders ?? []).join(", "), readOnly,
        onChange: (text) => configure({ CSVHeaders: text.split(/[,、]/).map((word) => word.trim()).filter(Boolean) }) }) : nothing}
      ${dataNumber({ ...context, name: `${name} reader` }, "MaxItems",
        { label: _("Items at most"), placeholder: _("no limit"), first: "$.maxItems", holder: config, put: configure })}
      ${sent(context, "ItemReader", reader, put)}`;
  });
}

function batcherBox(context) {
  const { name, readOnly, jsonata } = context;
  return optional(context, "ItemBatcher", _("Several items at a time (ItemBatcher)"), { MaxItemsPerBatch: 10 }, (batcher) => {
    const put = partWriter(context, "ItemBatcher", batcher);
    const part = { ...context, name: `${name} batcher` };
    return html`${dataNumber(part, "MaxItemsPerBatch", { label: _("Items in a batch"), least: 1, first: "$.batch", holder: batcher, put })}
      ${dataNumber(part, "MaxInputBytesPerBatch", { label: _("Bytes in a batch"), least: 1, first: "$.bytes", holder: batcher, put })}
      ${(jsonata ? jsonataField : jsonField)({ name: `${name} batch input`, label: "BatchInput",
        value: batcher.BatchInput, readOnly, hint: _("What every batch gets besides its items."),
        onChange: (BatchInput) => put({ BatchInput }) })}`;
  });
}

function writerBox(context) {
  const { name, readOnly, jsonata } = context;
  const first = { Resource: "arn:aws:states:::s3:putObject", [jsonata ? "Arguments" : "Parameters"]: { Bucket: "bucket", Prefix: "results" } };
  return optional(context, "ResultWriter", _("Results into files (ResultWriter)"), first, (writer) => {
    const put = partWriter(context, "ResultWriter", writer);
    return html`${textField({ name: `${name} writer`, label: "Resource", value: writer.Resource, code: true, readOnly,
      onChange: (text) => put({ Resource: text || undefined }) })}
      ${sent(context, "ResultWriter", writer, put)}
      ${jsonField({ name: `${name} writer config`, label: "WriterConfig", value: writer.WriterConfig, readOnly,
        placeholder: '{ "Transformation": "COMPACT", "OutputType": "JSON" }',
        onChange: (WriterConfig) => put({ WriterConfig }) })}`;
  });
}
