"""The purchases: who decides and how, silence, decisions that come twice, and purchases that wait while the server dies."""

import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError

from scene import Scene, until

APPROVER, DIRECTOR = "approver@example.com", "director@example.com"
WAITING = 8


def decisions(scene: Scene) -> None:
    machine = _deploy(scene)
    # Small: nobody is asked.
    small = scene.run(machine, _purchase("pen", amountCents=900))
    assert json.loads(small["output"]) == {
        "purchaseId": "pen", "status": "APPROVED", "decidedBy": "nobody: it is small"}, small

    # By the link of the mail.
    desk = _start(scene, machine, "desk")
    assert _follow(scene, APPROVER, "desk", "Still busy") == 200
    assert _follow(scene, APPROVER, "desk", "Approve") == 200
    assert json.loads(scene.ended(desk)["output"])["decidedBy"] == APPROVER
    assert _follow(scene, APPROVER, "desk", "Reject") == 410, "the decision stands"

    # By the command line.
    lamp = _start(scene, machine, "lamp")
    scene.passo("approve", lamp, "--output", '{"decidedBy": "Bruno"}')
    assert json.loads(scene.ended(lamp)["output"])["decidedBy"] == "Bruno"
    sofa = _start(scene, machine, "sofa")
    scene.passo("reject", sofa, "--error", "PurchaseRejected", "--cause", "we have one")
    done = scene.ended(sofa)
    assert (done["status"], done["error"], done["cause"]) == ("FAILED", "PurchaseRejected", "we have one"), done

    # By boto3, with the token of the audit table.
    boat = _start(scene, machine, "boat")
    stepfunctions, token = scene.client("stepfunctions"), _token(scene, "boat", 1)
    stepfunctions.send_task_failure(taskToken=token, error="PurchaseRejected", cause="no")
    assert scene.ended(boat)["error"] == "PurchaseRejected"
    _refused("TaskTimedOut", stepfunctions.send_task_success, taskToken=token, output="{}")
    _refused("InvalidToken", stepfunctions.send_task_success, taskToken="none", output="{}")

    outcomes = {name: row["status"]["S"] for name in ("pen", "desk", "lamp", "sofa", "boat")
                for row in [_row(scene, name, "decided")]}
    assert outcomes == {"pen": "APPROVED", "desk": "APPROVED", "lamp": "APPROVED", "sofa": "REJECTED", "boat": "REJECTED"}

    # A purchase is decided once.
    again = scene.run(machine, _purchase("pen", amountCents=900))
    assert (again["status"], again["error"]) == ("FAILED", "PurchaseDecidedBefore"), again
    assert _row(scene, "pen", "decided")["execution"]["S"] == small["name"]


def silence(scene: Scene) -> None:
    machine = _deploy(scene)
    # The approver does not look: the director is asked, and decides.
    piano = _start(scene, machine, "piano", lookWithinSeconds=1)
    asked = until(lambda: _row(scene, "piano", "asked#2"))
    assert asked["to"]["S"] == DIRECTOR
    assert _follow(scene, APPROVER, "piano", "Approve") == 410, "the approver is too late"
    assert _follow(scene, DIRECTOR, "piano", "Approve") == 200
    assert json.loads(scene.ended(piano)["output"])["decidedBy"] == DIRECTOR

    # The approver looks and does not decide; and nobody looks at all.
    looked = _start(scene, machine, "organ", decideWithinSeconds=2)
    ignored = _start(scene, machine, "flute", lookWithinSeconds=1, decideWithinSeconds=2)
    for name, arn, states in [("organ", looked, []), ("flute", ignored, ["Ask the director"])]:
        done = scene.ended(arn)
        assert (done["status"], done["error"]) == ("FAILED", "PurchaseExpired"), done
        assert _row(scene, name, "decided")["status"]["S"] == "EXPIRED"
        entered = _entered(scene, arn)
        assert entered == ["Know the terms", "Is it small?", "Ask the approver", *states, "Nobody decided",
                           "Write the audit row", "Is it approved?", "Not approved"], entered

    # Heartbeats keep a purchase with its approver.
    harp = _start(scene, machine, "harp", lookWithinSeconds=2)
    begun = time.monotonic()
    while time.monotonic() - begun < 3:
        assert _follow(scene, APPROVER, "harp", "Still busy") == 200
    assert _follow(scene, APPROVER, "harp", "Approve") == 200
    assert json.loads(scene.ended(harp)["output"])["decidedBy"] == APPROVER


def kill(scene: Scene) -> None:
    """Tokens are as good after a crash as before; a decision that was acknowledged stands."""
    machine = _deploy(scene)
    names = [f"purchase-{number}" for number in range(WAITING)]
    arns = {name: _start(scene, machine, name) for name in names}
    # The time of this one passes around the crash.
    late = _start(scene, machine, "late", decideWithinSeconds=3)
    tokens = {name: _token(scene, name, 1) for name in names}
    stepfunctions = scene.client("stepfunctions")

    def approve(name: str) -> None:
        stepfunctions.send_task_success(taskToken=tokens[name], output=json.dumps({"decidedBy": name}))

    for name in names[:3]:
        approve(name)
    scene.restart()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(approve, names[3:]))
    for name, arn in arns.items():
        assert json.loads(scene.ended(arn)["output"]) == {"purchaseId": name, "status": "APPROVED", "decidedBy": name}
        assert _row(scene, name, "decided")["decidedBy"]["S"] == name
        entered = _entered(scene, arn)
        assert len(entered) == len(set(entered)), entered
    assert scene.ended(late)["error"] == "PurchaseExpired"
    assert len(scene.executions(machine)) == WAITING + 1
    # What was answered before the crash is answered once.
    for name in names:
        _refused("TaskTimedOut", stepfunctions.send_task_success, taskToken=tokens[name], output="{}")


def _deploy(scene: Scene) -> str:
    outputs = scene.deploy(ApproverEmail=APPROVER, DirectorEmail=DIRECTOR)
    for address in (APPROVER, DIRECTOR):
        until(lambda: scene.inbox.confirm(address))
    return outputs["PurchaseApprovalStateMachineArn"]


def _purchase(name: str, **more) -> dict:
    return {"purchaseId": name, "item": f"a {name}", "requester": "Ana", "amountCents": 50000, **more}


def _start(scene: Scene, machine: str, name: str, **more) -> str:
    """A purchase that waits for its approver."""
    value = json.dumps(_purchase(name, **more))
    arn = scene.client("stepfunctions").start_execution(stateMachineArn=machine, input=value)["executionArn"]
    until(lambda: _row(scene, name, "asked#1"))
    return arn


def _row(scene: Scene, purchase: str, entry: str) -> dict | None:
    key = {"purchaseId": {"S": purchase}, "entry": {"S": entry}}
    return scene.client("dynamodb").get_item(TableName="purchase-audit", Key=key, ConsistentRead=True).get("Item")


def _token(scene: Scene, purchase: str, attempt: int) -> str:
    return _row(scene, purchase, f"asked#{attempt}")["token"]["S"]


def _follow(scene: Scene, to: str, purchase: str, link: str) -> int:
    """Follows a link of the mail about a purchase; the status of the page behind it."""
    subject = f"Purchase {purchase}: your decision, please"
    text = until(lambda: scene.inbox.texts(to, subject))[0]
    address = next(line.split()[-1] for line in text.splitlines() if line.startswith(link))
    try:
        with urllib.request.urlopen(address, timeout=30) as page:
            return page.status
    except urllib.error.HTTPError as error:
        return error.code


def _entered(scene: Scene, execution: str) -> list[str]:
    pages = scene.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=execution)
    return [event["stateEnteredEventDetails"]["name"] for page in pages for event in page["events"]
            if "stateEnteredEventDetails" in event]


def _refused(code: str, call, **parameters) -> None:
    try:
        call(**parameters)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
    else:
        raise AssertionError(f"{code} expected")
