"""Lambda's function URLs: their settings, and requests by host and by path, with payloads of format 2.0."""

import base64
import http.client
import io
import json
import re
import zipfile
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from stage import ROLE, Stage, refused

HANDLER = """
import base64

def handler(event, context):
    path = event["rawPath"]
    if path == "/fail":
        raise ValueError("asked to fail")
    if path == "/plain":
        return "hello"
    if path == "/wrong":
        return {"statusCode": "many"}
    if path == "/image":
        return {"statusCode": 201, "headers": {"Content-Type": "image/png", "X-Own": "1"}, "cookies": ["a=1", "b=2; Path=/"],
                "body": base64.b64encode(bytes(range(256))).decode(), "isBase64Encoded": True}
    return event
"""


def settings(stage: Stage) -> None:
    client, name = stage.client("lambda"), _function(stage)
    made = client.create_function_url_config(FunctionName=name, AuthType="NONE", Cors={"AllowOrigins": ["*"]})
    assert (made["ResponseMetadata"]["HTTPStatusCode"], made["AuthType"]) == (201, "NONE"), made
    assert re.fullmatch(r"http://[0-9a-z]{32}\.lambda-url\.us-east-1\.localhost:\d+/", made["FunctionUrl"]), made
    refused("ResourceConflictException", client.create_function_url_config, FunctionName=name, AuthType="NONE")
    shown = client.get_function_url_config(FunctionName=name)
    assert (shown["FunctionUrl"], shown["Cors"]) == (made["FunctionUrl"], {"AllowOrigins": ["*"]})
    client.update_function_url_config(FunctionName=name, AuthType="AWS_IAM", Cors={})
    shown = client.get_function_url_config(FunctionName=name)
    assert shown["AuthType"] == "AWS_IAM" and "Cors" not in shown, shown
    version = client.publish_version(FunctionName=name)["Version"]
    refused("ValidationException", client.create_function_url_config, FunctionName=name, Qualifier=version, AuthType="NONE")
    client.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
    alias = client.create_function_url_config(FunctionName=name, Qualifier="live", AuthType="NONE")
    assert alias["FunctionArn"].endswith(f":{name}:live") and alias["FunctionUrl"] != made["FunctionUrl"]
    pages = client.get_paginator("list_function_url_configs").paginate(FunctionName=name, PaginationConfig={"PageSize": 1})
    assert len([it for page in pages for it in page["FunctionUrlConfigs"]]) == 2
    client.delete_function_url_config(FunctionName=name)
    refused("ResourceNotFoundException", client.get_function_url_config, FunctionName=name)
    assert _ask(stage, made["FunctionUrl"], "/")[0] == 404
    client.delete_function(FunctionName=name)
    assert _ask(stage, alias["FunctionUrl"], "/")[0] == 404


def requests(stage: Stage) -> None:
    client, name = stage.client("lambda"), _function(stage)
    url = client.create_function_url_config(FunctionName=name, AuthType="NONE")["FunctionUrl"]
    status, headers, body = _ask(stage, url, "/a/b%20c?x=1&y=%20z&x=2", "PUT", b'{"n": 1}', {
        "Content-Type": "application/json", "X-Two": "1, 2", "Cookie": "c=1; d=2", "User-Agent": "checks"})
    event = json.loads(body)
    assert (status, headers["content-type"]) == (200, "application/json")
    assert (event["version"], event["rawPath"], event["rawQueryString"]) == ("2.0", "/a/b%20c", "x=1&y=%20z&x=2"), event
    assert event["queryStringParameters"] == {"x": "1,2", "y": " z"} and event["cookies"] == ["c=1", "d=2"], event
    assert (event["body"], event["isBase64Encoded"], event["headers"]["x-two"]) == ('{"n": 1}', False, "1, 2"), event
    context = event["requestContext"]
    identity = urlsplit(url).hostname.split(".")[0]
    assert (context["accountId"], context["apiId"], context["domainPrefix"]) == ("anonymous", identity, identity), context
    assert context["http"] == {"method": "PUT", "path": "/a/b%20c", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1",
                               "userAgent": "checks"}, context
    # The same by a path of the server itself.
    status, _, body = _ask(stage, stage.url, f"/_lambda-url/{identity}/p", "POST", b"\xff\x00", {"Content-Type": "x/y"})
    event = json.loads(body)
    assert (status, event["rawPath"], event["isBase64Encoded"]) == (200, "/p", True), event
    assert base64.b64decode(event["body"]) == b"\xff\x00" and "queryStringParameters" not in event
    status, headers, body = _ask(stage, url, "/image")
    assert (status, headers["content-type"], headers["x-own"], body) == (201, "image/png", "1", bytes(range(256)))
    assert headers.get_all("set-cookie") == ["a=1", "b=2; Path=/"]
    assert _ask(stage, url, "/plain")[::2] == (200, b'"hello"')
    for path in ("/fail", "/wrong"):
        assert _ask(stage, url, path)[::2] == (502, b"Internal Server Error"), path
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    assert _ask(stage, url, "/plain")[0] == 429


def who_may(stage: Stage) -> None:
    client, name = stage.client("lambda"), _function(stage)
    url = client.create_function_url_config(FunctionName=name, AuthType="AWS_IAM")["FunctionUrl"]
    status, _, body = _ask(stage, url, "/")
    assert status == 403 and json.loads(body)["Message"].startswith("Forbidden."), body
    request = AWSRequest("GET", url, headers={"Host": urlsplit(url).netloc})
    SigV4Auth(Credentials(stage.account, "secret"), "lambda", stage.region).add_auth(request)
    status, _, body = _ask(stage, url, "/", headers=dict(request.headers))
    event = json.loads(body)
    assert status == 200 and event["requestContext"]["authorizer"]["iam"]["accessKey"] == stage.account, event
    origin = {"Origin": "https://a.example"}
    client.update_function_url_config(FunctionName=name, AuthType="NONE", Cors={
        "AllowOrigins": ["https://a.example"], "AllowMethods": ["PUT"], "AllowHeaders": ["x-a"], "MaxAge": 5})
    status, headers, body = _ask(stage, url, "/", "OPTIONS", headers={**origin, "Access-Control-Request-Method": "PUT"})
    assert (status, body, headers["access-control-allow-methods"]) == (200, b"", "PUT"), (status, body)
    assert headers["access-control-max-age"] == "5" and headers["access-control-allow-headers"] == "x-a"
    _, headers, _ = _ask(stage, url, "/", headers=origin)
    assert headers["access-control-allow-origin"] == "https://a.example"
    _, headers, _ = _ask(stage, url, "/", headers={"Origin": "https://b.example"})
    assert "access-control-allow-origin" not in headers


def _function(stage: Stage) -> str:
    name, packed = stage.name("function"), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", HANDLER)
    stage.client("lambda").create_function(FunctionName=name, Runtime="python3.12", Role=ROLE, Timeout=20,
                                           Handler="index.handler", Code={"ZipFile": packed.getvalue()})
    return name


def _ask(stage: Stage, url: str, path: str, method: str = "GET", body: bytes | None = None, headers: dict | None = None):
    """Asks for the host of a URL at the server: names below `localhost` have no address everywhere."""
    port = urlsplit(stage.url).port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, {"Host": urlsplit(url).netloc, **(headers or {})})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()
