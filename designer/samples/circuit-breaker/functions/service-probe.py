"""Asks the service how it is."""


def handler(event, context):
    return {"status": "OK" if event["probes"] >= event["downFor"] else "DOWN"}
