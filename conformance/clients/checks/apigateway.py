"""API Gateway: REST and HTTP APIs, what they hold, and what they answer."""

import base64
import io
import json
import urllib.error
import urllib.request
import zipfile

from stage import ROLE, Stage, one_state, refused, until

PROXY = """
import base64, json
def handler(event, context):
    if event["path"].endswith("/fails"):
        raise Exception("broken")
    if event["path"].endswith("/odd"):
        return {"what": "ever"}
    if event["path"].endswith("/bytes"):
        body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else b""
        return {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "isBase64Encoded": True,
                "body": base64.b64encode(body[::-1]).decode()}
    return {"statusCode": 201, "headers": {"X-One": "1"}, "multiValueHeaders": {"X-Two": ["a", "b"]},
            "body": json.dumps(event)}
"""
ECHO = "def handler(event, context):\n    if 'error' in event: raise Exception(event['error'])\n    return event\n"
AUTHORIZER = """
def handler(event, context):
    token = event.get("authorizationToken") or event["headers"].get("x-token", "")
    if token == "unknown":
        raise Exception("Unauthorized")
    if token == "broken":
        raise Exception("other")
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow" if token == "good" else "Deny", "Resource": event["methodArn"]}
    return {"principalId": "me", "context": {"n": 1, "s": "x"},
            "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
"""


def _function(stage: Stage, code: str, what: str = "function") -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("handler.py", code)
    created = stage.client("lambda").create_function(
        FunctionName=stage.name(what), Runtime="python3.12", Handler="handler.handler", Role=ROLE,
        Code={"ZipFile": packed.getvalue()})
    return created["FunctionArn"]


def _uri(function: str) -> str:
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"


def _ask(stage: Stage, api: str, path: str, method: str = "GET", body: bytes | None = None, **headers):
    """Status, headers and body of a request to an API, by its host."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(stage.url + path, data=body, method=method,
                                     headers={"Host": f"{api}.execute-api.localhost", **headers})
    try:
        answer = urllib.request.urlopen(request, timeout=40)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, answer.read()


def _resource(client, api: str, *path: str) -> str:
    parent = next(it["id"] for it in client.get_resources(restApiId=api)["items"] if it["path"] == "/")
    for part in path:
        parent = client.create_resource(restApiId=api, parentId=parent, pathPart=part)["id"]
    return parent


def _method(client, api: str, resource: str, verb: str, integration: dict, responses=None, **options) -> None:
    client.put_method(restApiId=api, resourceId=resource, httpMethod=verb,
                      **{"authorizationType": "NONE", **options})
    client.put_integration(restApiId=api, resourceId=resource, httpMethod=verb, **integration)
    for status, response in (responses or {}).items():
        client.put_method_response(restApiId=api, resourceId=resource, httpMethod=verb, statusCode=status)
        client.put_integration_response(restApiId=api, resourceId=resource, httpMethod=verb, statusCode=status, **response)


def rest_apis(stage: Stage) -> None:
    client = stage.client("apigateway")
    api = client.create_rest_api(name="made", description="d", binaryMediaTypes=["image/png"])
    assert api["endpointConfiguration"]["types"] == ["EDGE"] and len(api["id"]) == 10, api
    assert client.get_rest_api(restApiId=api["id"])["name"] == "made"
    assert api["id"] in [it["id"] for page in client.get_paginator("get_rest_apis").paginate() for it in page["items"]]
    changed = client.update_rest_api(restApiId=api["id"], patchOperations=[
        {"op": "replace", "path": "/name", "value": "new"},
        {"op": "add", "path": "/binaryMediaTypes/image~1gif"},
        {"op": "replace", "path": "/minimumCompressionSize", "value": "100"}])
    assert (changed["name"], changed["binaryMediaTypes"], changed["minimumCompressionSize"]) == (
        "new", ["image/png", "image/gif"], 100), changed
    child = client.create_resource(restApiId=api["id"], parentId=api["rootResourceId"], pathPart="{a}")
    below = client.create_resource(restApiId=api["id"], parentId=child["id"], pathPart="b")
    assert below["path"] == "/{a}/b"
    refused("ConflictException", client.create_resource, "same parent already has this name",
            restApiId=api["id"], parentId=child["id"], pathPart="b")
    refused("BadRequestException", client.create_resource, "path part", restApiId=api["id"], parentId=child["id"], pathPart="a b")
    refused("NotFoundException", client.create_resource, "Invalid Resource", restApiId=api["id"], parentId="none", pathPart="x")
    moved = client.update_resource(restApiId=api["id"], resourceId=child["id"], patchOperations=[
        {"op": "replace", "path": "/pathPart", "value": "{c}"}])
    assert moved["path"] == "/{c}"
    paths = {it["path"] for it in client.get_resources(restApiId=api["id"])["items"]}
    assert paths == {"/", "/{c}", "/{c}/b"}, paths
    refused("BadRequestException", client.create_deployment, "doesn't contain any methods", restApiId=api["id"])
    client.put_method(restApiId=api["id"], resourceId=below["id"], httpMethod="GET", authorizationType="NONE")
    refused("BadRequestException", client.create_deployment, "No integration defined", restApiId=api["id"])
    refused("ConflictException", client.put_method, "already exists", restApiId=api["id"], resourceId=below["id"],
            httpMethod="GET", authorizationType="NONE")
    refused("NotFoundException", client.get_integration, "", restApiId=api["id"], resourceId=below["id"], httpMethod="GET")
    refused("BadRequestException", client.put_integration, "HttpMethod", restApiId=api["id"], resourceId=below["id"],
            httpMethod="GET", type="AWS", uri=_uri("arn:aws:lambda:us-east-1:000000000000:function:f"))
    refused("BadRequestException", client.put_integration, "Invalid ARN", restApiId=api["id"], resourceId=below["id"],
            httpMethod="GET", type="AWS", integrationHttpMethod="POST", uri="x")
    client.put_integration(restApiId=api["id"], resourceId=below["id"], httpMethod="GET", type="MOCK",
                           requestTemplates={"application/json": "{\"statusCode\": 200}"})
    method = client.get_method(restApiId=api["id"], resourceId=below["id"], httpMethod="GET")
    assert method["methodIntegration"]["type"] == "MOCK" and method["apiKeyRequired"] is False, method
    deployment = client.create_deployment(restApiId=api["id"], stageName="dev", variables={"k": "v"})["id"]
    stage_made = client.create_stage(restApiId=api["id"], stageName="prod", deploymentId=deployment)
    assert stage_made["deploymentId"] == deployment
    updated = client.update_stage(restApiId=api["id"], stageName="prod", patchOperations=[
        {"op": "replace", "path": "/variables/x", "value": "y"},
        {"op": "replace", "path": "/*/*/logging/loglevel", "value": "INFO"}])
    assert updated["variables"] == {"x": "y"} and updated["methodSettings"]["*/*"]["loggingLevel"] == "INFO", updated
    assert {it["stageName"] for it in client.get_stages(restApiId=api["id"])["item"]} == {"dev", "prod"}
    refused("BadRequestException", client.delete_deployment, "Active stages", restApiId=api["id"], deploymentId=deployment)
    client.create_model(restApiId=api["id"], name="M", contentType="application/json", schema="{}")
    assert {it["name"] for it in client.get_models(restApiId=api["id"])["items"]} == {"M", "Empty", "Error"}
    arn = f"arn:aws:apigateway:us-east-1::/restapis/{api['id']}"
    client.tag_resource(resourceArn=arn, tags={"a": "b"})
    assert client.get_tags(resourceArn=arn)["tags"] == {"a": "b"}
    client.delete_resource(restApiId=api["id"], resourceId=child["id"])
    assert len(client.get_resources(restApiId=api["id"])["items"]) == 1
    client.delete_rest_api(restApiId=api["id"])
    answer = refused("NotFoundException", client.get_rest_api, "Invalid API identifier specified", restApiId=api["id"])
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 404
    refused("NotFoundException", client.get_resources, "Invalid API identifier", restApiId=api["id"])


def proxied_functions(stage: Stage) -> None:
    client = stage.client("apigateway")
    api = client.create_rest_api(name="proxy", binaryMediaTypes=["image/png"],
                                 endpointConfiguration={"types": ["REGIONAL"]})["id"]
    resource = _resource(client, api, "v1", "{proxy+}")
    function = _function(stage, PROXY).rsplit(":", 1)[0] + ":${stageVariables.fn}"
    name = _function(stage, PROXY).rsplit(":", 1)[1]
    _method(client, api, resource, "ANY", {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": _uri(function)})
    client.create_deployment(restApiId=api, stageName="prod", variables={"fn": name})
    status, headers, body = _ask(stage, api, "/prod/v1/a%20b/c?x=1&x=2&y=z%26", "POST", b"hello", Content_Type="text/plain", Cookie="k=v")
    event = json.loads(body)
    assert status == 201 and headers["x-one"] == "1" and headers.get_all("x-two") == ["a", "b"], (status, headers)
    assert headers["content-type"] == "application/json" and headers["x-amzn-requestid"] == event["requestContext"]["requestId"]
    assert event["resource"] == "/v1/{proxy+}" and event["path"] == "/v1/a%20b/c", event
    assert event["pathParameters"] == {"proxy": "a b/c"} and event["body"] == "hello" and not event["isBase64Encoded"]
    assert event["queryStringParameters"] == {"x": "2", "y": "z&"}, event
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": ["z&"]}
    assert event["headers"]["Content-Type"] == "text/plain" and event["multiValueHeaders"]["Cookie"] == ["k=v"]
    context = event["requestContext"]
    assert (context["stage"], context["httpMethod"], context["resourcePath"], context["apiId"], context["path"]) == (
        "prod", "POST", "/v1/{proxy+}", api, "/prod/v1/a%20b/c"), context
    assert context["identity"]["sourceIp"] == "127.0.0.1" and context["accountId"] == stage.account
    assert event["stageVariables"] == {"fn": name}
    png = bytes(range(256))
    status, headers, body = _ask(stage, api, "/prod/v1/bytes", "PUT", png, Content_Type="image/png", Accept="image/png")
    assert (status, body) == (200, png[::-1])
    for path in ("/prod/v1/fails", "/prod/v1/odd"):
        status, headers, body = _ask(stage, api, path)
        assert (status, body) == (502, b'{"message": "Internal server error"}'), (status, body)
        assert headers["x-amzn-errortype"] == "InternalServerErrorException"
    for path, says in [("/prod/other", b'{"message":"Missing Authentication Token"}'), ("/none/v1/x", b'{"message":"Forbidden"}')]:
        status, headers, body = _ask(stage, api, path)
        assert (status, body) == (403, says), (path, status, body)
    for address in (f"/restapis/{api}/prod/_user_request_/v1/x", f"/_aws/execute-api/{api}/prod/v1/x"):
        with urllib.request.urlopen(stage.url + address) as answer:
            assert json.loads(answer.read())["path"] == "/v1/x"


def mapped_integrations(stage: Stage) -> None:
    client = stage.client("apigateway")
    api = client.create_rest_api(name="mapped")["id"]
    functions = _resource(client, api, "function")
    template = '{"name": $input.json(\'$.name\'), "q": "$input.params(\'q\')", "stage": "$context.stage"}'
    failing = '#set($e = $util.parseJson($input.json(\'$\')))#set($context.responseOverride.header.X-Seen = "yes"){"failed": "$input.path(\'$.errorMessage\')"}'
    _method(client, api, functions, "POST", {
        "type": "AWS", "integrationHttpMethod": "POST", "uri": _uri(_function(stage, ECHO)),
        "requestTemplates": {"application/json": template, "text/error": '{"error": "$input.body"}'}}, {
        "200": {}, "400": {"selectionPattern": "wrong.*", "responseTemplates": {"application/json": failing},
                           "responseParameters": {}}})
    mocked = _resource(client, api, "mock")
    client.put_method(restApiId=api, resourceId=mocked, httpMethod="OPTIONS", authorizationType="NONE")
    client.put_integration(restApiId=api, resourceId=mocked, httpMethod="OPTIONS", type="MOCK",
                           requestTemplates={"application/json": '{"statusCode": 204}'})
    client.put_method_response(restApiId=api, resourceId=mocked, httpMethod="OPTIONS", statusCode="204",
                               responseParameters={"method.response.header.Access-Control-Allow-Origin": True})
    client.put_integration_response(restApiId=api, resourceId=mocked, httpMethod="OPTIONS", statusCode="204",
                                    responseParameters={"method.response.header.Access-Control-Allow-Origin": "'*'"})
    queue = stage.client("sqs").create_queue(QueueName=stage.name("queue"))["QueueUrl"]
    queues = _resource(client, api, "queue")
    _method(client, api, queues, "POST", {
        "type": "AWS", "integrationHttpMethod": "POST",
        "uri": f"arn:aws:apigateway:us-east-1:sqs:path/{stage.account}/{queue.rsplit('/', 1)[1]}",
        "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
        "requestTemplates": {"application/json": "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"}}, {"200": {}})
    client.create_deployment(restApiId=api, stageName="s")
    json_type = {"Content_Type": "application/json"}
    status, headers, body = _ask(stage, api, "/s/function?q=1", "POST", b'{"name": {"a": [1]}}', **json_type)
    assert (status, json.loads(body)) == (200, {"name": {"a": [1]}, "q": "1", "stage": "s"}), (status, body)
    assert headers["x-cache"] == "Miss from cloudfront"
    status, headers, body = _ask(stage, api, "/s/function", "POST", b"wrong input", Content_Type="text/error")
    assert (status, json.loads(body), headers["x-seen"]) == (400, {"failed": "wrong input"}, "yes"), (status, body)
    status, headers, body = _ask(stage, api, "/s/mock", "OPTIONS")
    assert (status, headers["access-control-allow-origin"], body) == (204, "*", b""), (status, headers)
    status, _, body = _ask(stage, api, "/s/queue", "POST", b'{"a": "b&c"}', **json_type)
    assert status == 200 and b"SendMessageResponse" in body, (status, body)
    message = stage.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"][0]
    assert message["Body"] == '{"a": "b&c"}'


def started_executions(stage: Stage) -> None:
    """`StartExecution` and `StartSyncExecution` behind REST APIs, and an API behind a Task."""
    client = stage.client("apigateway")
    machine = stage.machine(one_state({"Type": "Pass", "Parameters": {"got.$": "$.v"}}))
    express = stage.machine(one_state({"Type": "Pass", "Parameters": {"got.$": "$.v"}}), type="EXPRESS")
    api = client.create_rest_api(name="started")["id"]
    for part, operation, arn in [("start", "StartExecution", machine), ("sync", "StartSyncExecution", express)]:
        template = '{"stateMachineArn": "%s", "input": "$util.escapeJavaScript($input.json(\'$\')).replaceAll("\\\\\'", "\'")"}' % arn
        _method(client, api, _resource(client, api, part), "POST", {
            "type": "AWS", "integrationHttpMethod": "POST", "credentials": ROLE,
            "uri": f"arn:aws:apigateway:us-east-1:states:action/{operation}",
            "requestTemplates": {"application/json": template}},
            {"200": {"responseTemplates": {"application/json": "#set($o = $util.parseJson($input.path('$.output')))$!o.got"
                                           if part == "sync" else ""}},
             "400": {"selectionPattern": "4\\d{2}"}})
    client.create_deployment(restApiId=api, stageName="s")
    status, _, body = _ask(stage, api, "/s/start", "POST", b'{"v": "it\'s \\"7\\""}', Content_Type="application/json")
    assert status == 200, (status, body)
    execution = json.loads(body)["executionArn"]
    assert status == 200 and stage.ended(execution)["output"] == json.dumps({"got": "it's \"7\""}).replace(": ", ":"), body
    status, _, body = _ask(stage, api, "/s/sync", "POST", b'{"v": "now"}', Content_Type="application/json")
    assert (status, body) == (200, b"now"), (status, body)
    task = one_state({"Type": "Task", "Resource": "arn:aws:states:::apigateway:invoke", "Parameters": {
        "ApiEndpoint": f"{api}.execute-api.us-east-1.amazonaws.com", "Method": "POST", "Stage": "s", "Path": "/sync",
        "RequestBody": {"v": "task"}}})
    output = json.loads(stage.run(stage.machine(task))["output"])
    assert output["ResponseBody"] == "task" and output["StatusCode"] == 200, output


def guards(stage: Stage) -> None:
    """Authorizers, API keys, request validators, and answers of users' own."""
    client = stage.client("apigateway")
    api = client.create_rest_api(name="guarded")["id"]
    echo = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": _uri(_function(stage, PROXY))}
    authorizer = client.create_authorizer(
        restApiId=api, name="a", type="TOKEN", authorizerUri=_uri(_function(stage, AUTHORIZER)),
        identitySource="method.request.header.Authorization", identityValidationExpression="[a-z]+")["id"]
    _method(client, api, _resource(client, api, "token"), "GET", echo, authorizationType="CUSTOM", authorizerId=authorizer)
    _method(client, api, _resource(client, api, "key"), "GET", echo, apiKeyRequired=True)
    _method(client, api, _resource(client, api, "iam"), "GET", echo, authorizationType="AWS_IAM")
    client.create_model(restApiId=api, name="Order", contentType="application/json", schema=json.dumps(
        {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}))
    validator = client.create_request_validator(
        restApiId=api, name="v", validateRequestBody=True, validateRequestParameters=True)["id"]
    _method(client, api, _resource(client, api, "checked"), "POST", echo, requestValidatorId=validator,
            requestModels={"application/json": "Order"}, requestParameters={"method.request.querystring.q": True})
    client.put_gateway_response(
        restApiId=api, responseType="BAD_REQUEST_BODY", statusCode="422",
        responseParameters={"gatewayresponse.header.X-Why": "'body'"},
        responseTemplates={"application/json": '{"problem": $context.error.messageString, "kind": "$context.error.responseType"}'})
    client.create_deployment(restApiId=api, stageName="s")
    for token, status, says in [
        (None, 401, b'{"message":"Unauthorized"}'), ("UPPER", 401, b'{"message":"Unauthorized"}'),
        ("unknown", 401, b'{"message":"Unauthorized"}'), ("broken", 500, b'{"message":null}'),
        ("bad", 403, b'{"Message":"User is not authorized to access this resource with an explicit deny"}'),
    ]:
        found = _ask(stage, api, "/s/token", **({"Authorization": token} if token else {}))
        assert (found[0], found[2]) == (status, says), (token, found[0], found[2])
    status, _, body = _ask(stage, api, "/s/token", Authorization="good")
    assert status == 201 and json.loads(body)["requestContext"]["authorizer"] == {"principalId": "me", "n": "1", "s": "x"}, body
    key = client.create_api_key(name=stage.name("key"), enabled=True)
    plan = client.create_usage_plan(name="p", apiStages=[{"apiId": api, "stage": "s"}])["id"]
    value = client.get_api_key(apiKey=key["id"], includeValue=True)["value"]
    assert "value" not in client.get_api_key(apiKey=key["id"])
    assert _ask(stage, api, "/s/key", X_Api_Key=value)[0] == 403
    client.create_usage_plan_key(usagePlanId=plan, keyId=key["id"], keyType="API_KEY")
    assert _ask(stage, api, "/s/key", X_Api_Key=value)[0] == 201
    assert _ask(stage, api, "/s/key")[2] == b'{"message":"Forbidden"}'
    assert _ask(stage, api, "/s/iam")[2] == b'{"message":"Missing Authentication Token"}'
    post = lambda path, body: _ask(stage, api, path, "POST", body, Content_Type="application/json")
    status, _, body = post("/s/checked", b'{"id": 1}')
    assert (status, body) == (400, b'{"message": "Missing required request parameters: [q]"}'), (status, body)
    status, headers, body = post("/s/checked?q=1", b'{"id": "x"}')
    assert (status, headers["x-why"], json.loads(body)) == (
        422, "body", {"problem": "Invalid request body", "kind": "BAD_REQUEST_BODY"}), (status, body)
    assert post("/s/checked?q=1", b'{"id": 1}')[0] == 201


def tested_methods(stage: Stage) -> None:
    client = stage.client("apigateway")
    api = client.create_rest_api(name="tested")["id"]
    resource = _resource(client, api, "{id}")
    _method(client, api, resource, "GET", {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 200}'}},
            {"200": {"responseTemplates": {"application/json": '{"id": "$input.params(\'id\')"}'}}})
    answer = client.test_invoke_method(restApiId=api, resourceId=resource, httpMethod="GET", pathWithQueryString="/7?x=y")
    assert (answer["status"], answer["body"]) == (200, '{"id": "7"}'), answer


def _http_api(stage: Stage, **options) -> str:
    return stage.client("apigatewayv2").create_api(Name=stage.name("http"), ProtocolType="HTTP", **options)["ApiId"]


def _route(client, api: str, key: str, integration: dict, **options) -> None:
    made = client.create_integration(ApiId=api, **integration)["IntegrationId"]
    client.create_route(ApiId=api, RouteKey=key, Target=f"integrations/{made}", **options)


def http_apis(stage: Stage) -> None:
    client, api = stage.client("apigatewayv2"), _http_api(stage, Description="d")
    assert client.get_api(ApiId=api)["ProtocolType"] == "HTTP"
    assert api in [it["ApiId"] for it in client.get_apis(MaxResults="500")["Items"]]
    assert client.update_api(ApiId=api, Name="new")["Name"] == "new"
    integration = client.create_integration(ApiId=api, IntegrationType="HTTP_PROXY", IntegrationMethod="ANY",
                                            IntegrationUri=stage.url + "/health", PayloadFormatVersion="1.0")["IntegrationId"]
    target = f"integrations/{integration}"
    route = client.create_route(ApiId=api, RouteKey="GET /x", Target=target)
    refused("ConflictException", client.create_route, "already exists", ApiId=api, RouteKey="GET /x", Target=target)
    refused("BadRequestException", client.create_route, "route key", ApiId=api, RouteKey="x", Target=target)
    refused("BadRequestException", client.create_route, "integration", ApiId=api, RouteKey="GET /y", Target="integrations/none")
    refused("ConflictException", client.delete_integration, "referenced", ApiId=api, IntegrationId=integration)
    client.update_route(ApiId=api, RouteId=route["RouteId"], RouteKey="GET /z")
    client.create_stage(ApiId=api, StageName="s", StageVariables={"a": "b"})
    assert _ask(stage, api, "/s/z")[0] == 404, "a stage without a deployment shows nothing"
    deployment = client.create_deployment(ApiId=api, StageName="s")["DeploymentId"]
    client.update_route(ApiId=api, RouteId=route["RouteId"], RouteKey="GET /later")
    assert _ask(stage, api, "/s/z")[0] == 200 and _ask(stage, api, "/s/later")[2] == b'{"message":"Not Found"}'
    refused("BadRequestException", client.delete_deployment, "Active", ApiId=api, DeploymentId=deployment)
    client.update_stage(ApiId=api, StageName="s", AutoDeploy=True)
    assert _ask(stage, api, "/s/later")[0] == 200
    assert _ask(stage, api, "/none/later")[0] == 404
    client.delete_api(ApiId=api)
    refused("NotFoundException", client.get_api, "Invalid API identifier", ApiId=api)


HTTP_PROXY = """
import json
def handler(event, context):
    if event.get("rawPath", "").endswith("/fails"):
        raise Exception("broken")
    if event.get("rawPath", "").endswith("/plain"):
        return {"only": "a body"}
    return {"statusCode": 201, "headers": {"content-type": "application/json"}, "cookies": ["k=v"], "body": json.dumps(event)}
"""
SIMPLE = "def handler(event, context): return {'isAuthorized': event['headers'].get('x-token') == 'good', 'context': {'who': 'me'}}\n"


def http_functions(stage: Stage) -> None:
    client = stage.client("apigatewayv2")
    api = _http_api(stage, CorsConfiguration={"AllowOrigins": ["http://page"], "AllowMethods": ["GET"], "MaxAge": 5})
    function = _function(stage, HTTP_PROXY)
    two = {"IntegrationType": "AWS_PROXY", "IntegrationUri": function, "PayloadFormatVersion": "2.0"}
    one = {**two, "PayloadFormatVersion": "1.0"}
    authorizer = client.create_authorizer(
        ApiId=api, Name="a", AuthorizerType="REQUEST", AuthorizerUri=_uri(_function(stage, SIMPLE)),
        AuthorizerPayloadFormatVersion="2.0", EnableSimpleResponses=True, IdentitySource=["$request.header.X-Token"])["AuthorizerId"]
    jwt = client.create_authorizer(
        ApiId=api, Name="j", AuthorizerType="JWT", IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": "https://issuer", "Audience": ["app"]})["AuthorizerId"]
    _route(client, api, "GET /v2/{id}/{rest+}", two)
    _route(client, api, "ANY /v1/{id}", one)
    _route(client, api, "GET /guarded", two, AuthorizationType="CUSTOM", AuthorizerId=authorizer)
    _route(client, api, "GET /token", two, AuthorizationType="JWT", AuthorizerId=jwt, AuthorizationScopes=["read"])
    client.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    status, headers, body = _ask(stage, api, "/v2/7/a%20b/c?x=1&x=2&y", Cookie="a=b; c=d", X_Odd="o", Origin="http://page")
    event = json.loads(body)
    assert status == 201 and headers["set-cookie"] == "k=v" and headers["access-control-allow-origin"] == "http://page"
    assert (event["version"], event["routeKey"], event["rawPath"]) == ("2.0", "GET /v2/{id}/{rest+}", "/v2/7/a b/c"), event
    assert event["rawQueryString"] == "x=1&x=2&y" and event["queryStringParameters"] == {"x": "1,2", "y": ""}
    assert event["cookies"] == ["a=b", "c=d"] and event["headers"]["x-odd"] == "o" and "body" not in event
    assert event["pathParameters"] == {"id": "7", "rest": "a b/c"}, event
    assert event["requestContext"]["http"]["method"] == "GET" and event["requestContext"]["stage"] == "$default"
    status, _, body = _ask(stage, api, "/v1/9", "POST", b"\x00\xff", Content_Type="application/octet-stream")
    event = json.loads(body)
    assert (event["version"], event["body"], event["isBase64Encoded"], event["httpMethod"]) == ("1.0", "AP8=", True, "POST")
    assert event["resource"] == "/v1/{id}" and event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
    status, headers, body = _ask(stage, api, "/v2/1/plain")
    assert (status, json.loads(body), headers["content-type"]) == (200, {"only": "a body"}, "application/json")
    assert _ask(stage, api, "/v2/1/fails")[::2] == (500, b'{"message":"Internal Server Error"}')
    assert _ask(stage, api, "/none")[::2] == (404, b'{"message":"Not Found"}')
    status, headers, _ = _ask(stage, api, "/v2/1/x", "OPTIONS", Origin="http://page", Access_Control_Request_Method="GET")
    assert (status, headers["access-control-allow-methods"], headers["access-control-max-age"]) == (204, "GET", "5")
    assert _ask(stage, api, "/guarded")[::2] == (401, b'{"message":"Unauthorized"}')
    assert _ask(stage, api, "/guarded", X_Token="bad")[::2] == (403, b'{"message":"Forbidden"}')
    status, _, body = _ask(stage, api, "/guarded", X_Token="good")
    assert status == 201 and json.loads(body)["requestContext"]["authorizer"] == {"lambda": {"who": "me"}}, body

    def token(**claims) -> str:
        encoded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return f"Bearer e30.{encoded}.c2ln"

    for claims, status in [({}, 401), ({"iss": "https://issuer", "aud": "other"}, 401), ({"iss": "https://issuer", "aud": "app", "exp": 1}, 401),
                           ({"iss": "https://issuer", "aud": "app"}, 403), ({"iss": "https://issuer", "aud": ["app"], "scope": "read x"}, 201)]:
        assert _ask(stage, api, "/token", Authorization=token(**claims))[0] == status, claims
    quick = client.create_api(Name="quick", ProtocolType="HTTP", Target=function)["ApiId"]
    assert _ask(stage, quick, "/any/thing")[0] == 201


def http_services(stage: Stage) -> None:
    """Step Functions, queues and buses behind routes, by the names of operations."""
    client, api = stage.client("apigatewayv2"), _http_api(stage)
    machine = stage.machine(one_state({"Type": "Pass", "Parameters": {"got.$": "$.v"}}))
    express = stage.machine(one_state({"Type": "Pass", "Parameters": {"got.$": "$.v"}}), type="EXPRESS")
    queue = stage.client("sqs").create_queue(QueueName=stage.name("queue"))["QueueUrl"]
    service = lambda subtype, parameters: {
        "IntegrationType": "AWS_PROXY", "IntegrationSubtype": subtype, "CredentialsArn": ROLE, "PayloadFormatVersion": "1.0",
        "RequestParameters": parameters}
    start = {"StateMachineArn": machine, "Input": "$request.body"}
    _route(client, api, "POST /start", service("StepFunctions-StartExecution", {**start, "Name": "$request.querystring.name"}))
    _route(client, api, "POST /sync", service("StepFunctions-StartSyncExecution", {**start, "StateMachineArn": express}))
    _route(client, api, "POST /send/{who}", service("SQS-SendMessage", {
        "QueueUrl": queue, "MessageBody": "${request.path.who} says $request.body.v and ${request.body.v}"}))
    _route(client, api, "POST /put", service("EventBridge-PutEvents", {
        "Detail": "$request.body", "DetailType": "d", "Source": "$request.header.x-source"}))
    client.create_stage(ApiId=api, StageName="s", AutoDeploy=True)
    name = stage.name("execution")
    post = lambda path, **headers: _ask(stage, api, path, "POST", b'{"v": 7}', Content_Type="application/json", **headers)
    status, _, body = post(f"/s/start?name={name}")
    assert status == 200 and stage.ended(json.loads(body)["executionArn"])["output"] == '{"got":7}', (status, body)
    assert json.loads(body)["executionArn"].endswith(name)
    status, _, body = post("/s/sync")
    assert status == 200 and json.loads(body)["output"] == '{"got":7}', (status, body)
    status, headers, body = post("/s/send/ann")
    assert status == 200 and b"SendMessageResult" in body, (status, body)
    message = stage.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"][0]
    assert message["Body"] == "ann says $request.body.v and 7", message
    status, _, body = post("/s/put", X_Source="me")
    assert status == 200 and json.loads(body)["FailedEntryCount"] == 0, (status, body)


def imported_documents(stage: Stage) -> None:
    """OpenAPI as SAM writes it, for both kinds of APIs."""
    function = _function(stage, PROXY)
    integration = {"httpMethod": "POST", "type": "aws_proxy", "uri": _uri(function)}
    mock = {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "responses": {"default": {"statusCode": "200", "responseParameters": {"method.response.header.X-M": "'m'"}}}}
    document = {
        "swagger": "2.0", "info": {"title": "sam", "version": "1.0"},
        "paths": {"/orders/{id}": {"get": {"x-amazon-apigateway-integration": integration, "security": [{"key": []}]},
                                   "options": {"x-amazon-apigateway-integration": mock, "responses": {"200": {}}}},
                  "/{proxy+}": {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": integration}}},
        "securityDefinitions": {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}}
    rest = stage.client("apigateway")
    api = rest.import_rest_api(body=json.dumps(document).encode())["id"]
    assert {it["path"] for it in rest.get_resources(restApiId=api)["items"]} == {"/", "/orders", "/orders/{id}", "/{proxy+}"}
    rest.create_deployment(restApiId=api, stageName="Prod")
    assert _ask(stage, api, "/Prod/orders/1")[0] == 403
    status, headers, _ = _ask(stage, api, "/Prod/orders/1", "OPTIONS")
    assert (status, headers["x-m"]) == (200, "m")
    status, _, body = _ask(stage, api, "/Prod/other/x", "DELETE")
    assert status == 201 and json.loads(body)["resource"] == "/{proxy+}"
    del document["paths"]["/{proxy+}"]
    rest.put_rest_api(restApiId=api, mode="overwrite", body=json.dumps(document).encode())
    assert len(rest.get_resources(restApiId=api)["items"]) == 3
    refused("BadRequestException", rest.import_rest_api, body=b"no document")
    http_document = {
        "openapi": "3.0.1", "info": {"title": "sam", "version": "1.0"},
        "paths": {"/orders/{id}": {"get": {"x-amazon-apigateway-integration": {**integration, "payloadFormatVersion": "2.0"}}},
                  "/$default": {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": {**integration, "payloadFormatVersion": "1.0"}}}},
        "x-amazon-apigateway-cors": {"allowOrigins": ["*"]}}
    http = stage.client("apigatewayv2")
    api = http.import_api(Body=json.dumps(http_document))["ApiId"]
    http.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    assert {it["RouteKey"] for it in http.get_routes(ApiId=api)["Items"]} == {"GET /orders/{id}", "$default"}
    status, headers, _ = _ask(stage, api, "/other", Origin="http://x")
    assert (status, headers["access-control-allow-origin"]) == (201, "*")
