"""CloudWatch Logs and IAM, as far as workflows need them."""

import json
import time

from stage import Stage, refused

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
ALLOW = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def logs(stage: Stage) -> None:
    client, group = stage.client("logs"), stage.name("/checks/group")
    client.create_log_group(logGroupName=group, tags={"a": "b"})
    refused("ResourceAlreadyExistsException", client.create_log_group, logGroupName=group)
    client.put_retention_policy(logGroupName=group, retentionInDays=7)
    shown = client.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert [(it["logGroupName"], it["retentionInDays"]) for it in shown] == [(group, 7)]
    client.create_log_stream(logGroupName=group, logStreamName="s")
    refused("ResourceAlreadyExistsException", client.create_log_stream, logGroupName=group, logStreamName="s")
    now = int(time.time() * 1000)
    events = [{"timestamp": now + n, "message": f"line {n}"} for n in range(5)]
    client.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
    read = client.get_log_events(logGroupName=group, logStreamName="s", startFromHead=True)["events"]
    assert [event["message"] for event in read] == [event["message"] for event in events]
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=group, filterPattern="line", PaginationConfig={"PageSize": 2})
    assert [it["message"] for page in pages for it in page["events"]] == [event["message"] for event in events]
    streams = client.get_paginator("describe_log_streams").paginate(logGroupName=group)
    assert [it["logStreamName"] for page in streams for it in page["logStreams"]] == ["s"]
    client.delete_log_stream(logGroupName=group, logStreamName="s")
    refused("ResourceNotFoundException", client.get_log_events, logGroupName=group, logStreamName="s")
    client.delete_log_group(logGroupName=group)
    refused("ResourceNotFoundException", client.delete_log_group, "The specified log group does not exist.",
            logGroupName=group)


def roles(stage: Stage) -> None:
    client, name = stage.client("iam"), stage.name("role")
    role = client.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, Description="d")["Role"]
    assert role["Arn"] == f"arn:aws:iam::{stage.account}:role/{name}"
    client.get_waiter("role_exists").wait(RoleName=name)
    assert client.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"] == json.loads(TRUST)
    refused("EntityAlreadyExists", client.create_role, RoleName=name, AssumeRolePolicyDocument=TRUST)
    client.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=ALLOW)
    assert client.list_role_policies(RoleName=name)["PolicyNames"] == ["p"]
    assert client.get_role_policy(RoleName=name, PolicyName="p")["PolicyDocument"] == json.loads(ALLOW)
    policy = client.create_policy(PolicyName=stage.name("policy"), PolicyDocument=ALLOW)["Policy"]["Arn"]
    client.get_waiter("policy_exists").wait(PolicyArn=policy)
    client.attach_role_policy(RoleName=name, PolicyArn=policy)
    attached = client.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert [it["PolicyArn"] for it in attached] == [policy]
    listed = [it["RoleName"] for page in client.get_paginator("list_roles").paginate() for it in page["Roles"]]
    assert name in listed
    answer = refused("DeleteConflict", client.delete_role, RoleName=name)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 409
    client.detach_role_policy(RoleName=name, PolicyArn=policy)
    client.delete_role_policy(RoleName=name, PolicyName="p")
    client.delete_role(RoleName=name)
    client.delete_policy(PolicyArn=policy)
    answer = refused("NoSuchEntity", client.get_role, RoleName=name)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 404
