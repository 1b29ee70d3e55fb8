"""ValidateStateMachineDefinition: the checker's list of problems as AWS answers it."""

from __future__ import annotations

from typing import Any, Final

from designer.asl.checker import check
from designer.asl.problems import ERROR, Problem
from designer.permissions import Actor, Permission, require

MOST: Final = 100
Request = dict[str, Any]


def validate_definition(actor: Actor, request: Request) -> Request:
    """All errors and, when the severity WARNING is asked for, warnings too; at most `maxResults` of them."""
    require(actor, Permission.VIEW)
    problems = check(request["definition"], kind=request.get("type", "STANDARD"))
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
