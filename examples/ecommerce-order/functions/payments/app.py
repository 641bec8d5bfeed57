"""A payment provider's sandbox. What happens depends on the card.

Payments and refunds are named after their order, so that asking twice takes and gives the money once.
"""

import json

CARD_WITHOUT_FUNDS = "0002"
# Its bank answers at the third attempt, and this one's never.
CARD_OF_A_SLOW_BANK = "5555"
CARD_OF_A_CLOSED_BANK = "9999"
# Takes money and does not take it back.
CARD_WITHOUT_REFUNDS = "0119"


def handler(event, context):
    request = json.loads(event["body"])
    code, body = (refund if event["path"].endswith("/refunds") else pay)(request)
    print(f"{event['path']} of order {request['orderId']}: {code}")
    return {"statusCode": code, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}


def pay(request):
    card = request["card"]
    if card == CARD_WITHOUT_FUNDS:
        return 402, {"reason": "insufficient funds"}
    if card == CARD_OF_A_CLOSED_BANK or (card == CARD_OF_A_SLOW_BANK and request["attempt"] < 2):
        return 503, {"reason": "the bank does not answer"}
    return 200, {"paymentId": f"pay-{request['orderId']}", "amountCents": request["amountCents"]}


def refund(request):
    if request["card"] == CARD_WITHOUT_REFUNDS:
        return 500, {"reason": "this card cannot be credited"}
    return 200, {"refundId": f"refund-{request['orderId']}"}
