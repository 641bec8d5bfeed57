"""Runs one Lambda function written in Python against the Lambda Runtime API.

One process serves one invocation at a time. The behaviour that functions and callers can see (event and
result encoding, error documents, log lines, context object) is that of AWS's own runtime.
"""

import decimal
import importlib
import json
import logging
import os
import re
import socket
import sys
import sysconfig
import time
import traceback

API_VERSION = "2018-06-01"
TASK_ROOT = os.environ["LAMBDA_TASK_ROOT"]
OWN_FILE = os.path.abspath(__file__)
# Runtimes whose JSON keeps letters outside ASCII as they are.
UNICODE_RUNTIMES = {"AWS_Lambda_python3.12", "AWS_Lambda_python3.13", "AWS_Lambda_python3.14"}
ENSURE_ASCII = os.environ.get("AWS_EXECUTION_ENV") not in UNICODE_RUNTIMES

current_request_id = ""


class Fault(Exception):
    """An error that the runtime itself reports, with an errorType of the Runtime family."""

    def __init__(self, error_type, message, trace=None):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = trace or []


class RuntimeApi:
    """A one-connection HTTP/1.1 client: a plain socket answers several times faster than http.client."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self._socket = socket.create_connection((host, int(port)))
        self._socket.settimeout(None)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._host = address
        self._buffer = b""

    def next(self):
        status, headers, body = self._call("GET", "/runtime/invocation/next")
        if status != 200:
            os._exit(1)
        return headers, body

    def respond(self, request_id, body, content_type):
        path = "/runtime/invocation/%s/response" % request_id
        return self._call("POST", path, body, "Content-Type: %s\r\n" % content_type)[0]

    def fail(self, request_id, document):
        path = "/runtime/invocation/%s/error" % request_id
        self._post_error(path, document)

    def fail_init(self, document):
        self._post_error("/runtime/init/error", document)

    def _post_error(self, path, document):
        kind = document["errorType"].encode("ascii", "replace").decode("ascii")
        kind = "".join(c for c in kind if c.isprintable())
        headers = "Content-Type: application/json\r\nLambda-Runtime-Function-Error-Type: %s\r\n" % kind
        self._call("POST", path, encode_utf8(document), headers)

    def _call(self, method, path, body=b"", headers=""):
        head = "%s /%s%s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n" % (
            method,
            API_VERSION,
            path,
            self._host,
            headers,
            len(body),
        )
        try:
            self._socket.sendall(head.encode("latin-1") + body)
            return self._read()
        except OSError:
            # The server is gone, and with it the reason to live. Threads must not keep the process alive.
            os._exit(1)

    def _read(self):
        while True:
            end = self._buffer.find(b"\r\n\r\n")
            if end >= 0:
                break
            self._receive()
        lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        start = end + 4
        total = start + int(headers.get("content-length", "0"))
        parts, have = [self._buffer], len(self._buffer)
        while have < total:
            part = self._socket.recv(min(1 << 20, total - have))
            if not part:
                os._exit(1)
            parts.append(part)
            have += len(part)
        whole = b"".join(parts)
        self._buffer = whole[total:]
        return int(lines[0].split(" ")[1]), headers, whole[start:total]

    def _receive(self):
        part = self._socket.recv(65536)
        if not part:
            os._exit(1)
        self._buffer += part


class Bag:
    """Named attributes that are None until set, as in AWS's context object."""

    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    def __repr__(self):
        inner = ",".join("%s=%s" % pair for pair in self.__dict__.items())
        return "%s([%s])" % (type(self).__name__, inner)


class CognitoIdentity(Bag):
    pass


class Client(Bag):
    pass


class ClientContext(Bag):
    pass


class LambdaContext(Bag):
    """What a handler gets as its second argument."""

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))


CLIENT_FIELDS = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


def context_of(headers):
    client_context = None
    if headers.get("lambda-runtime-client-context"):
        given = parse_header(headers["lambda-runtime-client-context"], "Client Context")
        client = given.get("client")
        if client is not None:
            client = Client(**{field: client.get(field) for field in CLIENT_FIELDS})
        client_context = ClientContext(custom=given.get("custom"), env=given.get("env"), client=client)
    identity = {}
    if headers.get("lambda-runtime-cognito-identity"):
        identity = parse_header(headers["lambda-runtime-cognito-identity"], "Cognito Identity")
    return LambdaContext(
        aws_request_id=headers["lambda-runtime-aws-request-id"],
        log_group_name=os.environ.get("AWS_LAMBDA_LOG_GROUP_NAME"),
        log_stream_name=os.environ.get("AWS_LAMBDA_LOG_STREAM_NAME"),
        function_name=os.environ.get("AWS_LAMBDA_FUNCTION_NAME"),
        memory_limit_in_mb=os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
        function_version=os.environ.get("AWS_LAMBDA_FUNCTION_VERSION"),
        invoked_function_arn=headers.get("lambda-runtime-invoked-function-arn"),
        tenant_id=None,
        client_context=client_context,
        identity=CognitoIdentity(
            cognito_identity_id=identity.get("cognitoIdentityId"),
            cognito_identity_pool_id=identity.get("cognitoIdentityPoolId"),
        ),
        _deadline_ms=int(headers["lambda-runtime-deadline-ms"]),
    )


def parse_header(text, name):
    try:
        return json.loads(text.encode("latin-1").decode("utf-8"))
    except Exception as error:
        message = "Unable to parse %s JSON: %s" % (name, error)
        raise Fault("Runtime.LambdaContextUnmarshalError", message)


class Encoder(json.JSONEncoder):
    """JSON with Python's default separators; a Decimal is written as the number it is."""

    def __init__(self):
        super().__init__(ensure_ascii=ENSURE_ASCII, allow_nan=True)
        self._decimals = []

    def default(self, value):
        if isinstance(value, decimal.Decimal):
            if value.is_nan():
                return float("nan")
            self._decimals.append(str(value))
            return "\x00decimal %d\x00" % (len(self._decimals) - 1)
        return super().default(value)

    def encode(self, value):
        text = super().encode(value)
        if self._decimals:
            mark = r'"\\u0000decimal (\d+)\\u0000"'
            text = re.sub(mark, lambda found: self._decimals[int(found.group(1))], text)
        return text


def named_tuples_as_objects(value):
    """AWS's encoder writes a named tuple as an object. Values without one come back unchanged."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        changed = {key: named_tuples_as_objects(item) for key, item in value.items()}
        same = all(changed[key] is item for key, item in value.items())
        return value if same and type(value) is dict else changed
    if isinstance(value, (list, tuple)):
        changed = [named_tuples_as_objects(item) for item in value]
        same = all(new is old for new, old in zip(changed, value))
        return value if same else changed
    return value


def encode_utf8(value):
    text = Encoder().encode(value)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8 form; its escape is the only way to write it.
        return json.dumps(value).encode("utf-8")


def marshal(result):
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        try:
            plain = named_tuples_as_objects(result)
        except RecursionError:
            plain = result
        return encode_utf8(plain), "application/json"
    except Exception as error:
        raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error)


def shown_path(path):
    """The path a file would have on AWS, which is what error documents show."""
    if path.startswith(TASK_ROOT + "/"):
        return "/var/task" + path[len(TASK_ROOT) :]
    base = sysconfig.get_config_var("installed_base") or sys.base_prefix
    if path.startswith(base + "/"):
        return "/var/lang" + path[len(base) :]
    return path


def error_document(error_type, message, trace, request_id):
    return {
        "errorMessage": message or "",
        "errorType": error_type or "",
        "requestId": request_id or "",
        "stackTrace": trace or [],
    }


def describe(error, request_id):
    if isinstance(error, Fault):
        return error_document(error.error_type, error.message, error.trace, request_id)
    frames = [(f.filename, f.lineno, f.name, f.line) for f in traceback.extract_tb(error.__traceback__)]
    while frames and frames[0][0] == OWN_FILE:
        frames.pop(0)
    trace = traceback.format_list([(shown_path(f[0]), f[1], f[2], f[3]) for f in frames])
    try:
        message = str(error)
    except Exception:
        message = ""
    return error_document(type(error).__name__, message, trace, request_id)


def log_error(document):
    first = "[ERROR] " + document["errorType"]
    if document["errorMessage"]:
        first += ": " + document["errorMessage"]
    lines = [first, "Traceback (most recent call last):"]
    for element in document["stackTrace"]:
        for line in element.splitlines() or [""]:
            text = line.lstrip(" ")
            lines.append("\u00a0" * (len(line) - len(text)) + text)
    try:
        sys.stdout.write("\r".join(lines) + "\n")
    except (OSError, ValueError, AttributeError):
        # The function closed or replaced its standard output; the caller still gets the document.
        pass


class RequestIdFilter(logging.Filter):
    def filter(self, record):
        record.aws_request_id = current_request_id
        return True


class PlainHandler(logging.Handler):
    def emit(self, record):
        sys.stdout.write(self.format(record))


def set_up_logging():
    logging.Formatter.converter = time.gmtime
    handler = PlainHandler()
    layout = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
    handler.setFormatter(logging.Formatter(layout, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(RequestIdFilter())
    logging.getLogger().addHandler(handler)


def load_handler(name):
    module_name, separator, function_name = name.rpartition(".")
    if not separator:
        reason = "not enough values to unpack (expected 2, got 1)"
        raise Fault("Runtime.MalformedHandlerName", "Bad handler '%s': %s" % (name, reason))
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = "Cannot use built-in module %s as a handler module" % module_name
        raise Fault("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = "Unable to import module '%s': %s" % (module_name, error)
        raise Fault("Runtime.ImportModuleError", message.replace(TASK_ROOT + "/", "/var/task/"))
    except SyntaxError as error:
        place = '  File "%s" Line %s\n    %s' % (shown_path(error.filename or ""), error.lineno, error.text)
        message = "Syntax error in module '%s': %s" % (module_name, error)
        raise Fault("Runtime.UserCodeSyntaxError", message, [place])
    try:
        return getattr(module, function_name)
    except AttributeError:
        message = "Handler '%s' missing on module '%s'" % (function_name, module_name)
        raise Fault("Runtime.HandlerNotFound", message)


def handle(api, handler, headers, body, process_id):
    request_id = headers["lambda-runtime-aws-request-id"]
    try:
        context = context_of(headers)
        try:
            event = json.loads(body)
        except Exception as error:
            raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % error)
        result, content_type = marshal(handler(event, context))
        document = None
    except Exception as error:
        document = describe(error, request_id)
    if os.getpid() != process_id:
        # The handler forked and this is the copy: only the original may speak to the Runtime API.
        os._exit(0)
    if document is None:
        api.respond(request_id, result, content_type)
    else:
        log_error(document)
        api.fail(request_id, document)


def main():
    global current_request_id
    sys.path[0] = TASK_ROOT
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    set_up_logging()
    try:
        handler = load_handler(os.environ.get("_HANDLER", ""))
    except Exception as error:
        document = describe(error, "")
        log_error(document)
        api.fail_init(document)
        sys.exit(1)
    process_id = os.getpid()
    while True:
        headers, body = api.next()
        current_request_id = headers["lambda-runtime-aws-request-id"]
        if "lambda-runtime-trace-id" in headers:
            os.environ["_X_AMZN_TRACE_ID"] = headers["lambda-runtime-trace-id"]
        else:
            os.environ.pop("_X_AMZN_TRACE_ID", None)
        handle(api, handler, headers, body, process_id)


if __name__ == "__main__":
    main()
