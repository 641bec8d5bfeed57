"""The order workflow: each outcome, and orders that are under way when the server dies."""

import json

from scene import Scene, until

ORDERS = 12


def outcomes(scene: Scene) -> None:
    machine = scene.deploy()["OrderProcessingStateMachineArn"]
    for order, status, total in [("12345", "CONFIRMED", 9980), ("12346", "CONFIRMED", 39900)]:
        done = scene.run(machine, {"orderId": order})
        output = json.loads(done["output"])
        assert (done["status"], output["status"], output["totalCents"]) == ("SUCCEEDED", status, total), done
    rejected = json.loads(scene.run(machine, {"orderId": "99999"})["output"])
    assert rejected == {"reason": "there is no order 99999", "orderId": "99999", "status": "REJECTED"}, rejected
    cancelled = scene.run(machine, {"orderId": "12347"})
    assert (cancelled["status"], cancelled["error"]) == ("FAILED", "PaymentRefused"), cancelled


def kill(scene: Scene) -> None:
    machine = scene.deploy()["OrderProcessingStateMachineArn"]
    start = scene.client("stepfunctions").start_execution
    started = {start(stateMachineArn=machine, name=f"order-{n}", input='{"orderId": "12346"}')["executionArn"]
               for n in range(ORDERS)}
    # The slow bank keeps all of them waiting for a second try.
    until(lambda: any(_retries(scene, arn) for arn in started))
    scene.restart()
    for arn in started:
        done = scene.ended(arn)
        assert (done["status"], json.loads(done["output"])["payment"]["attempts"]) == ("SUCCEEDED", 3), done
        names = [event["stateEnteredEventDetails"]["name"] for event in _events(scene, arn)
                 if "stateEnteredEventDetails" in event]
        assert names == ["Validate order", "Process payment", "Confirm order"], names
    assert {it["executionArn"] for it in scene.executions(machine)} == started


def _retries(scene: Scene, execution: str) -> int:
    return sum(event["type"] == "LambdaFunctionFailed" or event["type"] == "TaskFailed" for event in _events(scene, execution))


def _events(scene: Scene, execution: str) -> list[dict]:
    pages = scene.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=execution)
    return [event for page in pages for event in page["events"]]
