"""Adds the parts' counts together."""

import collections


def handler(event, context):
    total = collections.Counter()
    for part in event:
        total.update(part)
    counts = dict(sorted(total.items()))
    return {"words": sum(total.values()), "commonest": total.most_common(1)[0][0], "counts": counts}
