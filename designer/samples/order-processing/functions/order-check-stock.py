"""Compares an order's lines with the stock."""

STOCK = {"P-100": 12, "P-200": 3, "P-300": 0}


def handler(event, context):
    missing = [item["sku"] for item in event["items"] if STOCK.get(item["sku"], 0) < item["quantity"]]
    return {"available": not missing, "missing": missing}
