#!/usr/bin/env python3
"""Stands for Glue, ECS and SageMaker: starts jobs that have ended at the second question. `server.py PORT`

A job whose arguments say `fail` fails. The first Glue run of an execution is refused, as Glue does while another one runs.
"""

import itertools
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARN = "arn:aws:ecs:us-east-1:123456789012"


class Refused(Exception):
    """An error of the service: its code and its message."""


class Jobs:
    """The jobs of all three services, and how often each has been asked for."""

    def __init__(self):
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._asked = {}
        self._refused = set()
        self.started = []

    def answer(self, operation, request):
        with self._lock:
            return getattr(self, operation)(request)

    def StartJobRun(self, request):
        of = json.dumps(request, sort_keys=True)
        if of not in self._refused:
            self._refused.add(of)
            raise Refused("ConcurrentRunsExceededException", "Concurrent runs exceeded for " + request["JobName"])
        return {"JobRunId": self._start("jr", "fail" in of)}

    def GetJobRun(self, request):
        state = self._state(request["RunId"], "RUNNING", "SUCCEEDED", "FAILED")
        return {"JobRun": {"Id": request["RunId"], "JobName": request["JobName"], "JobRunState": state}}

    def RunTask(self, request):
        return {"tasks": [self._task(self._start("task", False), "PENDING")], "failures": []}

    def DescribeTasks(self, request):
        names = [arn.rpartition("/")[2] for arn in request["tasks"]]
        return {"tasks": [self._task(name, self._state(name, "RUNNING", "STOPPED", "STOPPED")) for name in names], "failures": []}

    def CreateTransformJob(self, request):
        name = request["TransformJobName"]
        if name in self._asked:
            raise Refused("ResourceInUse", f"Job name must be unique: {name}")
        self._start(name, False, name)
        return {"TransformJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:transform-job/{name}"}

    def DescribeTransformJob(self, request):
        name = request["TransformJobName"]
        return {"TransformJobName": name, "TransformJobStatus": self._state(name, "InProgress", "Completed", "Failed")}

    def _start(self, kind, fails, name=None):
        name = name or f"{kind}_{next(self._numbers)}"
        self._asked[name] = [0, fails]
        self.started.append(name)
        return name

    def _state(self, name, running, well, badly):
        job = self._asked[name]
        job[0] += 1
        return running if job[0] < 2 else badly if job[1] else well

    def _task(self, name, status):
        task = {"taskArn": f"{ARN}:task/default/{name}", "clusterArn": f"{ARN}:cluster/default", "lastStatus": status}
        if status == "STOPPED":
            task["containers"] = [{"name": "report", "lastStatus": "STOPPED", "exitCode": 0}]
        return task


class Handler(BaseHTTPRequestHandler):
    """AWS JSON: the operation is in a header, parameters and result are JSON."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        try:
            status, answer = 200, self.server.jobs.answer(operation, body)
        except Refused as error:
            code, message = error.args
            status, answer = 400, {"__type": code, "message": message}
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Says nothing for each request."""


def serve(port):
    """A server that listens; its `jobs` know what was started."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.jobs = Jobs()
    return server


if __name__ == "__main__":
    serve(int(sys.argv[1])).serve_forever()
