"""Reads what is known of a picture."""


def handler(event, context):
    megapixels = round(event["width"] * event["height"] / 1e6, 1)
    return {"format": event["image"].rsplit(".", 1)[-1].upper(), "megapixels": megapixels}
