"""Deals the words out into parts."""


def handler(event, context):
    words = event["text"].split()
    return {"parts": [words[start :: event["parts"]] for start in range(event["parts"])]}
