"""Accounts and regions: the access key id and the credential scope say whose things are meant."""

from stage import PASS, Stage, refused


def accounts_and_regions(stage: Stage) -> None:
    name, mine = stage.name("mine"), stage.machine(PASS)
    for other in (stage.elsewhere(account="210987654321"), stage.elsewhere(region="sa-east-1")):
        created = other.sfn.create_activity(name=name)["activityArn"]
        assert created == f"arn:aws:states:{other.region}:{other.account}:activity:{name}"
        assert other.sfn.list_state_machines()["stateMachines"] == []
        refused("StateMachineDoesNotExist", other.sfn.describe_state_machine, stateMachineArn=mine)
        refused("StateMachineDoesNotExist", other.sfn.start_execution, stateMachineArn=mine)
        refused("ActivityDoesNotExist", stage.sfn.describe_activity, activityArn=created)
        execution = stage.run(mine)["executionArn"]
        refused("ExecutionDoesNotExist", other.sfn.describe_execution, executionArn=execution)


def who_am_i(stage: Stage) -> None:
    identity = stage.client("sts").get_caller_identity()
    assert identity["Account"] == stage.account and identity["Arn"].startswith(f"arn:aws:iam::{stage.account}:")
    other = stage.elsewhere(account="210987654321")
    assert other.client("sts").get_caller_identity()["Account"] == "210987654321"
    role = f"arn:aws:iam::{stage.account}:role/any"
    assumed = stage.client("sts").assume_role(RoleArn=role, RoleSessionName="session")
    assert assumed["AssumedRoleUser"]["Arn"].endswith(":assumed-role/any/session")
    assert assumed["Credentials"]["SessionToken"]
