"""CloudWatch Logs: filter patterns, Insights, and what metric filters and subscriptions make of events."""

import base64
import gzip
import io
import json
import time
import zipfile

from stage import Stage, refused, until

ROLE = "arn:aws:iam::123456789012:role/function"


def _group(stage: Stage, *messages: str, ago: int = 120) -> tuple[str, int]:
    """A group with one stream of these messages, a millisecond apart, and the time of the first one."""
    client, group = stage.client("logs"), stage.name("/checks/logs")
    client.create_log_group(logGroupName=group)
    client.create_log_stream(logGroupName=group, logStreamName="s")
    start = (int(time.time()) - ago) * 1000
    if messages:
        client.put_log_events(logGroupName=group, logStreamName="s", logEvents=[
            {"timestamp": start + n, "message": message} for n, message in enumerate(messages)])
    return group, start


def patterns(stage: Stage) -> None:
    client = stage.client("logs")
    group, _ = _group(stage, '{"level":"ERROR","n":5}', '{"level":"INFO","n":1}', "10.0.0.1 GET 404", "plain ERROR")

    def found(pattern: str) -> list[str]:
        return [it["message"] for it in client.filter_log_events(logGroupName=group, filterPattern=pattern)["events"]]

    assert found('{ $.level = "ERROR" && $.n > 3 }') == ['{"level":"ERROR","n":5}']
    assert found("[ip, verb, status=4*]") == ["10.0.0.1 GET 404"]
    assert found("ERROR -level") == ["plain ERROR"] and len(found("?ERROR ?GET")) == 3
    assert found("%[0-9]{3}%") == ["10.0.0.1 GET 404"]
    refused("InvalidParameterException", client.filter_log_events, "pattern", logGroupName=group, filterPattern="{ $.a }")
    tested = client.test_metric_filter(filterPattern="{ $.n > 3 }", logEventMessages=['{"n":1}', '{"n":7}'])["matches"]
    assert tested == [{"eventNumber": 2, "eventMessage": '{"n":7}', "extractedValues": {"$.n": "7"}}], tested


def insights(stage: Stage) -> None:
    client = stage.client("logs")
    group, start = _group(stage, *[json.dumps({"level": "INFO" if n % 3 else "ERROR", "ms": n}) for n in range(9)])

    def run(query: str) -> list[dict]:
        asked = dict(logGroupName=group, startTime=start // 1000 - 10, endTime=start // 1000 + 10)
        started = client.start_query(queryString=query, **asked)
        answer = until(lambda: client.get_query_results(queryId=started["queryId"]), lambda it: it["status"] == "Complete")
        assert answer["statistics"]["recordsScanned"] == 9
        return [{it["field"]: it["value"] for it in row} for row in answer["results"]]

    rows = run("fields @timestamp, @message | sort @timestamp asc | limit 2")
    assert [json.loads(it["@message"])["ms"] for it in rows] == [0, 1]
    record = client.get_log_record(logRecordPointer=rows[0]["@ptr"])["logRecord"]
    assert record["@message"] == rows[0]["@message"] and record["@logStream"] == "s"
    assert run("stats count(*) as n, sum(ms) as total by level | sort level asc") == [
        {"level": "ERROR", "n": "3", "total": "9"}, {"level": "INFO", "n": "6", "total": "27"}]
    assert [it["ms"] for it in run("filter level = 'ERROR' and @message like /ms/ | sort ms desc | display ms")] == ["6", "3", "0"]
    assert run('parse @message "\\"ms\\": *}" as found | stats max(found) as most') == [{"most": "8"}]
    refused("MalformedQueryException", client.start_query, "nope", logGroupName=group, startTime=0, endTime=1, queryString="nope x")
    ended = client.describe_queries(logGroupName=group)["queries"][0]
    assert ended["status"] == "Complete"
    refused("InvalidParameterException", client.stop_query, queryId=ended["queryId"])
    assert client.describe_queries(logGroupName=group, status="Running")["queries"] == []
    refused("ResourceNotFoundException", client.get_query_results, queryId="00000000-0000-0000-0000-000000000000")


def metric_filters(stage: Stage) -> None:
    client, namespace = stage.client("logs"), stage.name("FromLogs")
    group, _ = _group(stage)
    transformation = {"metricName": "Latency", "metricNamespace": namespace, "metricValue": "$.ms", "unit": "Milliseconds"}
    client.put_metric_filter(logGroupName=group, filterName="f", filterPattern="{ $.ms > 1 }",
                             metricTransformations=[transformation])
    start = (int(time.time()) - 120) * 1000
    client.put_log_events(logGroupName=group, logStreamName="s", logEvents=[
        {"timestamp": start + n, "message": json.dumps({"ms": n})} for n in range(5)])
    ask = lambda: stage.client("cloudwatch").get_metric_statistics(
        Namespace=namespace, MetricName="Latency", Period=3600, Statistics=["Sum", "SampleCount"],
        StartTime=start // 1000 // 3600 * 3600, EndTime=start // 1000 + 3600)["Datapoints"]
    points = until(ask, bool, 10)
    assert (sum(it["Sum"] for it in points), sum(it["SampleCount"] for it in points)) == (9, 3), points
    described = client.describe_metric_filters(logGroupName=group)["metricFilters"]
    assert [it["filterName"] for it in described] == ["f"] and described[0]["metricTransformations"] == [transformation]
    assert client.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["metricFilterCount"] == 1
    client.delete_metric_filter(logGroupName=group, filterName="f")
    refused("ResourceNotFoundException", client.delete_metric_filter, "metric filter", logGroupName=group, filterName="f")


HANDLER = """
import boto3, os
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=event["awslogs"]["data"])
"""


def subscriptions(stage: Stage) -> None:
    client, sqs = stage.client("logs"), stage.client("sqs")
    url = sqs.create_queue(QueueName=stage.name("subscribed"))["QueueUrl"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", HANDLER)
    function = stage.client("lambda").create_function(
        FunctionName=stage.name("subscriber"), Runtime="python3.12", Role=ROLE, Handler="index.handler", Timeout=30,
        Code={"ZipFile": packed.getvalue()}, Environment={"Variables": {"QUEUE": url}})["FunctionArn"]
    group, _ = _group(stage)
    client.put_subscription_filter(logGroupName=group, filterName="f", filterPattern="ERROR", destinationArn=function)
    now = int(time.time() * 1000)
    client.put_log_events(logGroupName=group, logStreamName="s", logEvents=[
        {"timestamp": now, "message": "ERROR é"}, {"timestamp": now + 1, "message": "fine"}])
    ask = lambda: sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2).get("Messages", [])
    body = until(ask, bool, 40)[0]["Body"]
    data = json.loads(gzip.decompress(base64.b64decode(body)))
    assert (data["messageType"], data["logGroup"], data["subscriptionFilters"]) == ("DATA_MESSAGE", group, ["f"]), data
    assert [it["message"] for it in data["logEvents"]] == ["ERROR é"]
    shown = client.describe_subscription_filters(logGroupName=group)["subscriptionFilters"]
    assert [it["destinationArn"] for it in shown] == [function]
    client.delete_subscription_filter(logGroupName=group, filterName="f")
    refused("InvalidParameterException", client.put_subscription_filter, "destinationArn", logGroupName=group, filterName="f",
            filterPattern="", destinationArn="arn:aws:kinesis:us-east-1:123456789012:stream/x")


def retention(stage: Stage) -> None:
    """What is too old is not shown."""
    client = stage.client("logs")
    group, _ = _group(stage, "old", ago=2 * 86_400)
    client.put_log_events(logGroupName=group, logStreamName="s", logEvents=[
        {"timestamp": int(time.time() * 1000), "message": "new"}])
    read = lambda: [it["message"] for it in client.filter_log_events(logGroupName=group)["events"]]
    assert read() == ["old", "new"]
    client.put_retention_policy(logGroupName=group, retentionInDays=1)
    assert read() == ["new"]
    assert [it["message"] for it in client.get_log_events(logGroupName=group, logStreamName="s")["events"]] == ["new"]
    refused("InvalidParameterException", client.describe_log_streams, "LastEventTime", logGroupName=group,
            orderBy="LastEventTime", logStreamNamePrefix="s")


def tail(stage: Stage) -> None:
    """What `aws logs tail --follow` does: asks from the last time it has seen, and leaves out the events of then."""
    client = stage.client("logs")
    group, start = _group(stage, "one", "two", "three")
    pages, seen, shown, since = client.get_paginator("filter_log_events"), set(), [], start - 1000

    def follow() -> list[str]:
        nonlocal since
        for page in pages.paginate(logGroupName=group, interleaved=True, startTime=since, PaginationConfig={"PageSize": 2}):
            for event in page["events"]:
                if event["eventId"] not in seen:
                    seen.add(event["eventId"])
                    shown.append(event["message"])
                    since = event["timestamp"]
        return shown

    assert follow() == ["one", "two", "three"] and follow() == shown[:3]
    client.create_log_stream(logGroupName=group, logStreamName="other")
    client.put_log_events(logGroupName=group, logStreamName="other", logEvents=[{"timestamp": since, "message": "same time"}])
    client.put_log_events(logGroupName=group, logStreamName="s", logEvents=[{"timestamp": since + 1, "message": "later"}])
    assert follow() == ["one", "two", "three", "same time", "later"]
