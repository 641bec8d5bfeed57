"""Orders over HTTP: each outcome, and a shop that dies in the middle of many of them."""

import http.client
import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from scene import Scene, until

SHOP = "shop@example.com"
CARD, NO_FUNDS, SLOW_BANK, CLOSED_BANK, NO_REFUNDS = "4242", "0002", "5555", "9999", "0119"
ORDERS, IN_STOCK = 12, 8


def outcomes(scene: Scene) -> None:
    stack = _open(scene, {"COFFEE": 10, "KETTLE": 1, "GRINDER": 0})
    orders = {
        "good": (CARD, [("COFFEE", 2), ("KETTLE", 1)], "CONFIRMED"),
        "slow": (SLOW_BANK, [("COFFEE", 1)], "CONFIRMED"),
        "poor": (NO_FUNDS, [("COFFEE", 1)], "PAYMENT_REFUSED"),
        "closed": (CLOSED_BANK, [("COFFEE", 1)], "PAYMENT_FAILED"),
        "late": (CARD, [("COFFEE", 3), ("GRINDER", 1)], "OUT_OF_STOCK"),
        "due": (NO_REFUNDS, [("GRINDER", 1)], "REFUND_DUE"),
    }
    for order, (card, items, _) in orders.items():
        code, answer = _send(scene, stack, _order(order, card, items))
        assert (code, answer["orderId"]) == (202, order), answer
    for order, (_, _, outcome) in orders.items():
        done = scene.ended(_execution(stack, order))
        assert (done.get("error") or json.loads(done["output"])["status"]) == outcome, done
        _, answer = _ask(scene, stack, f"/orders/{order}")
        assert (answer["status"], answer["customer"]) == (outcome, "Ana"), answer
        until(lambda: f"Order {order}: {outcome}" in scene.inbox.subjects(SHOP))
    # Of an order that lacks one item, none is taken.
    assert _stock(scene, stack) == {"COFFEE": 7, "KETTLE": 0, "GRINDER": 0}
    _refused_at_the_door(scene, stack)


def _refused_at_the_door(scene: Scene, stack: dict) -> None:
    again = _order("good", CARD, [("COFFEE", 2), ("KETTLE", 1)])
    assert _send(scene, stack, again)[0] == 202
    assert _send(scene, stack, {**again, "customer": "Bruno"}) == (409, {"errors": ["there is another order good"]})
    assert _send(scene, stack, {"orderId": "x", "customer": "Ana", "card": CARD, "items": [{"sku": "COFFEE"}]}) == (
        400, {"errors": ["item 1 needs a quantity and a price"]})
    assert _ask(scene, stack, "/orders", b"{") == (400, {"errors": ["the body is not JSON"]})
    assert _ask(scene, stack, "/orders/none") == (404, {"errors": ["there is no order none"]})
    code, answer = _ask(scene, stack, "/nothing")
    assert (code, answer) == (403, {"message": "Missing Authentication Token"}), answer
    assert len(scene.executions(stack["OrderWorkflowArn"])) == 6


def kill(scene: Scene) -> None:
    stack = _open(scene, {"COFFEE": IN_STOCK})
    names = [f"o{number}" for number in range(ORDERS)]
    with ThreadPoolExecutor(4) as customers:
        sent = [customers.submit(_insist, scene, stack, name, SLOW_BANK if number % 3 == 0 else CARD)
                for number, name in enumerate(names)]
        # The slow bank's first customer is still being served then, and others are still on their way in.
        until(lambda: _stock(scene, stack)["COFFEE"] < IN_STOCK)
        scene.restart()
        until(lambda: _stock(scene, stack)["COFFEE"] < IN_STOCK - 2)
        scene.restart()
        assert [customer.result() for customer in sent] == [202] * ORDERS
    ended = [scene.ended(_execution(stack, name)) for name in names]
    outcomes = sorted(done.get("error") or json.loads(done["output"])["status"] for done in ended)
    # What was taken from the stock was taken once, and everything that was there is sold.
    assert outcomes == ["CONFIRMED"] * IN_STOCK + ["OUT_OF_STOCK"] * (ORDERS - IN_STOCK), outcomes
    assert _stock(scene, stack) == {"COFFEE": 0}
    for name in names:
        _, answer = _ask(scene, stack, f"/orders/{name}")
        until(lambda: f"Order {name}: {answer['status']}" in scene.inbox.subjects(SHOP))
    assert len(scene.executions(stack["OrderWorkflowArn"])) == ORDERS


def _insist(scene: Scene, stack: dict, name: str, card: str) -> int:
    """Sends an order until it is answered, as a customer does whose shop is gone for a moment."""
    order = _order(name, card, [("COFFEE", 1)])

    def send() -> int | None:
        try:
            code, _ = _send(scene, stack, order)
        except (OSError, http.client.HTTPException):
            return None
        # A gateway has lost its function where a server is killed.
        return code if code < 500 else None

    return until(send)


def _open(scene: Scene, stock: dict[str, int]) -> dict:
    """Deploys the shop and fills its shelves."""
    stack = scene.deploy(ShopEmail=SHOP)
    for sku, quantity in stock.items():
        scene.client("dynamodb").put_item(TableName=stack["StockTable"],
                                          Item={"item": {"S": sku}, "quantity": {"N": str(quantity)}})
    until(lambda: scene.inbox.confirm(SHOP))
    subscriptions = lambda: scene.client("sns").list_subscriptions_by_topic(TopicArn=stack["NewsTopicArn"])["Subscriptions"]
    until(subscriptions, lambda them: all(it["SubscriptionArn"].startswith("arn:") for it in them))
    return stack


def _order(name: str, card: str, items: list[tuple[str, int]]) -> dict:
    items = [{"sku": sku, "quantity": quantity, "priceCents": 4990} for sku, quantity in items]
    return {"orderId": name, "customer": "Ana", "card": card, "items": items}


def _execution(stack: dict, order: str) -> str:
    return stack["OrderWorkflowArn"].replace(":stateMachine:", ":execution:") + f":order-{order}"


def _send(scene: Scene, stack: dict, order: dict) -> tuple[int, dict]:
    return _ask(scene, stack, "/orders", json.dumps(order).encode())


def _ask(scene: Scene, stack: dict, path: str, body: bytes | None = None) -> tuple[int, dict]:
    """A request to the shop's API: the status and the body of its answer."""
    host = {"Host": f"{stack['ShopApiId']}.execute-api.localhost:{scene.port}"}
    request = urllib.request.Request(f"{scene.url}/prod{path}", body, host)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def _stock(scene: Scene, stack: dict) -> dict[str, int]:
    items = scene.client("dynamodb").scan(TableName=stack["StockTable"], ConsistentRead=True)["Items"]
    return {it["item"]["S"]: int(it["quantity"]["N"]) for it in items if "quantity" in it}
