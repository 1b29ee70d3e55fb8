"""manage.py asl check, fmt, graph and run."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

GOOD = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
BAD = '{\n "StartAt": "A",\n "States": {"A": {"Type": "Pass", "Next": "X"}}}'
TASK = """StartAt: A
States:
  A: {Type: Task, Resource: "${Fn}", Next: B, Retry: [{ErrorEquals: [Busy]}]}
  B: {Type: Task, Resource: "${Fn}", Catch: [{ErrorEquals: [No], Next: C}], End: true}
  C: {Type: Fail, Error: Refused}
"""


def run(verb: str, *arguments: str) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("asl", verb, *arguments, stdout=out, stderr=out, no_color=True)
    except SystemExit as ended:
        return out.getvalue(), int(str(ended.code))
    return out.getvalue(), 0


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    for name, text in (("good.json", GOOD), ("bad.json", BAD)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / "good.json"), str(tmp_path / "bad.json")


@pytest.fixture
def task(tmp_path: Path) -> str:
    path = tmp_path / "task.asl.yaml"
    path.write_text(TASK, encoding="utf-8")
    return str(path)


# ---- check ---------------------------------------------------------------------------------------


def test_json(files: tuple[str, str]) -> None:
    text, code = run("check", "--format", "json", *files)
    good, bad = json.loads(text)
    assert code == 1
    assert good == {"file": files[0], "problems": []}
    assert bad["file"] == files[1]
    dangling = next(problem for problem in bad["problems"] if problem["code"] == "MISSING_TRANSITION_TARGET")
    assert {"severity", "code", "pointer", "line", "column", "message"} <= dangling.keys()
    assert (dangling["severity"], dangling["pointer"], dangling["line"]) == ("ERROR", "/States/A/Next", 3)


READS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.order.id", "End": true}}}'


@pytest.mark.parametrize(("samples", "code", "severities"), [
    (['{"order": {"id": 1}}'], 0, []),
    (['{"order": {}}'], 1, ["ERROR"]),
    (['{"order": {"id": 1}}', '{"order": {}}'], 0, ["WARNING"]),
])
def test_sample_inputs(tmp_path: Path, samples: list[str], code: int, severities: list[str]) -> None:
    (tmp_path / "m.json").write_text(READS, encoding="utf-8")
    arguments = []
    for number, sample in enumerate(samples):
        (tmp_path / f"{number}.json").write_text(sample, encoding="utf-8")
        arguments += ["--input", str(tmp_path / f"{number}.json")]
    text, ended = run("check", "--format", "json", str(tmp_path / "m.json"), *arguments)
    assert [problem["severity"] for problem in json.loads(text)[0]["problems"]] == severities
    assert ended == code


def test_a_sample_that_is_no_json(files: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "sample.json").write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match=r"sample\.json is not JSON"):
        run("check", files[0], "--input", str(tmp_path / "sample.json"))


def test_text(files: tuple[str, str]) -> None:
    text, code = run("check", *files)
    assert code == 1
    column = BAD.splitlines()[2].index('"Next"') + 1
    assert f"{files[1]}:3:{column}: ERROR MISSING_TRANSITION_TARGET Missing 'Next' target: X" in text
    assert run("check", files[0]) == ("1 file(s), 0 error(s), 0 warning(s)\n", 0)


def test_sarif(files: tuple[str, str]) -> None:
    text, code = run("check", "--format", "sarif", files[1])
    (told,) = json.loads(text)["runs"]
    rules = [rule["id"] for rule in told["tool"]["driver"]["rules"]]
    result = next(each for each in told["results"] if each["ruleId"] == "MISSING_TRANSITION_TARGET")
    place = result["locations"][0]["physicalLocation"]
    assert code == 1
    assert rules[result["ruleIndex"]] == "MISSING_TRANSITION_TARGET"
    assert result["level"] == "error"
    assert place["artifactLocation"]["uri"] == f"file://{files[1]}"
    assert place["region"]["startLine"] == 3


def test_yaml_with_placeholders(task: str) -> None:
    assert run("check", task) == ("1 file(s), 0 error(s), 0 warning(s)\n", 0)


@pytest.mark.parametrize("verb", ["check", "fmt", "graph", "run"])
def test_a_file_that_is_not_there(verb: str) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.json cannot be read") as refused:
        run(verb, "nowhere.json")
    assert refused.value.returncode == 2


# ---- fmt -----------------------------------------------------------------------------------------


def test_fmt(files: tuple[str, str]) -> None:
    assert run("fmt", "--check", files[0]) == (f"{files[0]} would be changed\n", 1)
    assert Path(files[0]).read_text(encoding="utf-8") == GOOD
    assert run("fmt", files[0]) == (f"{files[0]} changed\n", 0)
    assert json.loads(Path(files[0]).read_text(encoding="utf-8")) == json.loads(GOOD)
    assert run("fmt", "--check", files[0]) == ("", 0)


def test_fmt_writes_nothing_when_one_file_is_broken(files: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match=r"broken\.json: line 1"):
        run("fmt", files[0], str(tmp_path / "broken.json"))
    assert Path(files[0]).read_text(encoding="utf-8") == GOOD


# ---- graph ---------------------------------------------------------------------------------------


def test_graph(task: str, tmp_path: Path) -> None:
    for form, begin in (("svg", b"<svg"), ("png", b"\x89PNG"), ("dot", b"digraph")):
        out = tmp_path / f"drawing.{form}"
        assert run("graph", task, "-o", str(out)) == ("", 0)
        assert out.read_bytes().startswith(begin)
    text, _ = run("graph", task, "--format", "dot")
    assert 's2 -> s3 [label="No", style=dotted];' in text


def test_graph_refuses(task: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no format 'gif'"):
        run("graph", task, "-o", str(tmp_path / "x.gif"))
    with pytest.raises(CommandError, match="written to a file"):
        run("graph", task, "--format", "png")


# ---- run -----------------------------------------------------------------------------------------


def test_run(task: str) -> None:
    given = ("--mock-error", "A=Busy:later", "--mock", "A=[1]", "--mock", 'B={"b": "é"}')
    assert run("run", task, *given) == ('{"b":"é"}\n', 0)
    text, code = run("run", task, "--format", "json", *given)
    told = json.loads(text)
    assert (code, told["status"], told["output"]) == (0, "SUCCEEDED", {"b": "é"})
    assert [event["type"] for event in told["events"]].count("LambdaFunctionScheduled") == 3


def test_run_that_fails(task: str) -> None:
    assert run("run", task, "--mock", "A={}", "--mock-error", "B=No:not you") == ("FAILED: Refused\n", 1)
    assert run("run", task, "--mock", "A={}", "--mock-error", "B=Other:why: so") == ("FAILED: Other: why: so\n", 1)


def test_run_reads_files(task: str, tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text('{"n": 1}', encoding="utf-8")
    name = f"@{tmp_path / 'in.json'}"
    assert run("run", task, "--input", name, "--mock", f"A={name}", "--mock", f"B={name}") == ('{"n":1}\n', 0)


def test_run_refuses(task: str, files: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match=r"The state 'B' calls \$\{Fn\}"):
        run("run", task, "--mock", "A=1")
    with pytest.raises(CommandError, match="--input is not JSON"):
        run("run", task, "--input", "{")
    with pytest.raises(CommandError, match="has errors"):
        run("run", files[1])
    with pytest.raises(CommandError, match="takes STATE="):
        run("run", task, "--mock", "A")


def test_run_hands_callbacks_over(tmp_path: Path) -> None:
    path = tmp_path / "ask.json"
    ask = {"Type": "Task", "Resource": "arn:aws:states:::approval:request", "Parameters": {"Title": "t"}, "End": True}
    path.write_text(json.dumps({"StartAt": "A", "States": {"A": ask}}), encoding="utf-8")
    text, _ = run("run", str(path), "--mock", 'A={"decision": "approve"}', "--format", "json")
    kinds = [event["type"] for event in json.loads(text)["events"]]
    assert kinds[2:6] == ["TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded"]
