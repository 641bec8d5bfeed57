"""Confirms a paid order to the customer."""


def handler(event, context):
    print(f"to {event['customer']}: your order {event['orderId']} is confirmed")
    return {
        "orderId": event["orderId"],
        "status": "CONFIRMED",
        "totalCents": event["totalCents"],
        "payment": event["payment"],
    }
