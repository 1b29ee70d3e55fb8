"""Books the parcel with the carrier."""

import zlib


def handler(event, context):
    number = zlib.crc32(event["orderId"].encode())
    express = event.get("approval", {}).get("form", {}).get("shipping") == "express"
    return {"carrier": "ヤマト運輸", "express": express, "trackingNumber": f"{number:012d}"}
