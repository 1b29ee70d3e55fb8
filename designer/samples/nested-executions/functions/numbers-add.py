"""Adds up numbers."""


def handler(event, context):
    return {"total": sum(event["numbers"])}
