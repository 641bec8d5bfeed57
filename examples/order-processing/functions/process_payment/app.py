"""Charges the card of an order. What happens depends on the card, as in a payment gateway's sandbox."""

import os

# This card works after two refusals to answer, and this one never does.
CARD_OF_A_SLOW_BANK = "5555"
CARD_WITHOUT_FUNDS = "0002"


class PaymentGatewayUnavailable(Exception):
    """The gateway does not answer; it is worth trying again."""


class PaymentRefused(Exception):
    """The bank said no; trying again does not help."""


def handler(event, context):
    order, attempt = event["order"], event["attempt"]
    if order["card"] == CARD_OF_A_SLOW_BANK and attempt < 2:
        raise PaymentGatewayUnavailable(f"no answer to attempt {attempt + 1}")
    if order["card"] == CARD_WITHOUT_FUNDS:
        raise PaymentRefused("insufficient funds")
    print(f"charged {order['totalCents']} cents for order {order['orderId']}")
    return {
        "paymentId": f"pay-{order['orderId']}",
        "attempts": attempt + 1,
        "currency": os.environ["CURRENCY"],
    }
