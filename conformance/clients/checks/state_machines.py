"""CreateStateMachine, DescribeStateMachine, UpdateStateMachine, DeleteStateMachine, ListStateMachines,
ValidateStateMachineDefinition, DescribeStateMachineForExecution."""

import json

from stage import FAIL, PASS, ROLE, Stage, one_state, refused

LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:vended:*"
KEY = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"


def life(stage: Stage) -> None:
    sfn, name = stage.sfn, stage.name("life")
    logging = {"level": "ERROR", "includeExecutionData": True,
               "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": LOGS}}]}
    created = sfn.create_state_machine(
        name=name, definition=json.dumps(PASS), roleArn=ROLE, type="STANDARD", loggingConfiguration=logging,
        tracingConfiguration={"enabled": True}, tags=[{"key": "team", "value": "orders"}],
    )
    arn = created["stateMachineArn"]
    assert arn == stage.arn(f"stateMachine:{name}")
    shown = sfn.describe_state_machine(stateMachineArn=arn)
    assert (shown["name"], shown["status"], shown["type"], shown["roleArn"]) == (name, "ACTIVE", "STANDARD", ROLE)
    assert json.loads(shown["definition"]) == PASS
    assert shown["loggingConfiguration"] == logging and shown["tracingConfiguration"] == {"enabled": True}
    assert shown["encryptionConfiguration"] == {"type": "AWS_OWNED_KEY"}
    assert shown["creationDate"] == created["creationDate"] and "revisionId" not in shown
    hidden = sfn.describe_state_machine(stateMachineArn=arn, includedData="METADATA_ONLY")
    assert hidden["definition"] in ("", "{}"), hidden["definition"]

    again = sfn.create_state_machine(
        name=name, definition=json.dumps(PASS), roleArn=ROLE, loggingConfiguration=logging,
        tracingConfiguration={"enabled": True},
    )
    assert again["stateMachineArn"] == arn and again["creationDate"] == created["creationDate"]

    updated = sfn.update_state_machine(stateMachineArn=arn, definition=json.dumps(FAIL), publish=True,
                                       versionDescription="first")
    assert updated["stateMachineVersionArn"] == f"{arn}:1" and updated["revisionId"]
    shown = sfn.describe_state_machine(stateMachineArn=arn)
    assert json.loads(shown["definition"]) == FAIL and shown["revisionId"] == updated["revisionId"]

    assert arn in [machine["stateMachineArn"] for page in sfn.get_paginator("list_state_machines").paginate()
                   for machine in page["stateMachines"]]
    assert sfn.delete_state_machine(stateMachineArn=arn)["ResponseMetadata"]["HTTPStatusCode"] == 200
    refused("StateMachineDoesNotExist", sfn.describe_state_machine, f"State Machine Does Not Exist: '{arn}'",
            stateMachineArn=arn)
    sfn.delete_state_machine(stateMachineArn=arn)


def of_an_execution(stage: Stage) -> None:
    sfn, arn = stage.sfn, stage.machine(PASS)
    execution = stage.run(arn)["executionArn"]
    sfn.update_state_machine(stateMachineArn=arn, definition=json.dumps(FAIL))
    shown = sfn.describe_state_machine_for_execution(executionArn=execution)
    assert json.loads(shown["definition"]) == PASS and shown["stateMachineArn"] == arn
    refused("ExecutionDoesNotExist", sfn.describe_state_machine_for_execution,
            executionArn=stage.arn("execution:none:none"))
    refused("InvalidArn", sfn.describe_state_machine_for_execution, "Invalid Arn: '", executionArn="no-arn")


def creating_is_refused(stage: Stage) -> None:
    definition, create = json.dumps(PASS), stage.sfn.create_state_machine
    good = {"definition": definition, "roleArn": ROLE}
    name = stage.name("taken")
    create(name=name, **good)
    refused("StateMachineAlreadyExists", create, "State Machine Already Exists: '", name=name,
            definition=json.dumps(FAIL), roleArn=ROLE)
    refused("InvalidArn", create, "Invalid Arn: '", name="x", definition=definition, roleArn="role")
    refused("InvalidName", create, "Invalid Name: 'a b'", name="a b", **good)
    refused("InvalidDefinition", create, "MISSING_TRANSITION_TARGET", name="x", roleArn=ROLE,
            definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}))
    refused("InvalidDefinition", create, "INVALID_JSON_DESCRIPTION", name="x", roleArn=ROLE, definition="{")
    refused("InvalidLoggingConfiguration", create, "Invalid Logging Configuration: ", name="x",
            loggingConfiguration={"level": "ALL"}, **good)
    refused("InvalidEncryptionConfiguration", create, "Invalid Encryption Configuration: ", name="x",
            encryptionConfiguration={"type": "AWS_OWNED_KEY", "kmsKeyId": KEY}, **good)
    tags = [{"key": f"k{n}", "value": ""} for n in range(51)]
    refused("TooManyTags", create, name="x", tags=tags, **good)
    refused("ValidationException", create, "Version description can only be set when publish is true", name="x",
            versionDescription="y", **good)
    refused("ValidationException", create, "Value 'FAST' at 'type' failed to satisfy constraint", name="x",
            type="FAST", **good)


def updating_is_refused(stage: Stage) -> None:
    update, arn = stage.sfn.update_state_machine, stage.machine(PASS)
    refused("MissingRequiredParameter", update, "must be specified", stateMachineArn=arn)
    refused("InvalidArn", update, "Invalid Arn: '", stateMachineArn="no-arn", roleArn=ROLE)
    refused("InvalidDefinition", update, "Invalid State Machine Definition: '", stateMachineArn=arn, definition="{}")
    refused("InvalidLoggingConfiguration", update, stateMachineArn=arn, loggingConfiguration={"level": "FATAL"})
    refused("InvalidEncryptionConfiguration", update, stateMachineArn=arn,
            encryptionConfiguration={"type": "CUSTOMER_MANAGED_KMS_KEY"})
    refused("StateMachineDoesNotExist", update, stateMachineArn=stage.arn("stateMachine:none"), roleArn=ROLE)
    refused("ValidationException", update, stateMachineArn=arn, roleArn=ROLE, versionDescription="y")


def describing_and_listing_are_refused(stage: Stage) -> None:
    sfn = stage.sfn
    refused("InvalidArn", sfn.describe_state_machine, stateMachineArn=stage.arn("activity:a"))
    refused("InvalidToken", sfn.list_state_machines, "Invalid Token: '", nextToken="none")
    refused("InvalidArn", sfn.delete_state_machine, stateMachineArn="arn:aws:s3:::bucket")
    refused("ValidationException", sfn.delete_state_machine, stateMachineArn=stage.arn("stateMachine:m/label"))


def validating(stage: Stage) -> None:
    validate = stage.sfn.validate_state_machine_definition
    assert validate(definition=json.dumps(PASS))["result"] == "OK"
    assert validate(definition=json.dumps(one_state({"Type": "Pass"})), type="EXPRESS")["diagnostics"] == []
    found = validate(definition=json.dumps(one_state({"Type": "Pas"})))
    assert found["result"] == "FAIL" and found["diagnostics"][0]["severity"] == "ERROR", found
    assert {"code", "message", "location"} <= set(found["diagnostics"][0])
    refused("ValidationException", validate, "Value '101' at 'maxResults' failed", definition="{}", maxResults=101)
