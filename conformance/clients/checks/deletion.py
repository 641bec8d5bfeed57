"""StateMachineDeleting: what is refused while executions of a deleted state machine are being stopped."""

import json
import threading

from botocore.exceptions import ClientError

from stage import PASS, ROLE, WAIT, Stage

ROUNDS_MAX = 6


def deleting(stage: Stage) -> None:
    """Many executions take a while to stop: each operation asks until it is told, or until all are stopped."""
    missing = {"create", "start", "update", "publish", "alias", "update_alias", "aliases"}
    for round_number in range(ROUNDS_MAX):
        missing -= _told(stage, missing, executions=200 * 2**round_number)
        if not missing:
            return
    raise AssertionError(f"never told that the state machine is being deleted: {missing}")


def _told(stage: Stage, wanted: set[str], executions: int) -> set[str]:
    sfn, name = stage.sfn, stage.name("deleting")
    arn = sfn.create_state_machine(name=name, definition=json.dumps(WAIT), roleArn=ROLE)["stateMachineArn"]
    version = sfn.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    routing = [{"stateMachineVersionArn": version, "weight": 100}]
    alias = sfn.create_state_machine_alias(name="live", routingConfiguration=routing)["stateMachineAliasArn"]
    calls = {
        "create": lambda: sfn.create_state_machine(name=name, definition=json.dumps(PASS), roleArn=ROLE),
        "start": lambda: sfn.start_execution(stateMachineArn=arn),
        "update": lambda: sfn.update_state_machine(stateMachineArn=arn, roleArn=ROLE),
        "publish": lambda: sfn.publish_state_machine_version(stateMachineArn=arn),
        "alias": lambda: sfn.create_state_machine_alias(name="live", routingConfiguration=routing),
        "update_alias": lambda: sfn.update_state_machine_alias(stateMachineAliasArn=alias, description="x"),
        "aliases": lambda: sfn.list_state_machine_aliases(stateMachineArn=arn),
    }
    for _ in range(executions):
        sfn.start_execution(stateMachineArn=arn)
    told, gone = set(), threading.Event()

    def ask(which: str) -> None:
        while not gone.is_set():
            try:
                calls[which]()
            except ClientError as error:
                if error.response["Error"]["Code"] == "StateMachineDeleting":
                    told.add(which)
                    return

    threads = [threading.Thread(target=ask, args=(which,)) for which in wanted]
    for thread in threads:
        thread.start()
    sfn.delete_state_machine(stateMachineArn=arn)
    gone.set()
    for thread in threads:
        thread.join()
    return told
