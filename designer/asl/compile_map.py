"""What only a distributed Map has (asl-language.md §16.3–16.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from designer.asl import jsonata
from designer.asl.limits import compile_count, compile_percentage, constant
from designer.asl.model import Distributed
from designer.asl.reading import Reading
from designer.asl.scope import Evaluator


def is_distributed(processor: Any) -> bool:
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    return isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED"


def distributed(state: Reading, processor: Mapping[str, Any]) -> Distributed:
    """ItemReader, ItemBatcher and ResultWriter become mappings by ASL names, in which whatever depends on
    the data is an evaluator:  ItemReader {Resource, Arguments, ReaderConfig, MaxItems},
    ItemBatcher {MaxItemsPerBatch, MaxInputBytesPerBatch, BatchInput},  ResultWriter {Resource, Arguments,
    WriterConfig}.  JSONPath's Parameters are under Arguments, too.
    """
    return Distributed(
        execution_type=processor["ProcessorConfig"].get("ExecutionType", "STANDARD"),
        label=state.typed("Label", str),
        tolerated_count=state.count("ToleratedFailureCount", 0, compile_count),
        tolerated_percentage=_percentage(state),
        item_reader=_reader(state),
        item_batcher=_batcher(state),
        result_writer=_writer(state))


def _percentage(state: Reading) -> Evaluator | None:
    if not state.is_jsonata and "ToleratedFailurePercentagePath" in state.data:
        return state.with_path("ToleratedFailurePercentagePath", compile_percentage)
    value = state.data.get("ToleratedFailurePercentage")
    if state.is_jsonata and jsonata.is_expression(value):
        return state.jsonata("ToleratedFailurePercentage", "percentage")
    if isinstance(value, float):
        return constant(value)
    number = state.typed("ToleratedFailurePercentage", int)
    return None if number is None else constant(float(number))


def _arguments(part: Reading) -> Evaluator | None:
    return part.value("Arguments" if part.is_jsonata else "Parameters")


def _reader(state: Reading) -> Mapping[str, Any] | None:
    if "ItemReader" not in state.data:
        return None
    reader = state.part(state.data["ItemReader"], state.at("ItemReader"), "ItemReader/")
    config = reader.part(reader.data.get("ReaderConfig", {}), reader.at("ReaderConfig"), "ItemReader/ReaderConfig/")
    return {"Resource": reader.typed("Resource", str), "Arguments": _arguments(reader), "ReaderConfig": config.data,
            "MaxItems": config.count("MaxItems", 0, compile_count)}


def _batcher(state: Reading) -> Mapping[str, Any] | None:
    if "ItemBatcher" not in state.data:
        return None
    batcher = state.part(state.data["ItemBatcher"], state.at("ItemBatcher"), "ItemBatcher/")
    return {"MaxItemsPerBatch": batcher.count("MaxItemsPerBatch", 1, compile_count),
            "MaxInputBytesPerBatch": batcher.count("MaxInputBytesPerBatch", 1, compile_count),
            "BatchInput": batcher.value("BatchInput")}


def _writer(state: Reading) -> Mapping[str, Any] | None:
    if "ResultWriter" not in state.data:
        return None
    writer = state.part(state.data["ResultWriter"], state.at("ResultWriter"), "ResultWriter/")
    return {"Resource": writer.typed("Resource", str), "Arguments": _arguments(writer),
            "WriterConfig": writer.data.get("WriterConfig", {})}
