"""Samples built from an empty canvas – three by mouse, one by keyboard alone – are what the samples are, and run."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from designer.samples.load import Sample, samples
from tests.browser.building import Keyboard, Mouse
from tests.browser.conftest import Visit
from tests.support.server import Server

pytestmark = pytest.mark.browser
SAMPLES = {sample.slug: sample for sample in samples("en", "000000000000", "us-east-1")}


def empty(visit: Visit) -> Page:
    page = visit("/new-machine/")
    expect(page.locator(".sample").first).to_be_visible()
    page.keyboard.press("n")
    page.wait_for_url(re.compile("/new-machine/editor/"))
    expect(page.get_by_text("Begin here")).to_be_visible()
    return page


def wanted(slug: str) -> tuple[Sample, dict[str, Any]]:
    return SAMPLES[slug], SAMPLES[slug].definition["States"]


def test_a_map_by_mouse(visit: Visit, server: Server) -> None:
    sample, states = wanted("file-map")
    mouse = Mouse(empty(visit), server)
    mouse.drag("Map", "Process files").set("Items (path to the list)", "$.files").set("At once at most", "3")
    mouse.set("ItemSelector", states["Process files"]["ItemSelector"]).tab("Output").set("ResultPath", "$.results")
    mouse.drag("file-process", "Process file", below="Step", instead_of="Step")
    mouse.drag("file-summary", "Tell result", below="Process files").tab("Input").set("InputPath", "$.results")
    assert mouse.comment(sample.definition["Comment"]).save("built-file-map") == sample.definition
    mouse.run(sample.input)


def test_a_parallel_by_mouse(visit: Visit, server: Server) -> None:
    sample, states = wanted("image-processing")
    picture, together = states["Process picture"], states["Put together"]
    mouse = Mouse(empty(visit), server)
    mouse.drag("Parallel", "Process picture").press("Add a branch").tab("Output")
    mouse.set("ResultSelector", picture["ResultSelector"]).set("ResultPath", picture["ResultPath"])
    mouse.drag("image-resize", "Resize", below="Step", instead_of="Step")
    mouse.drag("image-filter", "Apply filter", below="Step 2", instead_of="Step 2")
    mouse.drag("image-metadata", "Read metadata", below="Step 3", instead_of="Step 3")
    mouse.drag("Pass", "Put together", below="Process picture")
    mouse.set("Parameters", together["Parameters"])
    assert mouse.comment(sample.definition["Comment"]).save("built-image-processing") == sample.definition
    mouse.run(sample.input)


def test_retriers_and_a_catcher_by_mouse(visit: Visit, server: Server) -> None:
    sample, states = wanted("retry-and-catch")
    data, handler = states["Process data"], states["Handle error"]
    mouse = Mouse(empty(visit), server)
    mouse.drag("data-process", "Process data").set("Payload (Parameters)", data["Parameters"]).set("Timeout", "10")
    mouse.tab("Output").set("ResultPath", "$.result")
    mouse.drag("Succeed", "Done", below="Process data").tab("Output").set("OutputPath", "$.result")
    mouse.drag("Pass", "Handle error", below="Process data").set("Parameters", handler["Parameters"])
    mouse.choose("Next state", "End (nothing follows)")
    mouse.open("Process data").choose("Next state", "Done").tab("Error handling")
    mouse.press("Add a retrier").set("Errors", "TemporaryError").set("First after", "1").set("At most", "5")
    mouse.choose("Jitter", "Full: a random part of each wait")
    mouse.press("Add a retrier").set("Errors", "States.Timeout", 1).set("Tries more", "1", 1).set("Then times", "1", 1)
    mouse.press("Add a catcher").choose("then", "Handle error")
    assert mouse.comment(sample.definition["Comment"]).save("built-retry-and-catch") == sample.definition
    mouse.run(sample.input)


def test_a_loop_by_keyboard_alone(visit: Visit, server: Server) -> None:
    sample, states = wanted("circuit-breaker")
    call, count, success = states["Call service"], states["Count probe"], states["Success"]
    keyboard = Keyboard(empty(visit), server)
    keyboard.add("Add service-call", "service-call").named("Call service")
    for key, kind, name in (("w", "Wait", "Circuit open"), ("a", "Pass", "Count probe")):
        keyboard.find(keyboard.last).keys(key).appears(kind).named(name)
    keyboard.find("Count probe").add("Add service-probe", "service-probe").named("Circuit half-open")
    keyboard.find("Circuit half-open").keys("c").appears("Choice").named("Recovered?")
    keyboard.find("Call service").keys("a").appears("Pass").named("Success")

    keyboard.open("Circuit open").tab("Configuration").to("Seconds").write("1")
    keyboard.open("Count probe").tab("Configuration").to("Parameters").write(json.dumps(count["Parameters"]))
    keyboard.open("Circuit half-open").tab("Output").to("ResultPath").write("$.probe")
    keyboard.open("Success").tab("Configuration").to("Parameters").write(json.dumps(success["Parameters"]))
    keyboard.to("Next state").choose("End (nothing follows)")
    keyboard.open("Recovered?").tab("Configuration").to("Variable").write("$.probe.status")
    keyboard.open("Recovered?").tab("Configuration").to("Operator").choose("= text").to("Value").write("OK")
    keyboard.open("Recovered?").tab("Configuration").to("then").choose("Call service")
    keyboard.to("Default").choose("Circuit open")
    keyboard.find("Done").keys("Delete")
    keyboard.open("Call service").tab("Output").to("ResultPath").write("$.answer")
    keyboard.open("Call service").tab("Error handling").to("Add a retrier").keys("Enter")
    keyboard.to("Errors").write("ServiceUnavailable")
    keyboard.open("Call service").tab("Error handling").to("First after").write("1")
    keyboard.open("Call service").tab("Error handling").to("Tries more").write("1")
    keyboard.open("Call service").tab("Error handling").to("Add a catcher").keys("Enter")
    keyboard.to("Errors").write("ServiceUnavailable")
    keyboard.to("then").choose("Circuit open")
    keyboard.find("Settings of the state machine").to("Comment").write(sample.definition["Comment"])
    assert keyboard.save("built-circuit-breaker") == sample.definition
    assert call["Retry"][0]["BackoffRate"] == 2
    keyboard.run(sample.input)
