"""EventBridge Scheduler: schedules, groups, tags, and what schedules send."""

import json
from datetime import datetime, timedelta, timezone

from stage import PASS, ROLE, Stage, refused, until

NOW = "at(%Y-%m-%dT%H:%M:%S)"
OFF = {"Mode": "OFF"}


def _queue(stage: Stage) -> tuple[str, str]:
    sqs = stage.client("sqs")
    url = sqs.create_queue(QueueName=stage.name("scheduled"))["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def _received(stage: Stage, url: str, count: int = 1) -> list[dict]:
    got: list[dict] = []

    def ask() -> list[dict]:
        answer = stage.client("sqs").receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2, MessageAttributeNames=["All"])
        got.extend(answer.get("Messages", []))
        return got

    return until(ask, lambda messages: len(messages) >= count)


def _soon() -> str:
    return datetime.now(timezone.utc).strftime(NOW)


def life(stage: Stage) -> None:
    scheduler, name = stage.client("scheduler"), stage.name("life")
    _, arn = _queue(stage)
    target = {"Arn": arn, "RoleArn": ROLE, "Input": "{}"}
    start = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=1)
    made = scheduler.create_schedule(
        Name=name, ScheduleExpression="cron(0 8 ? * MON-FRI *)", ScheduleExpressionTimezone="Europe/Berlin",
        StartDate=start, EndDate=start + timedelta(days=30), Description="d", Target=target,
        FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15})
    assert made["ScheduleArn"].endswith(f":schedule/default/{name}")
    shown = scheduler.get_schedule(Name=name)
    assert (shown["StartDate"], shown["State"], shown["ActionAfterCompletion"]) == (start, "ENABLED", "NONE")
    assert shown["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
    refused("ConflictException", scheduler.create_schedule, "already exists", Name=name,
            ScheduleExpression="rate(1 day)", Target=target, FlexibleTimeWindow=OFF)
    scheduler.update_schedule(Name=name, ScheduleExpression="rate(2 days)", State="DISABLED", Target=target,
                              FlexibleTimeWindow=OFF)
    shown = scheduler.get_schedule(Name=name)
    assert shown["ScheduleExpression"] == "rate(2 days)" and "StartDate" not in shown
    scheduler.delete_schedule(Name=name)
    refused("ResourceNotFoundException", scheduler.get_schedule, f"Schedule {name} does not exist.", Name=name)
    refused("ValidationException", scheduler.create_schedule, "Invalid Schedule Expression", Name=name,
            ScheduleExpression="never", Target=target, FlexibleTimeWindow=OFF)


def groups_and_pages(stage: Stage) -> None:
    scheduler, group = stage.client("scheduler"), stage.name("group")
    arn = scheduler.create_schedule_group(Name=group, Tags=[{"Key": "a", "Value": "1"}])["ScheduleGroupArn"]
    scheduler.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
    scheduler.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    assert scheduler.get_schedule_group(Name=group)["State"] == "ACTIVE"
    _, queue = _queue(stage)
    for number in range(5):
        scheduler.create_schedule(
            Name=f"s{number}", GroupName=group, ScheduleExpression="rate(1 day)", State="DISABLED",
            Target={"Arn": queue, "RoleArn": ROLE}, FlexibleTimeWindow=OFF)
    pages = scheduler.get_paginator("list_schedules").paginate(GroupName=group, PaginationConfig={"PageSize": 2})
    assert [one["Name"] for page in pages for one in page["Schedules"]] == [f"s{number}" for number in range(5)]
    names = [one["Name"] for page in scheduler.get_paginator("list_schedule_groups").paginate()
             for one in page["ScheduleGroups"]]
    assert {"default", group} <= set(names)
    scheduler.delete_schedule_group(Name=group)
    refused("ResourceNotFoundException", scheduler.list_schedules, f"Schedule group {group} does not exist.",
            GroupName=group)


def templated_targets(stage: Stage) -> None:
    scheduler, (url, queue) = stage.client("scheduler"), _queue(stage)
    sns, events = stage.client("sns"), stage.client("events")
    topic = sns.create_topic(Name=stage.name("scheduled"))["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
    bus = events.create_event_bus(Name=stage.name("scheduled"))["EventBusArn"]
    rule = stage.name("scheduled")
    events.put_rule(Name=rule, EventBusName=bus, EventPattern='{"source": ["clock"]}')
    events.put_targets(Rule=rule, EventBusName=bus, Targets=[{"Id": "q", "Arn": queue, "InputPath": "$.detail"}])
    machine = stage.machine(PASS)
    for arn, text, more in (
        (queue, "queue <aws.scheduler.schedule-arn>", {}),
        (topic, "topic", {}),
        (bus, '{"said":"bus"}', {"EventBridgeParameters": {"Source": "clock", "DetailType": "tick"}}),
        (machine, '{"said":"machine"}', {}),
    ):
        scheduler.create_schedule(
            Name=stage.name("target"), ScheduleExpression=_soon(), ActionAfterCompletion="DELETE",
            FlexibleTimeWindow=OFF, Target={"Arn": arn, "RoleArn": ROLE, "Input": text, **more})
    bodies = sorted(message["Body"] for message in _received(stage, url, 3))
    assert bodies[1] == "topic" and bodies[0].startswith("queue arn:aws:scheduler:"), bodies
    assert json.loads(bodies[2]) == {"said": "bus"}
    runs = until(lambda: stage.sfn.list_executions(stateMachineArn=machine)["executions"], bool)
    assert stage.ended(runs[0]["executionArn"])["output"] == '{"said":"machine"}'


def universal_targets(stage: Stage) -> None:
    scheduler, (url, _) = stage.client("scheduler"), _queue(stage)
    machine = stage.machine(PASS)
    for operation, value in (
        ("sqs:sendMessage", {"QueueUrl": url, "MessageBody": "universal"}),
        ("sfn:startExecution", {"StateMachineArn": machine, "Input": '{"a": 1}'}),
    ):
        scheduler.create_schedule(
            Name=stage.name("universal"), ScheduleExpression=_soon(), FlexibleTimeWindow=OFF,
            Target={"Arn": f"arn:aws:scheduler:::aws-sdk:{operation}", "RoleArn": ROLE, "Input": json.dumps(value)})
    assert _received(stage, url)[0]["Body"] == "universal"
    until(lambda: stage.sfn.list_executions(stateMachineArn=machine)["executions"], bool)
    refused("ValidationException", scheduler.create_schedule, Name="never", ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow=OFF, Target={"Arn": "arn:aws:scheduler:::aws-sdk:sqs:receiveMessage", "RoleArn": ROLE})


def dead_letters(stage: Stage) -> None:
    scheduler, (url, queue) = stage.client("scheduler"), _queue(stage)
    missing = f"arn:aws:sqs:{stage.region}:{stage.account}:{stage.name('missing')}"
    scheduler.create_schedule(
        Name=stage.name("dead"), ScheduleExpression=_soon(), FlexibleTimeWindow=OFF,
        Target={"Arn": missing, "RoleArn": ROLE, "Input": "lost", "DeadLetterConfig": {"Arn": queue},
                "RetryPolicy": {"MaximumRetryAttempts": 0}})
    letter = _received(stage, url)[0]
    said = {name: value["StringValue"] for name, value in letter["MessageAttributes"].items()}
    assert (letter["Body"], said["TARGET_ARN"], said["RETRY_ATTEMPTS"]) == ("lost", missing, "0"), said
    assert said["ERROR_CODE"] and said["SCHEDULED_TIME"].endswith("Z")
