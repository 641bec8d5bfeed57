"""Versions and aliases: PublishStateMachineVersion, ListStateMachineVersions, DeleteStateMachineVersion,
CreateStateMachineAlias, DescribeStateMachineAlias, UpdateStateMachineAlias, ListStateMachineAliases,
DeleteStateMachineAlias."""

import json

from stage import FAIL, PASS, Stage, one_state, refused

NONE = "stateMachine:none"


def life(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(PASS)
    first = sfn.publish_state_machine_version(stateMachineArn=arn, description="one")["stateMachineVersionArn"]
    assert first == f"{arn}:1"
    assert sfn.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"] == first
    sfn.update_state_machine(stateMachineArn=arn, definition=json.dumps(FAIL))
    second = sfn.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    listed = sfn.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [version["stateMachineVersionArn"] for version in listed] == [second, first]
    assert sfn.describe_state_machine(stateMachineArn=first)["description"] == "one"

    routing = [{"stateMachineVersionArn": first, "weight": 100}]
    alias = sfn.create_state_machine_alias(name="live", routingConfiguration=routing)["stateMachineAliasArn"]
    assert alias == f"{arn}:live"
    assert stage.run(alias)["status"] == "SUCCEEDED"
    sfn.update_state_machine_alias(stateMachineAliasArn=alias, description="all new",
                                   routingConfiguration=[{"stateMachineVersionArn": second, "weight": 100}])
    shown = sfn.describe_state_machine_alias(stateMachineAliasArn=alias)
    assert shown["description"] == "all new" and shown["routingConfiguration"][0]["stateMachineVersionArn"] == second
    ended = stage.run(alias)
    assert (ended["status"], ended["stateMachineAliasArn"], ended["stateMachineVersionArn"]) == ("FAILED", alias, second)
    assert [it["stateMachineAliasArn"] for it in
            sfn.list_state_machine_aliases(stateMachineArn=arn)["stateMachineAliases"]] == [alias]
    assert sfn.list_state_machine_aliases(stateMachineArn=first)["stateMachineAliases"] == []
    executions = sfn.list_executions(stateMachineArn=alias)["executions"]
    assert len(executions) == 2

    refused("ConflictException", sfn.delete_state_machine_version, "must not be referenced by an alias",
            stateMachineVersionArn=second)
    sfn.delete_state_machine_alias(stateMachineAliasArn=alias)
    sfn.delete_state_machine_version(stateMachineVersionArn=second)
    sfn.delete_state_machine_version(stateMachineVersionArn=second)
    assert len(sfn.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]) == 1


def weights(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(PASS)
    first = sfn.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    second = sfn.update_state_machine(stateMachineArn=arn, definition=json.dumps(FAIL), publish=True)
    routing = [{"stateMachineVersionArn": first, "weight": 50},
               {"stateMachineVersionArn": second["stateMachineVersionArn"], "weight": 50}]
    alias = sfn.create_state_machine_alias(name="half", routingConfiguration=routing)["stateMachineAliasArn"]
    # Forty executions of one version alone happen once in 10^12.
    assert {stage.run(alias)["status"] for _ in range(40)} == {"SUCCEEDED", "FAILED"}


def versions_are_refused(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(PASS)
    publish, listing = sfn.publish_state_machine_version, sfn.list_state_machine_versions
    refused("ConflictException", publish, "The current State Machine revision is", stateMachineArn=arn,
            revisionId="00000000-0000-0000-0000-000000000000")
    refused("StateMachineDoesNotExist", publish, stateMachineArn=stage.arn(NONE))
    refused("InvalidArn", publish, stateMachineArn="no-arn")
    refused("ValidationException", publish, stateMachineArn=arn, description="x" * 257)
    refused("InvalidArn", listing, stateMachineArn="no-arn")
    refused("InvalidToken", listing, stateMachineArn=arn, nextToken="none")
    refused("ValidationException", listing, stateMachineArn=arn, maxResults=1001)
    refused("InvalidArn", sfn.delete_state_machine_version, stateMachineVersionArn="no-arn")
    refused("ValidationException", sfn.delete_state_machine_version, stateMachineVersionArn="x" * 2001)


def aliases_are_refused(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(PASS)
    version = sfn.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    create, routing = sfn.create_state_machine_alias, [{"stateMachineVersionArn": version, "weight": 100}]
    alias = create(name="taken", routingConfiguration=routing)["stateMachineAliasArn"]
    assert create(name="taken", routingConfiguration=routing)["stateMachineAliasArn"] == alias
    refused("ConflictException", create, "already exists", name="taken", description="new",
            routingConfiguration=routing)
    refused("ValidationException", create, "weights must equal 100", name="a",
            routingConfiguration=[{"stateMachineVersionArn": version, "weight": 99}])
    refused("ResourceNotFound", create, name="a",
            routingConfiguration=[{"stateMachineVersionArn": f"{arn}:9", "weight": 100}])
    refused("InvalidArn", create, name="a", routingConfiguration=[{"stateMachineVersionArn": "no-arn", "weight": 100}])

    missing = stage.arn(f"{NONE}:alias")
    for call in (sfn.describe_state_machine_alias, sfn.delete_state_machine_alias):
        refused("InvalidArn", call, stateMachineAliasArn="no-arn")
        refused("ResourceNotFound", call, "does not exist", stateMachineAliasArn=missing)
        refused("ValidationException", call, stateMachineAliasArn="x" * 257)
    update = sfn.update_state_machine_alias
    refused("InvalidArn", update, stateMachineAliasArn="no-arn", description="x")
    refused("ResourceNotFound", update, stateMachineAliasArn=missing, description="x")
    refused("ValidationException", update, "must be provided", stateMachineAliasArn=alias)

    listing = sfn.list_state_machine_aliases
    refused("InvalidArn", listing, stateMachineArn="no-arn")
    refused("InvalidToken", listing, stateMachineArn=arn, nextToken="none")
    refused("StateMachineDoesNotExist", listing, stateMachineArn=stage.arn(NONE))
    refused("ResourceNotFound", listing, stateMachineArn=f"{arn}:9")


def quotas(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(PASS)
    for number in range(1000):
        definition = json.dumps(one_state({"Type": "Pass", "Result": number}))
        sfn.update_state_machine(stateMachineArn=arn, definition=definition, publish=True)
    one_more = json.dumps(one_state({"Type": "Pass", "Result": "more"}))
    refused("ServiceQuotaExceededException", sfn.update_state_machine, stateMachineArn=arn, definition=one_more,
            publish=True)
    sfn.update_state_machine(stateMachineArn=arn, definition=one_more)
    refused("ServiceQuotaExceededException", sfn.publish_state_machine_version, stateMachineArn=arn)
    routing = [{"stateMachineVersionArn": f"{arn}:1", "weight": 100}]
    for number in range(100):
        sfn.create_state_machine_alias(name=f"a{number}", routingConfiguration=routing)
    refused("ServiceQuotaExceededException", sfn.create_state_machine_alias, name="more", routingConfiguration=routing)
