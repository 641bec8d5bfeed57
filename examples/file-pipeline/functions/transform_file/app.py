"""Makes a summary of a table of sales: what was sold of each product, and for how much."""

import csv
import io
import json
from decimal import Decimal


def handler(event, context):
    products = {}
    for row in csv.DictReader(io.StringIO(event["text"])):
        sold = products.setdefault(row["product"], {"quantity": 0, "revenue": Decimal(0)})
        sold["quantity"] += int(row["quantity"])
        sold["revenue"] += int(row["quantity"]) * Decimal(row["price"])
    revenue = sum(sold["revenue"] for sold in products.values())
    summary = {
        "source": event["key"],
        "revenue": str(revenue),
        "products": {name: {**sold, "revenue": str(sold["revenue"])} for name, sold in sorted(products.items())},
    }
    return {
        "key": event["key"].removesuffix(".csv") + ".json",
        "revenue": str(revenue),
        "text": json.dumps(summary, indent=2) + "\n",
    }
