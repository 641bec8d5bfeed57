"""Sums up what the Map runs have written: reads each manifest and the files that it names."""

import json

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    bucket = event["bucket"]
    summary = {name: totals(bucket, written) for name, written in event["written"].items()}
    s3.put_object(
        Bucket=bucket,
        Key=event["key"],
        Body=json.dumps(summary, indent=2).encode(),
        ContentType="application/json",
    )
    return summary


def totals(bucket, written):
    """For one Map run: how many children failed, and the sum of each number in the results of the others."""
    manifest = json.load(read(bucket, written["Key"]))
    found = {"failed": 0}
    for file in manifest["ResultFiles"]["FAILED"]:
        found["failed"] += sum(1 for _ in lines(bucket, file["Key"]))
    for file in manifest["ResultFiles"]["SUCCEEDED"]:
        for line in lines(bucket, file["Key"]):
            for member, value in json.loads(line).items():
                if isinstance(value, (int, float)):
                    found[member] = round(found.get(member, 0) + value, 2)
    return found


def lines(bucket, key):
    return (line for line in read(bucket, key).iter_lines() if line)


def read(bucket, key):
    return s3.get_object(Bucket=bucket, Key=key)["Body"]
