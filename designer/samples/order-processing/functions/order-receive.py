"""Works out what an order comes to."""


def handler(event, context):
    items = event.get("items") or []
    if not items:
        raise ValueError("The order has no items.")
    total = sum(item["quantity"] * item["unitPrice"] for item in items)
    print(f"order {event['orderId']}: {len(items)} lines, {total} yen")
    return {"total": total, "lines": len(items)}
