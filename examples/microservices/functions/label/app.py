"""Writes the text of a parcel's label."""


def handler(event, context):
    return {"label": f"{event['orderId']}: {event['quantity']} x {event['sku']}"}
