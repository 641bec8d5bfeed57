"""Behind the links of the mail: finds the task token of a request, and answers the task that waits for it."""

import json
import os

import boto3

dynamodb = boto3.client("dynamodb")
stepfunctions = boto3.client("stepfunctions")


def handler(event, context):
    link = event["pathParameters"]
    row = dynamodb.get_item(
        TableName=os.environ["AUDIT_TABLE"],
        Key={"purchaseId": {"S": link["purchaseId"]}, "entry": {"S": f"asked#{link['attempt']}"}},
        ConsistentRead=True,
    ).get("Item")
    if row is None:
        return page(404, "there is no such request")
    token, who = row["token"]["S"], row["to"]["S"]
    try:
        if link["answer"] == "approve":
            stepfunctions.send_task_success(taskToken=token, output=json.dumps({"decidedBy": who}))
        elif link["answer"] == "reject":
            stepfunctions.send_task_failure(taskToken=token, error="PurchaseRejected", cause=f"{who} said no")
        elif link["answer"] == "looking":
            stepfunctions.send_task_heartbeat(taskToken=token)
        else:
            return page(400, "the answer is approve, reject or looking")
    except stepfunctions.exceptions.TaskTimedOut:
        return page(410, "too late: the purchase has been decided, or nobody waits any more")
    return page(200, "thank you")


def page(status, text):
    return {"statusCode": status, "headers": {"Content-Type": "text/plain"}, "body": text + "\n"}
