"""The shop's API: takes orders, and says how they are."""

import json
import os

import boto3

states = boto3.client("stepfunctions")
dynamodb = boto3.client("dynamodb")


def handler(event, context):
    if event["httpMethod"] == "GET":
        return status(event["pathParameters"]["orderId"])
    return receive(event["body"])


def receive(body):
    try:
        order = json.loads(body or "")
    except ValueError:
        return answer(400, {"errors": ["the body is not JSON"]})
    errors = mistakes(order)
    if errors:
        return answer(400, {"errors": errors})
    order["totalCents"] = sum(item["quantity"] * item["priceCents"] for item in order["items"])
    # An order that is sent twice is one order: the workflow's execution has its name.
    given = {"name": f"order-{order['orderId']}", "input": json.dumps(order, sort_keys=True)}
    try:
        states.start_execution(stateMachineArn=os.environ["WORKFLOW"], **given)
    except states.exceptions.ExecutionAlreadyExists:
        if not is_known(**given):
            return answer(409, {"errors": [f"there is another order {order['orderId']}"]})
    return answer(202, {"orderId": order["orderId"], "totalCents": order["totalCents"]})


def is_known(name, input):
    arn = os.environ["WORKFLOW"].replace(":stateMachine:", ":execution:") + f":{name}"
    return states.describe_execution(executionArn=arn)["input"] == input


def mistakes(order):
    if not isinstance(order, dict):
        return ["an order is an object"]
    found = [f"{name} is missing" for name in ("orderId", "customer", "card", "items") if not order.get(name)]
    if not isinstance(order.get("items", []), list):
        return [*found, "items is a list"]
    for number, item in enumerate(order.get("items", []), start=1):
        if not isinstance(item, dict) or not item.get("sku"):
            found.append(f"item {number} has no sku")
        elif not all(type(item.get(name)) is int and item[name] > 0 for name in ("quantity", "priceCents")):
            found.append(f"item {number} needs a quantity and a price")
    return found


def status(order_id):
    row = dynamodb.get_item(TableName=os.environ["ORDERS"], Key={"orderId": {"S": order_id}}, ConsistentRead=True)
    if "Item" not in row:
        return answer(404, {"errors": [f"there is no order {order_id}"]})
    return answer(200, {name: value["S"] for name, value in row["Item"].items()})


def answer(code, body):
    return {"statusCode": code, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
