"""Starts the workflow for each file that the queue tells of."""

import hashlib
import json
import os

import boto3

states = boto3.client("stepfunctions")


def handler(event, context):
    failed = []
    for record in event["Records"]:
        try:
            start(json.loads(record["body"]))
        except Exception as error:
            # Only this message comes again, and after three times it is a dead letter.
            print(f"message {record['messageId']}: {type(error).__name__}: {error}")
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def start(file):
    """A message may come twice. An upload has one name, so it is worked on once."""
    upload = f"{file['bucket']}/{file['key']}/{file['upload']}"
    name = f"file-{hashlib.sha256(upload.encode()).hexdigest()[:32]}"
    try:
        states.start_execution(stateMachineArn=os.environ["PIPELINE"], name=name, input=json.dumps(file))
        print(f"{file['key']} is worked on as {name}")
    except states.exceptions.ExecutionAlreadyExists:
        print(f"{file['key']} has been worked on as {name}")
