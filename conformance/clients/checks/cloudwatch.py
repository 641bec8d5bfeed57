"""CloudWatch: metrics, math over them, alarms and what they do, dashboards; and AWS's own metrics."""

import datetime
import json
import subprocess
import time

from stage import FAIL, PASS, Stage, refused, until


def _at(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def _minute(ago: int) -> datetime.datetime:
    """The beginning of a minute that is over."""
    return _at((int(time.time()) // 60 - ago) * 60)


def _queue(stage: Stage, client_topic: str | None = None) -> tuple[str, str]:
    sqs = stage.client("sqs")
    url = sqs.create_queue(QueueName=stage.name("alarms"))["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    if client_topic:
        stage.client("sns").subscribe(TopicArn=client_topic, Protocol="sqs", Endpoint=arn,
                                      Attributes={"RawMessageDelivery": "true"})
    return url, arn


def _bodies(stage: Stage, url: str, count: int) -> list[dict]:
    found: list[dict] = []

    def more() -> list[dict]:
        answer = stage.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        for message in answer.get("Messages", []):
            found.append(json.loads(message["Body"]))
            stage.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    return until(more, lambda it: len(it) >= count, 15)


def statistics(stage: Stage) -> None:
    client, namespace = stage.client("cloudwatch"), stage.name("Own/Space")
    start = _minute(5)
    dimensions = [{"Name": "Host", "Value": "é 1"}]
    client.put_metric_data(Namespace=namespace, MetricData=[
        {"MetricName": "Latency", "Dimensions": dimensions, "Timestamp": start, "Unit": "Milliseconds",
         "Values": [float(n) for n in range(1, 101)]},
        {"MetricName": "Latency", "Dimensions": dimensions, "Timestamp": start + datetime.timedelta(seconds=70),
         "Unit": "Milliseconds", "StatisticValues": {"SampleCount": 2, "Sum": 30, "Minimum": 10, "Maximum": 20}},
    ])
    asked = dict(Namespace=namespace, MetricName="Latency", Dimensions=dimensions, StartTime=start,
                 EndTime=start + datetime.timedelta(minutes=4))
    answer = client.get_metric_statistics(
        Period=60, Statistics=["SampleCount", "Average", "Sum", "Minimum", "Maximum"], **asked)
    points = sorted(answer["Datapoints"], key=lambda it: it["Timestamp"])
    assert answer["Label"] == "Latency" and len(points) == 2, answer
    assert points[0]["Timestamp"] == start and points[0]["Unit"] == "Milliseconds"
    assert (points[0]["Sum"], points[0]["Average"], points[0]["SampleCount"]) == (5050, 50.5, 100)
    assert (points[1]["Minimum"], points[1]["Maximum"], points[1]["Average"]) == (10, 20, 15)
    answer = client.get_metric_statistics(Period=60, ExtendedStatistics=["p90", "tm90"], **asked)
    extended = [it["ExtendedStatistics"] for it in answer["Datapoints"] if "ExtendedStatistics" in it]
    assert extended == [{"p90": 90.0, "tm90": 45.5}], answer
    whole = client.get_metric_statistics(Period=300, Statistics=["SampleCount"], **asked)["Datapoints"]
    assert [it["SampleCount"] for it in whole] == [102]
    assert client.get_metric_statistics(Period=60, Statistics=["Sum"], **{**asked, "Unit": "Bytes"})["Datapoints"] == []
    refused("InvalidParameterValue", client.put_metric_data, "AWS/", Namespace="AWS/X", MetricData=[{"MetricName": "m", "Value": 1}])
    refused("InvalidParameterValue", client.put_metric_data, "two weeks", Namespace=namespace,
            MetricData=[{"MetricName": "m", "Value": 1, "Timestamp": _at(0)}])
    refused("InvalidParameterCombination", client.get_metric_statistics, "must be less than",
            **{**asked, "EndTime": start}, Period=60, Statistics=["Sum"])


def data(stage: Stage) -> None:
    client, namespace, start = stage.client("cloudwatch"), stage.name("Math"), _minute(10)
    at = lambda n: start + datetime.timedelta(minutes=n)
    for name, values in {"Hits": [10, 20, 40], "Errors": [1, 5, 0]}.items():
        client.put_metric_data(Namespace=namespace, MetricData=[
            {"MetricName": name, "Timestamp": at(n), "Value": value} for n, value in enumerate(values)])
    stat = lambda name: {"Metric": {"Namespace": namespace, "MetricName": name}, "Period": 60, "Stat": "Sum"}
    queries = [
        {"Id": "hits", "MetricStat": stat("Hits"), "ReturnData": False},
        {"Id": "errors", "MetricStat": stat("Errors")},
        {"Id": "rate", "Expression": "100 * errors / hits", "Label": "Rate"},
        {"Id": "all", "Expression": "SUM(METRICS())"},
        {"Id": "filled", "Expression": "FILL(errors, 7)"},
        {"Id": "found", "Expression": f"SEARCH('{{{namespace}}} MetricName=\"Hits\"', 'Maximum', 60)"},
    ]
    asked = dict(MetricDataQueries=queries, StartTime=start, EndTime=at(4), ScanBy="TimestampAscending")
    results = {it["Id"]: it for it in client.get_metric_data(**asked)["MetricDataResults"]}
    assert list(results) == ["errors", "rate", "all", "filled", "found"], results
    assert results["errors"]["Values"] == [1, 5, 0] and results["errors"]["Timestamps"] == [at(0), at(1), at(2)]
    assert results["rate"]["Values"] == [10, 25, 0] and results["rate"]["Label"] == "Rate"
    assert results["all"]["Values"] == [11, 25, 40] and results["filled"]["Values"] == [1, 5, 0, 7]
    assert results["found"]["Values"] == [10, 20, 40] and results["found"]["StatusCode"] == "Complete"
    pages = client.get_paginator("get_metric_data").paginate(
        **{**asked, "MetricDataQueries": queries[:2]}, PaginationConfig={"PageSize": 2})
    assert [value for page in pages for it in page["MetricDataResults"] for value in it["Values"]] == [1, 5, 0]
    refused("ValidationError", client.get_metric_data, "Error in expression 'x'", StartTime=start, EndTime=at(1),
            MetricDataQueries=[{"Id": "x", "Expression": "nothing + 1"}])
    # Other protocols, as older clients and the command line speak them.
    listed = subprocess.run(
        ["aws", "cloudwatch", "list-metrics", "--namespace", namespace, "--metric-name", "Hits", "--output", "json"],
        capture_output=True, text=True, check=True)
    assert json.loads(listed.stdout)["Metrics"] == [{"Namespace": namespace, "MetricName": "Hits", "Dimensions": []}]


def listing(stage: Stage) -> None:
    client, namespace = stage.client("cloudwatch"), stage.name("List")
    client.put_metric_data(Namespace=namespace, MetricData=[
        {"MetricName": f"m{n % 2}", "Dimensions": [{"Name": "n", "Value": str(n)}], "Value": n} for n in range(600)])
    pages = client.get_paginator("list_metrics").paginate(Namespace=namespace)
    sizes = [len(page["Metrics"]) for page in pages]
    assert sizes == [500, 100], sizes
    found = client.list_metrics(Namespace=namespace, MetricName="m1", Dimensions=[{"Name": "n", "Value": "7"}])["Metrics"]
    assert found == [{"Namespace": namespace, "MetricName": "m1", "Dimensions": [{"Name": "n", "Value": "7"}]}]
    assert client.list_metrics(Namespace=namespace, MetricName="m0", RecentlyActive="PT3H")["Metrics"]
    assert client.list_metrics(Namespace=namespace, Dimensions=[{"Name": "other"}])["Metrics"] == []


def alarms(stage: Stage) -> None:
    client, namespace, name = stage.client("cloudwatch"), stage.name("Alarmed"), stage.name("alarm")
    topic = stage.client("sns").create_topic(Name=stage.name("alarm-topic"))["TopicArn"]
    url, _ = _queue(stage, topic)
    events_url, events_arn = _queue(stage)
    rule = stage.name("alarm-rule")
    stage.client("events").put_rule(Name=rule, EventPattern=json.dumps(
        {"source": ["aws.cloudwatch"], "detail": {"alarmName": [name]}}))
    stage.client("events").put_targets(Rule=rule, Targets=[{"Id": "q", "Arn": events_arn}])
    settings = dict(AlarmName=name, AlarmDescription="d", Namespace=namespace, MetricName="Errors", Statistic="Sum",
                    Period=60, EvaluationPeriods=2, DatapointsToAlarm=1, Threshold=3,
                    ComparisonOperator="GreaterThanThreshold", TreatMissingData="notBreaching",
                    AlarmActions=[topic], OKActions=[topic])
    client.put_metric_alarm(**settings, Tags=[{"Key": "a", "Value": "b"}])
    described = lambda: client.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    until(described, lambda it: it["StateValue"] == "OK", 10)
    arn = described()["AlarmArn"]
    client.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "Errors", "Value": 5, "Timestamp": _minute(1)}])
    alarm = until(described, lambda it: it["StateValue"] == "ALARM", 10)
    assert "(minimum 1 datapoint for OK -> ALARM transition)" in alarm["StateReason"], alarm["StateReason"]
    assert json.loads(alarm["StateReasonData"])["threshold"] == 3.0
    messages = {it["NewStateValue"]: it for it in _bodies(stage, url, 2)}
    message = messages["ALARM"]
    assert (message["AlarmName"], message["OldStateValue"], message["AlarmArn"]) == (name, "OK", arn)
    trigger = message["Trigger"]
    assert (trigger["MetricName"], trigger["Statistic"], trigger["Period"]) == ("Errors", "SUM", 60), trigger
    event = [it for it in _bodies(stage, events_url, 2) if it["detail"]["state"]["value"] == "ALARM"][0]
    assert event["detail-type"] == "CloudWatch Alarm State Change" and event["resources"] == [arn]
    assert event["detail"]["configuration"]["metrics"][0]["metricStat"]["stat"] == "Sum"
    history = client.describe_alarm_history(AlarmName=name)["AlarmHistoryItems"]
    assert {"ConfigurationUpdate", "StateUpdate", "Action"} == {it["HistoryItemType"] for it in history}
    client.set_alarm_state(AlarmName=name, StateValue="INSUFFICIENT_DATA", StateReason="by hand")
    assert described()["StateReason"] == "by hand"
    client.disable_alarm_actions(AlarmNames=[name])
    assert described()["ActionsEnabled"] is False
    client.enable_alarm_actions(AlarmNames=[name])
    found = client.describe_alarms_for_metric(MetricName="Errors", Namespace=namespace)["MetricAlarms"]
    assert [it["AlarmName"] for it in found] == [name]
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    client.untag_resource(ResourceARN=arn, TagKeys=["a"])
    client.tag_resource(ResourceARN=arn, Tags=[{"Key": "c", "Value": "d"}])
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "c", "Value": "d"}]
    refused("ValidationError", client.put_metric_alarm, "DatapointsToAlarm", **{**settings, "DatapointsToAlarm": 3})
    refused("ResourceNotFound", client.set_alarm_state, AlarmName="none", StateValue="OK", StateReason="r")
    client.delete_alarms(AlarmNames=[name])
    assert client.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []


def composites(stage: Stage) -> None:
    client, name, other = stage.client("cloudwatch"), stage.name("child"), stage.name("composite")
    namespace = stage.name("Composed")
    client.put_metric_alarm(
        AlarmName=name, EvaluationPeriods=1, Threshold=0.5, ComparisonOperator="GreaterThanOrEqualToThreshold",
        Metrics=[{"Id": "e", "ReturnData": False, "MetricStat": {
            "Metric": {"Namespace": namespace, "MetricName": "E"}, "Period": 60, "Stat": "Sum"}},
            {"Id": "half", "Expression": "e / 2", "Label": "half"}])
    refused("ValidationError", client.put_composite_alarm, "do not exist", AlarmName=other, AlarmRule="ALARM(none)")
    client.put_composite_alarm(AlarmName=other, AlarmRule=f'ALARM("{name}") AND NOT OK("{name}")')
    described = lambda: client.describe_alarms(AlarmNames=[other], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]
    until(described, lambda it: it["StateValue"] == "OK", 10)
    client.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "E", "Value": 1, "Timestamp": _minute(1)}])
    until(described, lambda it: it["StateValue"] == "ALARM", 10)
    waiter = client.get_waiter("composite_alarm_exists")
    waiter.wait(AlarmNames=[other], AlarmTypes=["CompositeAlarm"])
    client.delete_alarms(AlarmNames=[other, name])


def dashboards(stage: Stage) -> None:
    client, name = stage.client("cloudwatch"), stage.name("dashboard")
    body = json.dumps({"widgets": []})
    client.put_dashboard(DashboardName=name, DashboardBody=body)
    assert client.get_dashboard(DashboardName=name)["DashboardBody"] == body
    listed = client.list_dashboards(DashboardNamePrefix=name)["DashboardEntries"]
    assert [it["DashboardName"] for it in listed] == [name] and listed[0]["Size"] == len(body)
    client.delete_dashboards(DashboardNames=[name])
    refused("ResourceNotFound", client.get_dashboard, "does not exist", DashboardName=name)
    refused("InvalidParameterInput", client.put_dashboard, DashboardName=name, DashboardBody="{")


def own_metrics(stage: Stage) -> None:
    """What executions did is there at once, under AWS's names."""
    client = stage.client("cloudwatch")
    machine, broken = stage.machine(PASS), stage.machine(FAIL)
    for _ in range(3):
        assert stage.run(machine)["status"] == "SUCCEEDED"
    assert stage.run(broken)["status"] == "FAILED"

    def total(metric: str, arn: str) -> float:
        answer = client.get_metric_statistics(
            Namespace="AWS/States", MetricName=metric, Dimensions=[{"Name": "StateMachineArn", "Value": arn}],
            StartTime=_minute(10), EndTime=_at(time.time() + 60), Period=60, Statistics=["Sum", "SampleCount"])
        return sum(it["Sum"] for it in answer["Datapoints"])

    assert (total("ExecutionsStarted", machine), total("ExecutionsSucceeded", machine)) == (3, 3)
    assert (total("ExecutionsFailed", broken), total("ExecutionsSucceeded", broken)) == (1, 0)
    listed = client.list_metrics(Namespace="AWS/States", Dimensions=[{"Name": "StateMachineArn", "Value": machine}])
    assert "ExecutionTime" in {it["MetricName"] for it in listed["Metrics"]}
