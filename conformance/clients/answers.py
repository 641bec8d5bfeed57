"""Whether an answer on the wire is what the service's model says: members, their types, status and headers."""

import json

PRIMITIVES = {
    "string": str,
    "integer": int,
    "long": int,
    "boolean": bool,
    "timestamp": (int, float),
    "float": (int, float),
    "double": (int, float),
    "blob": str,
}


def mistakes(model, response) -> list[str]:
    """What is wrong with the answer to one call of an operation that speaks AWS JSON."""
    wrong = []
    headers = {name.lower(): value for name, value in response.headers.items()}
    if "x-amzn-requestid" not in headers:
        wrong.append("no x-amzn-RequestId")
    if not headers.get("content-type", "").startswith("application/x-amz-json-1."):
        wrong.append(f"Content-Type is {headers.get('content-type')}")
    body = json.loads(response.content or b"{}")
    if response.status_code == 200:
        shape = model.output_shape
        return wrong + (_of_shape(shape, body, "") if shape else [])
    return wrong + _of_error(model, response.status_code, body)


def _of_error(model, status: int, body: dict) -> list[str]:
    wrong = []
    code = body.get("__type", "").rpartition("#")[2]
    if not code:
        return [f"an error without __type: {body}"]
    # The faults that every operation has are no part of its model.
    shape = next((shape for shape in model.error_shapes if shape.name == code), None)
    wanted = (shape.metadata.get("error", {}).get("httpStatusCode") if shape else None) or 400
    if status != wanted:
        wrong.append(f"{code} has status {status} instead of {wanted}")
    if not (body.get("message") or body.get("Message")):
        wrong.append(f"{code} has no message")
    if shape:
        members = {name: value for name, value in body.items() if name not in ("__type", "message", "Message")}
        wrong += _of_shape(shape, members, "", is_error=True)
    return wrong


def _of_shape(shape, value, where: str, is_error: bool = False) -> list[str]:
    kind = shape.type_name
    if kind == "structure":
        return _of_structure(shape, value, where, is_error)
    if kind == "list":
        if not isinstance(value, list):
            return [f"{where}: no list"]
        found = (_of_shape(shape.member, item, f"{where}/{at}") for at, item in enumerate(value))
        return [mistake for mistakes in found for mistake in mistakes]
    if kind == "map":
        if not isinstance(value, dict):
            return [f"{where}: no map"]
        found = (_of_shape(shape.value, item, f"{where}/{key}") for key, item in value.items())
        return [mistake for mistakes in found for mistake in mistakes]
    wanted = PRIMITIVES[kind]
    is_number_for_flag = isinstance(value, bool) and wanted is not bool
    if not isinstance(value, wanted) or is_number_for_flag:
        return [f"{where}: {value!r} is no {kind}"]
    allowed = getattr(shape, "enum", None)
    return [f"{where}: {value!r} is none of {allowed}"] if allowed and value not in allowed else []


def _of_structure(shape, value, where: str, is_error: bool) -> list[str]:
    if not isinstance(value, dict):
        return [f"{where}: no structure"]
    wrong = []
    for name, item in value.items():
        if name not in shape.members:
            wrong.append(f"{where}/{name}: no member of {shape.name}")
        else:
            wrong += _of_shape(shape.members[name], item, f"{where}/{name}")
    if not is_error:
        wrong += [f"{where}/{name}: missing" for name in shape.required_members if name not in value]
    return wrong
