"""EKS: requests to a cluster and its jobs, before a Kubernetes API that knows one job."""

import base64
import http.server
import json
import threading
import urllib.parse

from stage import ROLE, Stage, until

JOBS = "/apis/batch/v1/namespaces/default/jobs"
PODS = "/api/v1/namespaces/default/pods"


class _Cluster(http.server.BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []
    tokens: list[str] = []
    polls = 0

    def _answer(self, status: int, body) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _ask(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urllib.parse.urlsplit(self.path)
        _Cluster.asked.append((self.command, self.path))
        _Cluster.tokens.append(self.headers["Authorization"])
        job = {"kind": "Job", "metadata": {"name": "pi"}}
        match self.command, url.path:
            case "POST", path if path == JOBS:
                self._answer(201, json.loads(body))
            case "GET", path if path == f"{JOBS}/pi":
                _Cluster.polls += 1
                done = [{"type": "Complete", "status": "True"}] if _Cluster.polls > 1 else []
                self._answer(200, {**job, "status": {"conditions": done}})
            case "GET", path if path == PODS:
                container = {"name": "pi", "image": "perl"}
                self._answer(200, {"items": [{"metadata": {"name": "pi-1"}, "spec": {"containers": [container]}}]})
            case "GET", path if path == f"{PODS}/pi-1/log":
                self._answer(200, '{"pi": 3.14}')
            case _:
                self._answer(401, {"kind": "Status", "code": 401})

    do_GET = do_POST = do_DELETE = _ask

    def log_message(self, *_):
        pass


def _end(stage: Stage, definition: dict) -> dict:
    machine = stage.sfn.create_state_machine(
        name=stage.name("kubernetes"), roleArn=ROLE, definition=json.dumps(definition))["stateMachineArn"]
    started = stage.sfn.start_execution(stateMachineArn=machine)["executionArn"]
    return until(lambda: stage.sfn.describe_execution(executionArn=started), lambda it: it["status"] != "RUNNING")


def clusters(stage: Stage) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Cluster)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    cluster = {
        "ClusterName": "shop", "CertificateAuthority": base64.b64encode(b"PEM").decode(),
        "Endpoint": f"http://127.0.0.1:{server.server_port}"}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "pi"}}
    run = {"Type": "Task", "Resource": "arn:aws:states:::eks:runJob.sync", "ResultPath": "$.job", "Next": "Pods",
           "Parameters": {**cluster, "Job": job, "LogOptions": {"RetrieveLogs": True, "LogParameters": {"tailLines": ["6"]}}}}
    pods = {"Type": "Task", "Resource": "arn:aws:states:::eks:call", "ResultPath": "$.pods", "Next": "Refused",
            "Parameters": {**cluster, "Method": "GET", "Path": PODS, "QueryParameters": {"labelSelector": ["job-name=pi"]}}}
    refused = {"Type": "Task", "Resource": "arn:aws:states:::eks:call", "End": True,
               "Parameters": {**cluster, "Method": "GET", "Path": "/api/v1/secrets"},
               "Catch": [{"ErrorEquals": ["EKS.401"], "ResultPath": "$.refused", "Next": "End"}]}
    states = {"Run": run, "Pods": pods, "Refused": refused, "End": {"Type": "Succeed"}}
    ended = _end(stage, {"StartAt": "Run", "States": states})
    server.shutdown()
    assert ended["status"] == "SUCCEEDED", ended
    output = json.loads(ended["output"])
    assert output["job"]["metadata"] == {"name": "pi"} and "status" in output["job"], output
    assert output["job"]["logs"] == {"pods": {"pi-1": {"containers": {"pi": {"log": {"pi": 3.14}}}}}}, output
    assert output["pods"]["StatusCode"] == 200
    assert output["pods"]["ResponseBody"]["items"][0]["metadata"]["name"] == "pi-1"
    cause = json.loads(output["refused"]["Cause"])
    assert (cause["StatusCode"], cause["ResponseBody"]["code"], cause["StatusText"]) == (401, 401, "Unauthorized"), cause
    assert ("GET", f"{PODS}?labelSelector=job-name%3Dpi") in _Cluster.asked, _Cluster.asked
    assert ("GET", f"{PODS}/pi-1/log?container=pi&tailLines=6") in _Cluster.asked, _Cluster.asked
    token = _Cluster.tokens[0].removeprefix("Bearer k8s-aws-v1.")
    asked = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    assert asked.startswith("https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&"), asked
    assert "x-k8s-aws-id" in asked
