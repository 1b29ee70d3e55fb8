"""Looks for what an administrator should see: prices and promises."""

WORDS = ("%", "free", "guarantee", "cheaper", "無料", "保証", "割引")


def handler(event, context):
    found = [word for word in WORDS if word in event["text"].lower()]
    remarks = [f"mentions '{word}'" for word in found]
    print(f"{event['slug']}: {len(event['text'])} characters, {remarks}")
    return {"promises": bool(found), "remarks": remarks}
