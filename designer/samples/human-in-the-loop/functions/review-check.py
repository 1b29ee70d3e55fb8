"""Decides what a person need not look at."""


def handler(event, context):
    risky = event["riskScore"] >= 50
    return {"needsApproval": risky, "reason": f"The risk score is {event['riskScore']}; from 50 on a person decides."}
