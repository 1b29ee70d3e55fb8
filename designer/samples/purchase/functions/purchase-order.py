"""Orders what was approved."""


def handler(event, context):
    print(f"{event['item']} for {event['amount']} yen from {event['supplier']}")
    return {"number": f"PO-{context.aws_request_id[:8].upper()}", "supplier": event["supplier"]}
