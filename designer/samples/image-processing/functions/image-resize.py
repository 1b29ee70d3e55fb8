"""Works out the sizes a picture is offered in."""

WIDTHS = (320, 1280, 2560)


def handler(event, context):
    ratio = event["height"] / event["width"]
    return {"sizes": [{"width": width, "height": round(width * ratio)} for width in WIDTHS if width <= event["width"]]}
