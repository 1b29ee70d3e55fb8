"""Writes one section.  A real one would take minutes; nobody waits for it."""


def handler(event, context):
    print(f"writing {event['section']}")
    return f"## {event['section']}\n\nWhat there is to say about {event['section']} in {event['month']}.\n"
