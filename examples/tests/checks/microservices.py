"""The shop: an event in, a partner over HTTP, a nested workflow, a person, an event out; and all of it through crashes."""

import importlib.util
import json
import threading
from contextlib import contextmanager

from scene import Scene, until

ORDERS = 6
STOCK = 10


def orders(scene: Scene) -> None:
    with _partner(scene) as (partner, url):
        outputs = _deploy(scene, url)
        machine, packing, news = (
            outputs[name] for name in ("FulfilmentStateMachineArn", "PackingQueueUrl", "ShopNewsQueueUrl"))
        _place(scene, [_order("good"), _order("risky", totalCents=200_000), _order("many", quantity=STOCK + 1), _order("lost")])
        # Not an order: the rule does not want it.
        _place(scene, [_order("free", totalCents=0)])
        parcels = {it["orderId"]: it for it in map(_body, scene.messages(packing, 2))}
        assert {it["label"] for it in parcels.values()} == {"good: 2 x mug", "lost: 2 x mug"}, parcels
        assert _stock(scene) == (STOCK - 4, {"good", "lost"})

        stepfunctions = scene.client("stepfunctions")
        stepfunctions.send_task_success(taskToken=parcels["good"]["token"], output='{"parcel": "BR-1"}')
        stepfunctions.send_task_failure(taskToken=parcels["lost"]["token"], error="ParcelLost", cause="fell off")
        told = {it["orderId"]: it["news"] for it in map(_body, scene.messages(news, 4))}
        assert told == {"good": "OrderSent", "risky": "OrderDeclined", "many": "OrderDeclined", "lost": "OrderNotSent"}, told
        # The goods of the parcel that was lost are there again.
        assert _stock(scene) == (STOCK - 2, {"good"})
        outcomes = [until(lambda: scene.ended(it["executionArn"]))["status"] for it in scene.executions(machine)]
        assert outcomes == ["SUCCEEDED"] * 4, outcomes
        # Each was refused once, as the partner was busy, and asked again.
        assert {order: len(asked) for order, asked in partner.asked.items()} == dict.fromkeys(told, 2), partner.asked
        nested = [scene.ended(it["executionArn"]) for it in scene.executions(outputs["StockStateMachineArn"])]
        assert sorted(it["status"] for it in nested) == ["FAILED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"], nested
        assert [it["error"] for it in nested if it["status"] == "FAILED"] == ["NotEnoughStock"], nested


def incident(scene: Scene) -> None:
    """The partner refuses our key, or is not there: the event of the failed execution starts another workflow."""
    with _partner(scene) as (_, url):
        outputs = _deploy(scene, url, PartnerKey="wrong")
        _place(scene, [_order("refused")])
        done = _only(scene, outputs["FulfilmentStateMachineArn"])
        assert (done["status"], done["error"]) == ("FAILED", "States.Http.StatusCode.401"), done
        row = until(lambda: _incident(scene, done["name"]))
        assert (row["error"]["S"], row["severity"]["S"]) == ("States.Http.StatusCode.401", "high"), row
        response = _only(scene, outputs["IncidentStateMachineArn"])
        assert response["status"] == "SUCCEEDED", response

        # The right key is a change of the connection, and of nothing else.
        again = scene.passo("deploy", str(scene.example), "-p", f"PartnerUrl={url}")
        changed = [line.split()[0] for line in again.stderr.splitlines() + again.stdout.splitlines()
                   if line.endswith((" updated", " created", " replaced"))]
        assert changed == ["risk-partner"], again
        _place(scene, [_order("accepted")])
        assert _body(scene.messages(outputs["PackingQueueUrl"], 1)[0])["orderId"] == "accepted"


def kill(scene: Scene) -> None:
    """Killed when events are in, when parcels wait, and when answers are given: each order is packed and sent once."""
    with _partner(scene) as (_, url):
        outputs = _deploy(scene, url)
        machine, packing = outputs["FulfilmentStateMachineArn"], outputs["PackingQueueUrl"]
        names = [f"order-{number}" for number in range(ORDERS)]
        scene.client("dynamodb").update_item(
            TableName="stock", Key={"sku": {"S": "mug"}}, UpdateExpression="SET available = :n",
            ExpressionAttributeValues={":n": {"N": "100"}})
        _place(scene, [_order(name) for name in names])
        scene.restart()
        until(lambda: _in_queue(scene, packing) >= ORDERS // 2)
        scene.restart()
        parcels = list(map(_body, scene.messages(packing, ORDERS)))
        assert sorted(it["orderId"] for it in parcels) == names, "a FIFO queue has each order once"
        answer = scene.client("stepfunctions").send_task_success
        for parcel in parcels[: ORDERS // 2]:
            answer(taskToken=parcel["token"], output='{"parcel": "BR-1"}')
        scene.restart()
        for parcel in parcels[ORDERS // 2:]:
            answer(taskToken=parcel["token"], output='{"parcel": "BR-2"}')
        executions = scene.executions(machine)
        assert len(executions) == ORDERS, "a state machine is started once for one event"
        for execution in executions:
            done = scene.ended(execution["executionArn"])
            assert (done["status"], json.loads(done["output"])["news"]) == ("SUCCEEDED", "OrderSent"), done
        assert _stock(scene) == (100 - 2 * ORDERS, set(names))
        assert len(scene.executions(outputs["StockStateMachineArn"])) == ORDERS
        told = {it["orderId"] for it in map(_body, scene.messages(outputs["ShopNewsQueueUrl"], ORDERS))}
        assert told == set(names), told
        assert _in_queue(scene, packing) == 0


def _deploy(scene: Scene, url: str, **parameters) -> dict[str, str]:
    outputs = scene.deploy(PartnerUrl=url, **parameters)
    item = {"sku": {"S": "mug"}, "available": {"N": str(STOCK)}}
    scene.client("dynamodb").put_item(TableName="stock", Item={**item, "orders": {"SS": ["none"]}})
    return outputs


def _order(name: str, **more) -> dict:
    return {"orderId": name, "sku": "mug", "quantity": 2, "totalCents": 2400, **more}


def _place(scene: Scene, orders: list[dict]) -> None:
    entries = [{"EventBusName": "shop", "Source": "shop.web", "DetailType": "OrderPlaced", "Detail": json.dumps(order)}
               for order in orders]
    assert scene.client("events").put_events(Entries=entries)["FailedEntryCount"] == 0


def _body(message: dict) -> dict:
    return json.loads(message["Body"])


def _in_queue(scene: Scene, queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = scene.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(map(int, counts.values()))


def _stock(scene: Scene) -> tuple[int, set[str]]:
    item = scene.client("dynamodb").get_item(TableName="stock", Key={"sku": {"S": "mug"}}, ConsistentRead=True)["Item"]
    return int(item["available"]["N"]), set(item["orders"]["SS"]) - {"none"}


def _incident(scene: Scene, execution: str) -> dict | None:
    return scene.client("dynamodb").get_item(TableName="incidents", Key={"execution": {"S": execution}}).get("Item")


def _only(scene: Scene, machine: str) -> dict:
    """The one execution of a state machine, once it has ended."""
    listed = until(lambda: scene.executions(machine))
    assert len(listed) == 1, listed
    return scene.ended(listed[0]["executionArn"])


@contextmanager
def _partner(scene: Scene):
    """The example's partner, and where it is."""
    spec = importlib.util.spec_from_file_location("partner_server", scene.example / "partner" / "server.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.serve(0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
