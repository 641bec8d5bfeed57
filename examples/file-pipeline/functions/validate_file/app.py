"""Checks that a file is a table of sales: what it must have, and that every line makes sense."""

import csv
import io

COLUMNS = ["date", "product", "quantity", "price"]


class FileRefused(Exception):
    """The file is not what it should be. Trying again does not help."""


def handler(event, context):
    rows = list(csv.DictReader(io.StringIO(event["text"])))
    if not rows:
        raise FileRefused("there are no sales in it")
    missing = [column for column in COLUMNS if column not in rows[0]]
    if missing:
        raise FileRefused(f"there is no column {', '.join(missing)}")
    # The first line has the names of the columns.
    for number, row in enumerate(rows, start=2):
        check(number, row)
    return {"rows": len(rows)}


def check(number, row):
    try:
        good = int(row["quantity"]) > 0 and float(row["price"]) >= 0
    except (TypeError, ValueError):
        good = False
    if not good:
        raise FileRefused(f"line {number} has no good quantity and price")
