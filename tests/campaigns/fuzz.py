"""python -m tests.campaigns.fuzz [--requests N] [--seed N]

Sends requests that nobody should send to the real server, one after the other: to Step Functions' API, to the
Lambda API and to the REST API, made from their models and disturbed.  Every answer must be well-formed, none a 5xx;
the log must hold no traceback and the server must be there at the end.  Exit code 1 when anything is wrong.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.api.requests import MEMBERS, Http, Requests, disturbed, wild
from tests.support.rest_requests import IN_PATHS, IN_QUERIES, address, rest_body, rest_things
from tests.support.server import ACCESS_KEY_ID, SECRET_ACCESS_KEY, Server

BEARER: Final = {"Authorization": f"Bearer {ACCESS_KEY_ID}:{SECRET_ACCESS_KEY}", "Content-Type": "application/json"}
LASTS: Final = 300  # requests until what they name is made anew: some of them delete it
PASS: Final = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}'
ROLE: Final = "arn:aws:iam::000000000000:role/run"
OFFERED: Final = ("/2015-03-31/functions", "/2017-03-31/tags")  # most of these are, of the rest few
# They wait for as long as a minute, or for a server outside.
LEFT_OUT: Final = frozenset({"GetActivityTask"})


@dataclass
class Fuzz:
    """`server` runs with signatures switched off."""

    server: Server
    dice: random.Random
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    schema: Any = None
    there: dict[str, str] = field(default_factory=dict)

    def run(self, requests: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=120)
        self.schema = json.loads(self._rest("GET", "/api/v1/schema/?format=json", None)[1])
        doors: list[Requests] = []
        for number in range(requests):
            if number % LASTS == 0:
                self.there = rest_things(self._rest, f"fuzz-rest-{number}")
                doors = [_states(self.server, number), _functions(self.server, number)]
            kind = self.dice.choice(("states", "states", "lambda", "rest", "rest"))
            name, sent = self._made(kind, doors)
            self._send(number, kind, name, sent)
        self._connection.close()

    def _made(self, kind: str, doors: list[Requests]) -> tuple[str, Http]:
        if kind == "rest":
            return self._wild_rest()
        return wild(self.dice, doors[0] if kind == "states" else doors[1], least=0, most=self.dice.choice((1, 1, 2, 4)))

    def _wild_rest(self) -> tuple[str, Http]:
        """A request to the REST API with something wrong in its path, query or body."""
        template, methods = self.dice.choice(sorted(self.schema["paths"].items()))
        method, operation = self.dice.choice(sorted(methods.items()))
        given = dict(self.there)
        parameters = operation.get("parameters", [])
        for each in parameters:
            if each["in"] == "path" and self.dice.random() < 0.2:
                given[each["name"]] = self.dice.choice(IN_PATHS)
        query = [f"{each['name']}={self.dice.choice(IN_QUERIES)}" for each in parameters
                 if each["in"] == "query" and self.dice.random() < 0.5]
        body = rest_body(self.schema, operation)
        if body is not None:
            for _ in range(self.dice.randint(0, 2)):
                body = disturbed(body, self.dice)
        text = b"" if body is None else json.dumps(body).encode("utf-8", "surrogatepass")
        return operation["operationId"], Http(method.upper(), address(template, given), "&".join(query), BEARER, text)

    def _send(self, number: int, kind: str, name: str, sent: Http) -> None:
        began = time.monotonic()
        try:
            status, text = self._ask(sent)
        except (OSError, http.client.HTTPException) as error:
            self.wrong.append(f"{number} {kind} {name}: no answer ({error!r}): {_shown(sent)}")
            self._connection.close()
            return
        self.statuses[f"{kind} {status}"] += 1
        if status >= 500:
            self.wrong.append(f"{number} {kind} {name}: {status} {text[:200]!r}: {_shown(sent)}")
        elif kind != "rest" and text and status >= 300 and not _is_refusal(text):
            self.wrong.append(f"{number} {kind} {name}: {status}, not as AWS refuses: {text[:200]!r}: {_shown(sent)}")
        if time.monotonic() - began > 20:
            self.wrong.append(f"{number} {kind} {name}: took {time.monotonic() - began:.0f} s: {_shown(sent)}")

    def _ask(self, sent: Http) -> tuple[int, bytes]:
        path = f"{sent.path}?{sent.query}" if sent.query else sent.path
        self._connection.request(sent.method, path, sent.body, sent.headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def _rest(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        return self._ask(Http(method, path, "", BEARER, body or b""))


def _states(server: Server, number: int) -> Requests:
    """Requests that name things that are there."""
    client = server.client()
    machine = client.create_state_machine(name=f"fuzz-{number}", definition=PASS, roleArn=ROLE, publish=True)
    version, arn = machine["stateMachineVersionArn"], machine["stateMachineArn"]
    alias = client.create_state_machine_alias(
        name="live", routingConfiguration=[{"stateMachineVersionArn": version, "weight": 100}])
    known = {
        "stateMachineArn": arn, "resourceArn": arn, "stateMachineVersionArn": version,
        "stateMachineAliasArn": alias["stateMachineAliasArn"],
        "executionArn": client.start_execution(stateMachineArn=arn)["executionArn"],
        "activityArn": client.create_activity(name=f"fuzz-{number}")["activityArn"],
    }
    given = {name: value for name, value in (MEMBERS | known).items() if name != "nextToken"}
    operations = Requests("stepfunctions", {}).operations
    return Requests("stepfunctions", given, [name for name in operations if name not in LEFT_OUT])


def _functions(server: Server, number: int) -> Requests:
    name = f"fuzz-{number}"
    every = Requests("lambda", {}).model["operations"]
    offered = [each for each, spec in every.items() if spec["http"]["requestUri"].startswith(OFFERED)]
    client = server.client("lambda")
    made = client.create_function(
        FunctionName=name, Runtime="python3.11", Role=ROLE, Handler="index.handler", Publish=True,
        Code={"ZipFile": b"def handler(event, context):\n    return event\n"})
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=made["Version"])
    return Requests("lambda", {
        "FunctionName": name, "Name": "live", "FunctionVersion": "1", "Role": ROLE, "Runtime": "python3.11",
        "Resource": made["FunctionArn"][:-2], "Handler": "index.handler", "Payload": b"{}", "ClientContext": "e30=",
        "ZipFile": "ZGVmIGhhbmRsZXIoZXZlbnQsIGNvbnRleHQpOiByZXR1cm4gZXZlbnQ=", "Timeout": 3,
    }, [*offered * 3, *every])


def _is_refusal(text: bytes) -> bool:
    try:
        told = json.loads(text)
    except ValueError:
        return False
    return isinstance(told, dict) and isinstance(told.get("message", told.get("Message")), str)


def _shown(sent: Http) -> str:
    target = sent.headers.get("X-Amz-Target", "")
    return f"{sent.method} {sent.path[:120]}?{sent.query[:120]} {target} {sent.body[:300]!r}"


def judge(fuzz: Fuzz) -> Iterator[str]:
    """What was wrong, in the answers and in the log."""
    yield from fuzz.wrong
    for traceback in fuzz.server.log().split("Traceback (most recent call last):")[1:]:
        yield f"a traceback in the server's log: {traceback[:3000]}"
    if not fuzz.server.client().list_state_machines(maxResults=1):
        yield "the server does not answer any more"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="how many to send (10000)")
    parser.add_argument("--seed", type=int, default=20_261_125, help="another seed, other requests")
    options = parser.parse_args()
    began = time.monotonic()
    with Server({"STATEWRIGHT_VERIFY_SIGNATURES": "off"}) as server:
        fuzz = Fuzz(server, random.Random(options.seed))
        fuzz.run(options.requests)
        wrong = list(judge(fuzz))
    print("\n".join(wrong[:50]))
    counts = ", ".join(f"{status}: {count}" for status, count in sorted(fuzz.statuses.items()))
    print(f"{options.requests} requests in {time.monotonic() - began:.0f} s; {counts}; {len(wrong)} things wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
