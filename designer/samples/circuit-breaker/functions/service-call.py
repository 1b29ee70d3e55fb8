"""Calls a service that is down for a while."""


class ServiceUnavailable(Exception):
    pass


def handler(event, context):
    if event["probes"] < event["downFor"]:
        raise ServiceUnavailable("503 from the service")
    return "hello"
