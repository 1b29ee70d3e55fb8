"""Fails twice when asked to be flaky, always when broken."""


class TemporaryError(Exception):
    pass


def handler(event, context):
    if event["mode"] == "broken":
        raise RuntimeError("This will never work.")
    if event["mode"] == "flaky" and event["retryCount"] < 2:
        raise TemporaryError(f"try {event['retryCount'] + 1} failed")
    return {"sum": sum(event["data"]), "tries": event["retryCount"] + 1}
