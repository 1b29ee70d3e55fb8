"""Pays a claim with the next run of the month."""

import datetime


def handler(event, context):
    today = datetime.date.today()
    print(f"{event['amount']} yen to {event['employee']}")
    return {"paidOn": today.replace(day=25).isoformat()}
