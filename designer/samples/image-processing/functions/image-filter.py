"""Stands for a filter: takes a little while."""

import time


def handler(event, context):
    time.sleep(0.5)
    return {"output": event["image"].replace(".jpg", "-warm.jpg")}
