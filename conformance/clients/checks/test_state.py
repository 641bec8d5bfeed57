"""TestState: inspection levels, mocks, a state of a whole definition."""

import json

from stage import ROLE, Stage, refused

TASK = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Next": "B",
        "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2, "IntervalSeconds": 3}]}


def levels(stage: Stage) -> None:
    test = stage.sfn.test_state
    state = json.dumps({"Type": "Pass", "Result": {"a": 1}, "ResultPath": "$.r", "Next": "B"})
    answer = test(definition=state, roleArn=ROLE, input='{"i": 1}')
    assert (answer["status"], answer["nextState"]) == ("SUCCEEDED", "B")
    assert json.loads(answer["output"]) == {"i": 1, "r": {"a": 1}}
    detailed = test(definition=state, roleArn=ROLE, input='{"i": 1}', inspectionLevel="DEBUG")["inspectionData"]
    assert json.loads(detailed["input"]) == {"i": 1} and json.loads(detailed["afterResultPath"])["r"] == {"a": 1}
    choice = {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.n > $limit %}", "Next": "Big"}],
              "Default": "Small", "QueryLanguage": "JSONata"}
    answer = test(definition=json.dumps(choice), input='{"n": 5}', variables='{"limit": 3}')
    assert answer["nextState"] == "Big"


def mocks(stage: Stage) -> None:
    test = stage.sfn.test_state
    answer = test(definition=json.dumps(TASK), mock={"result": '{"Payload": {"ok": true}, "StatusCode": 200}'})
    assert (answer["status"], json.loads(answer["output"])["Payload"]) == ("SUCCEEDED", {"ok": True}), answer
    failed = test(definition=json.dumps(TASK), inspectionLevel="DEBUG",
                  mock={"errorOutput": {"error": "Lambda.TooManyRequestsException", "cause": "busy"}})
    assert (failed["status"], failed["error"]) == ("RETRIABLE", "Lambda.TooManyRequestsException"), failed
    whole = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Fail", "Error": "E"}}}
    answer = test(definition=json.dumps(whole), stateName="B")
    assert (answer["status"], answer["error"]) == ("FAILED", "E")


def refusals(stage: Stage) -> None:
    test, state = stage.sfn.test_state, json.dumps({"Type": "Pass", "End": True})
    refused("InvalidDefinition", test, definition='{"Type": "Pass", "Next": 1}', roleArn=ROLE)
    refused("InvalidArn", test, definition=json.dumps({**TASK}), roleArn="no-arn")
    refused("InvalidExecutionInput", test, definition=state, roleArn=ROLE, input="{")
    refused("ValidationException", test, "Value 'ALL' at 'inspectionLevel'", definition=state, inspectionLevel="ALL")
