"""The data lens in the designer: the data beside a state, completion of paths, each fix, what results look like."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.conftest import Visit
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
# The forms of tasks ask for a form of functions, which there is not: `tolerant` lets the browser say so.
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:expense-check"
SAMPLE = {"order": {"id": 7, "price": "12", "mail": "a@example.com"}, "lines": [{"sku": "s-1"}]}


def task(**fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": FUNCTION, **fields}


def chain(**states: dict[str, Any]) -> dict[str, Any]:
    """States one after another."""
    names = [*states, "End"]
    body = {name: {**state, **({} if state["Type"] == "Choice" else {"Next": names[number + 1]})}
            for number, (name, state) in enumerate(states.items())}
    return {"StartAt": names[0], "States": body | {"End": {"Type": "Succeed"}}}


def choice(operator: str, operand: Any, variable: str, target: str) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": [{"Variable": variable, operator: operand, "Next": target}],
            "Default": target}


# Nearly every state has a fault of its own.
FAULTY = {"StartAt": "Text", "States": {
    "Text": choice("NumericEquals", 12, "$.order.price", "Number"),
    "Number": {"Type": "Pass", "Next": "Larger"},
    "Larger": choice("NumericGreaterThan", 10, "$.order.price", "Template"),
    "Template": {"Type": "Pass", "Parameters": {"to": ["${$.order.mail}"]}, "ResultPath": "$.sent", "Next": "Name"},
    "Name": {"Type": "Pass", "InputPath": "$.order.prise", "ResultPath": "$.named", "Next": "Deeper"},
    "Deeper": {"Type": "Pass", "InputPath": "$.mail", "ResultPath": "$.found", "Next": "Start"},
    "Start": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "ResultPath": "$.started",
              "Parameters": {"StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:m"}, "Next": "Ask"},
    "Ask": {"Type": "Task", "Resource": FUNCTION, "Next": "Take"},
    "Take": {"Type": "Pass", "Parameters": {"id.$": "$.order.id"}, "End": True}}}
# The state whose problem it is, and where in the definition which value stands after the fix.
FIXES = {
    "Text": {"/States/Text/Choices/0/StringEquals": "12"},
    "Larger": {"/States/Number/Assign": {"price.$": "States.StringToJson($.order.price)"},
               "/States/Larger/Choices/0/Variable": "$price"},
    "Template": {"/States/Template/Parameters": {"to.$": "States.Array($.order.mail)"}},
    "Name": {"/States/Name/InputPath": "$.order.price"},
    "Deeper": {"/States/Deeper/InputPath": "$.order.mail"},
    "Start": {"/States/Start/Resource": "arn:aws:states:::states:startExecution.sync:2"},
    "Take": {"/States/Ask/ResultPath": "$.Ask"},
}


def node(page: Page, name: str) -> Any:
    return page.locator(f".node[data-id='{name}']")


def opened(visit: Visit, server: Server, name: str, definition: dict[str, Any], **options: Any) -> Page:
    """The machine in the designer, with the sample input typed into the tab."""
    rest.call(server.url, "POST", "machines/", {"name": name, "definition": json.dumps(definition, indent=2)})
    page = visit(f"/machines/{name}/", **{"width": 1280, "height": 800, **options})
    tab(page, definition["StartAt"])
    sample = page.locator("#field-sample-input")
    sample.fill(json.dumps(SAMPLE))
    sample.press("Tab")
    return page


def tab(page: Page, state: str) -> None:
    node(page, state).click()
    page.get_by_role("tab", name="Lens", exact=True).click()


def test_each_fix_ends_its_problem(tolerant: Visit, server: Server) -> None:
    page = opened(tolerant, server, "fixing", FAULTY)
    rows = page.locator(".problem-row")
    for state in FIXES:
        expect(rows.filter(has=page.locator(".problem__state", has_text=re.compile(f"^{state}$")))).to_have_count(1)
    assert violations(page) == []
    for number, state in enumerate(FIXES):
        row = rows.filter(has=page.locator(".problem__state", has_text=re.compile(f"^{state}$")))
        row.locator(".problem-row__fix").click()
        expect(row).to_have_count(0)
        expect(rows).to_have_count(len(FIXES) - number - 1)
    page.get_by_label("Undo (Ctrl Z)").click()
    expect(rows).to_have_count(1)
    page.get_by_label("Redo", exact=False).first.click()
    expect(rows).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Rev. 2").first).to_be_visible()
    found = json.loads(rest.call(server.url, "GET", "machines/fixing/")["definition"])
    for expected in FIXES.values():
        for pointer, value in expected.items():
            assert at(found, pointer) == value


def at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


FLOW = chain(Ask=task(ResultPath="$.answer"), Take={"Type": "Pass", "Parameters": {"id.$": "$.order.id"}})


def test_the_data_before_and_after(tolerant: Visit, server: Server) -> None:
    page = opened(tolerant, server, "before-after", FLOW)
    panel = page.locator("#inspector")
    tab(page, "Take")
    before = panel.locator(".shape").filter(has_text="Before").first
    row = before.locator(".shape__row", has_text="price").last
    expect(row.locator(".shape__value")).to_have_text('"12"')
    expect(row.locator(".shape__value")).to_have_class("shape__value is-known")
    unknown = before.locator(".shape__row", has_text="answer").locator(".shape__value")
    expect(unknown).to_have_text("unknown")
    expect(unknown).not_to_have_class("is-known")
    expect(panel.locator(".shape").filter(has_text="After").last.locator(".shape__row")).to_have_text(["id7"])
    assert violations(page) == []


def test_paths_are_completed_in_forms(tolerant: Visit, server: Server) -> None:
    page = opened(tolerant, server, "completing", FLOW)
    node(page, "Take").click()
    page.get_by_role("tab", name="Input").click()
    page.locator("#field-Take-InputPath").focus()
    offered = page.locator("#paths-into-the-data option")
    expect(page.locator("#field-Take-InputPath")).to_have_attribute("list", "paths-into-the-data")
    expect(offered).to_have_count(9)
    values = offered.evaluate_all("options => options.map((option) => option.value)")
    assert values == ["$", "$.order", "$.lines", "$.answer", "$.order.id", "$.order.price", "$.order.mail",
                      "$.lines[0]", "$.lines[0].sku"]


def test_paths_are_completed_in_code(tolerant: Visit, server: Server) -> None:
    page = opened(tolerant, server, "completing-code", FLOW)
    node(page, "Take").click()
    page.get_by_role("button", name="Split", exact=True).click()
    expect(page.locator(".shape__name", has_text="answer").first).to_be_visible()
    page.locator("#code .cm-content").get_by_text('"$.order.id"').click()
    page.keyboard.press("Control+Space")
    options = page.locator(".cm-tooltip-autocomplete li")
    expect(options.filter(has_text="$.order.id").first).to_be_visible()


def test_what_a_function_returns_is_said_pinned_and_forgotten(tolerant: Visit, server: Server) -> None:
    page = opened(tolerant, server, "learning", chain(
        Ask=task(ResultPath="$.answer"), Take={"Type": "Pass", "InputPath": "$.answer.prise"}))
    panel = page.locator("#inspector")
    expect(panel.get_by_text("Nobody knows yet what this returns.")).to_be_visible()
    panel.locator("#field-Ask-result-sample").fill('{"price": 5}')
    panel.locator("#field-Ask-result-sample").press("Tab")
    expect(panel.get_by_text("Said by a sample.")).to_be_visible()
    expect(panel.get_by_role("button", name="Pinned")).to_be_visible()
    expect(page.locator(".problem-row", has_text="no 'prise'")).to_have_count(1)
    assert violations(page) == []
    panel.get_by_role("button", name="Forget").click()
    expect(page.locator(".problem-row", has_text="no 'prise'")).to_have_count(0)
    expect(panel.get_by_text("Nobody knows yet what this returns.")).to_be_visible()


def test_in_japanese_on_a_phone(visit: Visit, server: Server) -> None:
    rest.call(server.url, "POST", "machines/", {"name": "phone-lens", "definition": json.dumps(FLOW)})
    page = visit("/machines/phone-lens/", width=390, height=844, scheme="dark", locale="ja-JP")
    node(page, "Take").click()
    page.get_by_role("tab", name="レンズ", exact=True).click()
    expect(page.locator("#inspector").get_by_text("不明").first).to_be_visible()
    assert violations(page) == []
