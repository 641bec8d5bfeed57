"""Asks a human: keeps the task token in the audit table, and mails links that lead to it.

The token itself is a secret and stays out of the mail. A link names the purchase and the attempt.
"""

import json
import os
import time

import boto3

dynamodb = boto3.client("dynamodb")
sns = boto3.client("sns")


def handler(event, context):
    purchase, attempt, to = event["purchase"], event["attempt"], event["to"]
    dynamodb.put_item(
        TableName=os.environ["AUDIT_TABLE"],
        Item={
            "purchaseId": {"S": purchase["purchaseId"]},
            "entry": {"S": f"asked#{attempt}"},
            "to": {"S": to},
            "token": {"S": event["token"]},
            "at": {"N": str(int(time.time()))},
        },
    )
    page = f"{address()}/purchases/{purchase['purchaseId']}/{attempt}"
    sns.publish(
        TopicArn=os.environ["TOPIC_ARN"],
        Subject=f"Purchase {purchase['purchaseId']}: your decision, please",
        Message=f"{purchase['requester']} wants to buy {purchase['item']} for {purchase['amountCents'] / 100:.2f}.\n\n"
        f"Approve:    {page}/approve\nReject:     {page}/reject\nStill busy: {page}/looking\n",
        MessageAttributes={"to": {"DataType": "String", "StringValue": to}},
    )
    print(json.dumps({"purchaseId": purchase["purchaseId"], "attempt": attempt, "asked": to}))


def address():
    """Where the API is: at AWS under a name of its own, on Passo under the server's address."""
    api, server = os.environ["API_ID"], os.environ.get("AWS_ENDPOINT_URL")
    if server:
        return f"{server}/_aws/execute-api/{api}/Prod"
    return f"https://{api}.execute-api.{os.environ['AWS_REGION']}.amazonaws.com/Prod"
