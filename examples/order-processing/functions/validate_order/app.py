"""Looks an order up and checks that it can be sold."""

# The orders of the shop. A real function would ask a database.
ORDERS = {
    "12345": {"customer": "Ana", "items": [{"sku": "COFFEE-1KG", "quantity": 2, "priceCents": 4990}], "card": "4242"},
    "12346": {"customer": "Bruno", "items": [{"sku": "GRINDER", "quantity": 1, "priceCents": 39900}], "card": "5555"},
    "12347": {"customer": "Carla", "items": [{"sku": "KETTLE", "quantity": 1, "priceCents": 25900}], "card": "0002"},
}


class OrderInvalid(Exception):
    """The order cannot be sold. Step Functions sees the name of this class as the error."""


def handler(event, context):
    order_id = event.get("orderId")
    order = ORDERS.get(order_id)
    if order is None:
        raise OrderInvalid(f"there is no order {order_id}")
    total_cents = sum(item["quantity"] * item["priceCents"] for item in order["items"])
    print(f"order {order_id} of {order['customer']} is valid: {total_cents} cents")
    return {"orderId": order_id, **order, "totalCents": total_cents}
