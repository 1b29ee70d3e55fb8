"""A redrive's plan as the REST API writes it."""

from __future__ import annotations

from typing import Any, Final

from executions.actions.redrive_plan import Plan

PLACES: Final = 200  # states named as going on; a Map may have thousands


def describe_plan(plan: Plan) -> dict[str, Any]:
    """As serializers.RedrivePlan says."""
    places = plan.outlook.places
    return {
        "possible": plan.possible, "reason": plan.reason, "problem": plan.problem,
        "revision": plan.revision.number, "pinned": plan.pinned, "later": list(plan.later),
        "differences": [{"state": one.state, "change": one.change, "fields": list(one.fields)}
                        for one in plan.differences],
        "goes_on": [{"state": place.state, "path": list(place.path)} for place in places[:PLACES]],
        "goes_on_total": len(places),
        "obstacles": [{"state": one.state, "reason": one.reason} for one in plan.outlook.obstacles],
    }
