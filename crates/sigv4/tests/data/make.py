"""Writes botocore.json: requests as botocore signs them. Needs botocore, no network.

    python3 make.py > botocore.json
"""

import datetime
import json
from urllib.parse import urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

AT = datetime.datetime(2026, 2, 28, 23, 59, 58, tzinfo=datetime.timezone.utc)
botocore.auth.get_current_datetime = lambda *_: AT.replace(tzinfo=None)

KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", None)
SESSION = ("ASIAEXAMPLE", "secret with spaces/and+signs=" * 4, "IQoJb3JpZ2luX2Vj//////////wEaCXVzLWVhc3QtMSJHMEUCIQ==")
JSON = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AWSStepFunctions.StartExecution"}
FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
URL = "http://localhost:4566"
BUCKET = "http://bucket.s3.us-west-2.amazonaws.com"

# name, method, url, headers, body, service, region, key, how
CASES = [
    ("json", "POST", URL + "/", JSON, '{"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m","input":"{\\"é\\":1}"}', "states", "us-east-1", KEY, "header"),
    ("empty body", "POST", URL + "/", JSON, "", "states", "us-east-1", KEY, "header"),
    ("session token", "POST", URL, JSON, "{}", "states", "eu-central-1", SESSION, "header"),
    ("form", "POST", URL + "/", FORM, "Action=GetCallerIdentity&Version=2011-06-15", "sts", "us-east-1", KEY, "header"),
    ("arn in path", "POST", URL + "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af/invocations", {}, "[1]", "lambda", "us-east-1", KEY, "header"),
    ("bare colons in path", "GET", URL + "/2017-03-31/tags/arn:aws:lambda:us-east-1:000000000000:function:f", {}, "", "lambda", "us-east-1", KEY, "header"),
    ("dots and slashes", "GET", URL + "/a/./b/..//c//", {}, "", "service", "us-east-1", KEY, "header"),
    ("odd characters in path", "GET", URL + "/a%20b/(c)!*'$@,;=&~._-%25", {}, "", "service", "us-east-1", KEY, "header"),
    ("query", "GET", URL + "/p?b=2&a=1&a=0&c&d=%2F%20x~&B=", {}, "", "lambda", "us-east-1", KEY, "header"),
    ("spaces in headers", "GET", URL + "/", {"X-Amz-Meta": "  a   b  ", "My-Header": "\tc\t d "}, "", "service", "us-east-1", KEY, "header"),
    ("s3 get", "GET", BUCKET + "/a//b/../c%20d%2B%28e%29~", {}, "", "s3", "us-west-2", KEY, "s3"),
    ("s3 list", "GET", BUCKET + "/?list-type=2&prefix=a%2Fb&delimiter=%2F", {}, "", "s3", "us-west-2", SESSION, "s3"),
    ("s3 put", "PUT", BUCKET + "/key", {"Content-Type": "text/plain", "x-amz-meta-name": "v"}, "the body", "s3", "us-west-2", KEY, "s3"),
    ("s3 put with trailer", "PUT", BUCKET + "/key", {}, "the body", "s3", "us-west-2", KEY, "s3 declared"),
    ("presigned", "GET", URL + "/?Action=GetCallerIdentity&Version=2011-06-15", {}, "", "sts", "us-east-1", KEY, "query"),
    ("presigned with token", "GET", URL + "/?Action=GetCallerIdentity&Version=2011-06-15", {}, "", "sts", "us-east-1", SESSION, "query"),
    ("s3 presigned", "GET", BUCKET + "/a%20b/c?versionId=x", {}, "", "s3", "us-west-2", KEY, "s3 query"),
    ("s3 presigned put", "PUT", BUCKET + "/k", {"x-amz-acl": "private", "content-type": "a/b"}, "", "s3", "us-west-2", SESSION, "s3 query"),
]


def signed(name, method, url, headers, body, service, region, key, how):
    credentials = Credentials(*key)
    signer = {
        "header": botocore.auth.SigV4Auth,
        "s3": botocore.auth.S3SigV4Auth,
        "s3 declared": botocore.auth.S3SigV4Auth,
        "query": botocore.auth.SigV4QueryAuth,
        "s3 query": botocore.auth.S3SigV4QueryAuth,
    }[how]
    request = AWSRequest(method=method, url=url, headers=headers, data=body.encode())
    if how == "s3 declared":
        request.context["checksum"] = {"request_algorithm": {"in": "trailer"}}
    extra = (900,) if how.endswith("query") else ()
    signer(credentials, service, region, *extra).add_auth(request)
    parts, before = urlsplit(request.url), urlsplit(url)
    before_headers = {**headers, "Host": parts.netloc}
    answer = {"query": parts.query} if how.endswith("query") else {
        "headers": {name: value for name, value in request.headers.items() if name not in before_headers}
    }
    return {
        "name": name, "method": method, "path": before.path, "query": before.query,
        "headers": before_headers, "body": body, "service": service, "region": region,
        "key": key, "how": how, "millis": int(AT.timestamp() * 1000), "signed": answer,
    }


print(json.dumps([signed(*case) for case in CASES], indent=1))
