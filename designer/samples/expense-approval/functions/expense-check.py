"""Checks that a claim is complete."""


class IncompleteClaim(Exception):
    pass


def handler(event, context):
    missing = [name for name in ("employee", "amount", "purpose") if not event.get(name)]
    if missing:
        raise IncompleteClaim(f"The claim lacks: {', '.join(missing)}")
    return {"complete": True}
