"""Counts the words of one part."""

import collections


def handler(event, context):
    return dict(collections.Counter(event))
