"""What would not work on AWS, and what it would cost there."""

from __future__ import annotations

from typing import Any

import pytest

from designer.exchange.aws_fit import Cost, cost, findings
from designer.samples.load import samples
from tests.designer.drawings import WORKFLOWS, read

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f"


def machine(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


def codes(definition: dict[str, Any], kind: str = "STANDARD") -> list[tuple[str, bool]]:
    return [(one.code, one.blocks) for one in findings(definition, kind)]


@pytest.mark.parametrize(("state", "kind", "wanted"), [
    ({"Type": "Task", "Resource": "arn:aws:states:::approval:request"}, "STANDARD", [("OWN_RESOURCE", True)]),
    ({"Type": "Task", "Resource": FUNCTION}, "STANDARD", [("MUST_BE_THERE", False)]),
    ({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"}, "STANDARD", []),
    ({"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync"}, "EXPRESS", [("NOT_IN_EXPRESS", True)]),
    ({"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {"ApiEndpoint": "http://x"}},
     "STANDARD", [("NOT_HTTPS", True)]),
    ({"Type": "Wait", "Seconds": 40_000_000}, "STANDARD", [("LONGER_THAN_A_YEAR", True)]),
    ({"Type": "Pass", "Result": "x" * 300_000}, "STANDARD", [("VALUE_TOO_LARGE", True)]),
    ({"Type": "Map", "MaxConcurrency": 100, "ItemProcessor": machine(A={"Type": "Succeed"})}, "STANDARD",
     [("MORE_AT_ONCE_THAN_INLINE", False)]),
    ({"Type": "Map", "ItemProcessor": machine(A={"Type": "Succeed"}) | {"ProcessorConfig": {"Mode": "DISTRIBUTED"}}},
     "EXPRESS", [("DISTRIBUTED_IN_EXPRESS", True)]),
])
def test_findings(state: dict[str, Any], kind: str, wanted: list[tuple[str, bool]]) -> None:
    assert codes(machine(S=state), kind) == wanted


def test_a_finding_names_its_place() -> None:
    inner = machine(**{"a/b": {"Type": "Task", "Resource": FUNCTION}})
    (found,) = findings(machine(P={"Type": "Parallel", "Branches": [inner]}), "STANDARD")
    assert (found.state, found.pointer) == ("a/b", "/States/P/Branches/0/States/a~1b/Resource")


def test_the_cost_is_that_of_the_states_entered() -> None:
    choice = {"Type": "Choice", "Choices": [{"Next": "B"}], "Default": "C"}
    definition = machine(A=choice, B={"Type": "Pass", "Next": "C"}, C={"Type": "Succeed"})
    assert cost(definition, "STANDARD") == Cost(2, 3, 0, 2 * 0.000025, 3 * 0.000025, loops=False)
    assert cost(definition, "EXPRESS").most_dollars == 0.000001


def test_inner_states_count_and_a_map_once_for_each_item() -> None:
    inner = machine(I={"Type": "Pass", "Next": "J"}, J={"Type": "Succeed"})
    branches = {"Type": "Parallel", "Branches": [inner, inner], "Next": "M"}
    definition = machine(P=branches, M={"Type": "Map", "ItemProcessor": inner, "End": True})
    found = cost(definition, "STANDARD")
    assert (found.least, found.most, found.per_item, found.loops) == (8, 8, 2, False)


def test_a_loop_is_said() -> None:
    definition = machine(A={"Type": "Choice", "Choices": [{"Next": "A"}], "Default": "B"}, B={"Type": "Succeed"})
    assert (cost(definition, "STANDARD").most, cost(definition, "STANDARD").loops) == (2, True)


def test_every_definition_has_an_answer() -> None:
    for path in WORKFLOWS:
        definition = read(path)
        found = cost(definition, "STANDARD")
        assert 0 < found.least <= found.most, path.name
        findings(definition, "EXPRESS")
    assert any(one.code == "OWN_RESOURCE" for sample in samples("en", "0" * 12, "us-east-1")
               for one in findings(sample.definition, "STANDARD"))
