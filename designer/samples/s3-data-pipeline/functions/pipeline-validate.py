"""Reads a CSV file and says what is wrong with it, or what its amounts come to."""

import csv
import io

MOST_FAULTS = 20


def handler(event, context):
    rows = list(csv.DictReader(io.StringIO(event["text"])))
    faults, totals = [], {}
    for number, row in enumerate(rows, 2):
        try:
            totals[row["shop"]] = totals.get(row["shop"], 0) + int(row["amount"])
        except (KeyError, TypeError, ValueError) as error:
            faults.append(f"line {number}: {type(error).__name__} {error}")
    if not rows:
        faults.append("the file has no rows")
    print(f"{event['file']}: {len(rows)} rows, {len(faults)} faults")
    return {"valid": not faults, "faults": faults[:MOST_FAULTS], "rows": len(rows), "totals": totals}
