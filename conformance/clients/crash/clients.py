"""Clients that outlive the server: a call is made again until it is answered, as a user's retry loop would."""

import threading
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, HTTPClientError

# What a client sees of a server that was killed, is not up yet, or cannot take more now.
GONE = (ConnectionClosedError, EndpointConnectionError, HTTPClientError, ConnectionError)
BUSY = {"ThrottlingException", "InternalError", "InternalFailure", "ServiceUnavailable"}
PAUSE_SECONDS = 0.05


class Unanswered(Exception):
    """Nobody wants an answer any more."""


class Clients:
    """boto3 with no retries of its own: each retry here is counted."""

    def __init__(self, url: str):
        session = boto3.Session(aws_access_key_id="123456789012", aws_secret_access_key="secret",
                                region_name="us-east-1")
        config = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=65,
                        max_pool_connections=100, inject_host_prefix=False)
        self.sfn = session.client("stepfunctions", endpoint_url=url, config=config)
        self.functions = session.client("lambda", endpoint_url=url, config=config)
        self.stopping = threading.Event()
        self.retries = 0

    def ask(self, call, **parameters):
        """The answer, and whether it came at the first attempt: what an earlier one did is not known."""
        attempts = 0
        while True:
            attempts += 1
            try:
                return call(**parameters), attempts == 1
            except ClientError as error:
                if error.response["Error"]["Code"] not in BUSY:
                    error.is_first = attempts == 1
                    raise
            except GONE:
                pass
            if self.stopping.is_set():
                raise Unanswered
            self.retries += 1
            time.sleep(PAUSE_SECONDS)
