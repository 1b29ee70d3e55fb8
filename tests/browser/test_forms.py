"""Forms of what tasks send, in both query languages, and the builder of an approval's form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.building import Mouse
from tests.browser.conftest import Visit
from tests.support import rest
from tests.support.server import Server

pytestmark = pytest.mark.browser
Keep = Callable[[Page, str], None]
PUT = "arn:aws:states:::dynamodb:putItem"
ITEM = {"id": {"S": "1"}}


def opened(visit: Visit, server: Server, name: str, state: dict[str, Any]) -> Mouse:
    definition = {"StartAt": "Call", "States": {"Call": state | {"End": True}}}
    rest.call(server.url, "POST", "machines/", {"name": name, "definition": json.dumps(definition)})
    return Mouse(visit(f"/machines/{name}/"), server).open("Call")


def saved(mouse: Mouse, name: str) -> Any:
    mouse.page.get_by_role("button", name="Save", exact=True).click()
    expect(mouse.page.get_by_text("Rev. 2").first).to_be_visible()
    return mouse.definition(name)["States"]["Call"]


def test_parameters_of_an_action_in_jsonpath(visit: Visit, server: Server, keep: Keep) -> None:
    mouse = opened(visit, server, "form-jsonpath", {"Type": "Task", "Resource": PUT, "Parameters": {"Unknown": 1}})
    mouse.set("TableName (required)", "$.table").set("Item (required)", ITEM)
    mouse.choose("Add a parameter", "ReturnValues").choose("ReturnValues", "ALL_OLD")
    mouse.choose("Add a parameter", "ReturnConsumedCapacity")
    expect(mouse.page.get_by_text("Further members")).to_be_visible()
    mouse.page.locator("#inspector label", has_text="ReturnConsumedCapacity").get_by_role("button").click()
    keep(mouse.page, "form")
    assert violations(mouse.page) == []
    mouse.set("Further members", "")
    assert saved(mouse, "form-jsonpath")["Parameters"] == {
        "TableName.$": "$.table", "Item": ITEM, "ReturnValues": "ALL_OLD",
        "ReturnConsumedCapacity.$": "$.returnConsumedCapacity"}


def test_arguments_of_an_action_in_jsonata(visit: Visit, server: Server) -> None:
    mouse = opened(visit, server, "form-jsonata", {"Type": "Task", "QueryLanguage": "JSONata", "Resource": PUT,
                                                   "Arguments": {"Item": ITEM}})
    mouse.set("TableName (required)", "{% $states.input.table %}")
    mouse.choose("Add a parameter", "ReturnValues")
    mouse.page.locator("#inspector label", has_text="ReturnValues").get_by_role("button").click()
    assert saved(mouse, "form-jsonata")["Arguments"] == {
        "Item": ITEM, "TableName": "{% $states.input.table %}", "ReturnValues": '{% "NONE" %}'}


def test_the_form_of_an_approval_is_built(visit: Visit, server: Server, keep: Keep) -> None:
    mouse = opened(visit, server, "form-approval", {
        "Type": "Task", "Resource": "arn:aws:states:::approval:request", "Parameters": {"title": "Decide"}})
    mouse.set("Groups", "approver").press("Add a field").set("Label", "Reason").set("Name in the data", "reason")
    mouse.page.get_by_label("Must be filled in").check()
    mouse.press("Add a field").choose("Kind", "One of a list", 1).set("Choices, with commas", "red, green")
    keep(mouse.page, "builder")
    assert violations(mouse.page) == []
    assert saved(mouse, "form-approval")["Parameters"] == {
        "title": "Decide", "approvers": {"groups": ["approver"]},
        "form": {"type": "object", "required": ["reason"], "properties": {
            "reason": {"type": "string", "title": "Reason"},
            "field2": {"type": "string", "enum": ["red", "green"], "title": ""}}}}


def test_an_action_of_a_service_is_found_in_the_browser(visit: Visit, server: Server) -> None:
    page = visit("/new-machine/")
    page.keyboard.press("n")
    page.wait_for_url(re.compile("/new-machine/editor/"))
    page.get_by_label("Search states to add").fill("sqs send")
    entry = page.locator(".browser__entry", has_text="sendMessage").first
    entry.click()
    expect(page.locator("#inspector").get_by_label("MessageBody (required)")).to_be_visible()
