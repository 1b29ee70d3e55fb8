"""Puts the sections together."""


def handler(event, context):
    text = "\n".join([f"# {event['month']}\n", *event["texts"]])
    return {"text": text, "words": len(text.split())}
