"""Writes the confirmation (to the log; the mail task comes with the mail integration)."""


def handler(event, context):
    customer = event["customer"]
    print(f"To: {customer['email']}\nSubject: Order {event['orderId']}\n\nThank you, {customer['name']}.")
    return {"sentTo": customer["email"]}
