"""ValidateStateMachineDefinition: the checker's list of problems as AWS answers it."""

from __future__ import annotations

from typing import Any, Final

from designer.asl.checker import check
from designer.asl.codes import OF_AWS
from designer.asl.problems import ERROR, Problem
from designer.permissions import Actor, Permission, require

MOST: Final = 100
Request = dict[str, Any]


def validate_definition(actor: Actor, request: Request) -> Request:
    """All errors and, when the severity WARNING is asked for, warnings too; at most `maxResults` of them.

    The checker's own advice, whose codes AWS does not have, is for the editor and the command.
    """
    require(actor, Permission.VIEW)
    found = check(request["definition"], kind=request.get("type", "STANDARD"))
    problems = [problem for problem in found if problem.code in OF_AWS]
    shown = [problem for problem in problems if problem.severity == ERROR or request.get("severity") == "WARNING"]
    most = request.get("maxResults") or MOST
    failed = any(problem.severity == ERROR for problem in problems)
    return {
        "result": "FAIL" if failed else "OK",
        "diagnostics": [_diagnostic(problem) for problem in shown[:most]],
        "truncated": len(shown) > most,
    }


def _diagnostic(problem: Problem) -> Request:
    told = {"severity": problem.severity, "code": problem.code, "message": problem.message}
    return told if problem.location is None else told | {"location": problem.location}
