#!/usr/bin/env python3
"""All examples on one server, with work of every outcome: what the console's pictures show.

`python3 examples/tests/showroom.py --passo target/debug/passo` prints one line of JSON, the server's address and the ARNs of executions worth looking at,
and serves until its standard input ends.
"""

import argparse
import json
import os
import sys
import tempfile

from run import environment
from scene import EXAMPLES, Scene, until

from checks import ecommerce_order, etl_map, file_pipeline, microservices, purchase_approval

ORDERS = ("12345", "12346", "12347", "99999", "12345", "12346")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passo", required=True, help="the binary")
    binary = os.path.abspath(parser.parse_args().passo)
    with tempfile.TemporaryDirectory(prefix="passo-showroom-") as scratch:
        environment(scratch)
        # Where the console looks that nobody has signed in to.
        os.environ["AWS_ACCESS_KEY_ID"] = "000000000000"
        scene = Scene(binary, "etl-map", tempfile.mkdtemp(dir=scratch))
        try:
            with etl_map._jobs(scene), microservices._partner(_on(scene, "microservices")) as (_, partner):
                arns = _furnish(scene, partner)
                print(json.dumps({"url": scene.url, **arns}), flush=True)
                sys.stdin.read()
            scene.end()
        finally:
            scene.close()


def _furnish(scene: Scene, partner: str) -> dict[str, str]:
    """Deploys everything and gives it work."""
    arns = {**_data_sets(scene), **_orders(scene), **_purchases(scene), **_shop(scene)}
    _files(scene)
    _events(scene, partner)
    return arns


def _on(scene: Scene, example: str) -> Scene:
    scene.example = EXAMPLES / example
    return scene


def _data_sets(scene: Scene) -> dict[str, str]:
    outputs = _on(scene, "etl-map").deploy()
    etl_map._fill(scene, outputs["RawBucketName"])
    done = scene.run(outputs["EtlStateMachineArn"], {})
    run = etl_map._map_run(scene, done["executionArn"], "Readings")
    failed = scene.run(outputs["EtlStateMachineArn"], {"readings": "missing.csv"})
    return {"dataSets": done["executionArn"], "mapRun": run["mapRunArn"], "noData": failed["executionArn"]}


def _orders(scene: Scene) -> dict[str, str]:
    machine = _on(scene, "order-processing").deploy()["OrderProcessingStateMachineArn"]
    start = scene.client("stepfunctions").start_execution
    started = [start(stateMachineArn=machine, name=f"order-{order}-{number}", input=json.dumps({"orderId": order}))
               for number, order in enumerate(ORDERS)]
    ended = [scene.ended(it["executionArn"]) for it in started]
    _versions(scene, machine)
    names = ("confirmed", "retried", "cancelled", "rejected")
    return {"machine": machine, **{name: it["executionArn"] for name, it in zip(names, ended)}}


def _versions(scene: Scene, machine: str) -> None:
    """Two versions, of which the second is more patient, and an alias that sends a tenth of the executions there."""
    client = scene.client("stepfunctions")
    first = client.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    definition = json.loads(client.describe_state_machine(stateMachineArn=machine)["definition"])
    for state in definition["States"].values():
        for retrier in state.get("Retry", []):
            retrier["MaxAttempts"] = 5
    client.update_state_machine(stateMachineArn=machine, definition=json.dumps(definition, indent=2))
    second = client.publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    routes = [{"stateMachineVersionArn": arn, "weight": weight} for arn, weight in ((first, 90), (second, 10))]
    client.create_state_machine_alias(name="live", routingConfiguration=routes)


def _purchases(scene: Scene) -> dict[str, str]:
    machine = purchase_approval._deploy(_on(scene, "purchase-approval"))
    start = lambda name, **more: purchase_approval._start(scene, machine, name, **more)
    lamp, sofa = start("lamp"), start("sofa", amountCents=240_000)
    scene.passo("approve", lamp, "--output", '{"decidedBy": "Bruno"}')
    scene.passo("reject", sofa, "--error", "PurchaseRejected", "--cause", "we have one")
    for execution in (lamp, sofa):
        scene.ended(execution)
    desk, piano = start("desk", requester="Bruno"), start("piano", amountCents=1_890_000)
    return {"approved": lamp, "refused": sofa, "waiting": desk, "alsoWaiting": piano}


def _shop(scene: Scene) -> dict[str, str]:
    stack = ecommerce_order._open(_on(scene, "ecommerce-order"), {"COFFEE": 10, "KETTLE": 1, "GRINDER": 0})
    orders = {
        "1001": (ecommerce_order.CARD, [("COFFEE", 2), ("KETTLE", 1)]),
        "1002": (ecommerce_order.NO_FUNDS, [("COFFEE", 1)]),
        "1003": (ecommerce_order.CARD, [("COFFEE", 3), ("GRINDER", 1)]),
        "1004": (ecommerce_order.NO_REFUNDS, [("GRINDER", 1)]),
    }
    for order, (card, items) in orders.items():
        ecommerce_order._send(scene, stack, ecommerce_order._order(order, card, items))
    for order in orders:
        scene.ended(ecommerce_order._execution(stack, order))
    return {"soldOut": ecommerce_order._execution(stack, "1003")}


def _files(scene: Scene) -> None:
    stack = _on(scene, "file-pipeline").deploy(AlertEmail=file_pipeline.ANA, PatienceSeconds="6")
    file_pipeline._confirm(scene, stack["NewsTopicArn"])
    for key, text in [("sales/monday.csv", file_pipeline.GOOD), ("sales/tuesday.csv", file_pipeline.BAD)]:
        scene.client("s3").put_object(Bucket=stack["InboxBucket"], Key=key, Body=text.encode())
    until(lambda: len(scene.inbox.subjects(file_pipeline.ANA)) >= 2)


def _events(scene: Scene, partner: str) -> None:
    outputs = microservices._deploy(_on(scene, "microservices"), partner)
    order = microservices._order
    microservices._place(scene, [order("7001"), order("7002", totalCents=200_000), order("7003", quantity=microservices.STOCK + 1)])
    until(lambda: microservices._in_queue(scene, outputs["PackingQueueUrl"]))


if __name__ == "__main__":
    main()
