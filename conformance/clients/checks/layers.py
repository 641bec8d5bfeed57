"""Lambda layers: published, used by functions of Python and Node, deleted while in use."""

import io
import json
import zipfile

from stage import ROLE, Stage, refused

PYTHON = "import os, shared\n\ndef handler(event, context):\n    return [shared.NAME, os.environ['PATH'].split(':')[-1][-8:]]\n"
NODE = "const shared = require('shared');\nexports.handler = async () => shared.name;\n"


def life(stage: Stage) -> None:
    client, name = stage.client("lambda"), stage.name("layer")
    arns = [
        client.publish_layer_version(
            LayerName=name, Description=text, CompatibleRuntimes=["python3.12"], LicenseInfo="MIT",
            Content={"ZipFile": _zipped({"python/shared.py": f"NAME = '{text}'\n"})},
        )["LayerVersionArn"]
        for text in ("first", "second")
    ]
    layer = f"arn:aws:lambda:{stage.region}:{stage.account}:layer:{name}"
    assert arns == [f"{layer}:1", f"{layer}:2"], arns
    shown = client.get_layer_version(LayerName=name, VersionNumber=1)
    assert (shown["Description"], shown["LayerArn"], shown["LicenseInfo"]) == ("first", layer, "MIT"), shown
    assert shown["Content"]["CodeSize"] > 0
    assert client.get_layer_version_by_arn(Arn=arns[1])["Version"] == 2
    pages = client.get_paginator("list_layer_versions").paginate(LayerName=name, PaginationConfig={"PageSize": 1})
    assert [it["Version"] for page in pages for it in page["LayerVersions"]] == [2, 1]
    layers = client.list_layers(CompatibleRuntime="python3.12")["Layers"]
    assert [it["LatestMatchingVersion"]["Version"] for it in layers if it["LayerName"] == name] == [2]
    client.add_layer_version_permission(LayerName=name, VersionNumber=1, StatementId="s", Principal="*",
                                        Action="lambda:GetLayerVersion")
    policy = json.loads(client.get_layer_version_policy(LayerName=name, VersionNumber=1)["Policy"])
    assert [it["Sid"] for it in policy["Statement"]] == ["s"]
    client.remove_layer_version_permission(LayerName=name, VersionNumber=1, StatementId="s")
    refused("ResourceNotFoundException", client.get_layer_version_policy, LayerName=name, VersionNumber=1)

    function = stage.name("function")
    rest = {"Role": ROLE, "Runtime": "python3.12", "Handler": "index.handler", "Timeout": 20}
    created = client.create_function(FunctionName=function, Layers=[arns[0]], **rest,
                                     Code={"ZipFile": _zipped({"index.py": PYTHON})})
    assert [it["Arn"] for it in created["Layers"]] == [arns[0]]
    answer = lambda: json.load(client.invoke(FunctionName=function)["Payload"])
    assert answer()[0] == "first"
    client.update_function_configuration(FunctionName=function, Layers=[arns[1]])
    assert answer()[0] == "second"
    # What is in use goes on without its layer.
    for version in (1, 2):
        client.delete_layer_version(LayerName=name, VersionNumber=version)
    refused("ResourceNotFoundException", client.get_layer_version, LayerName=name, VersionNumber=2)
    assert answer()[0] == "second"
    third = client.publish_layer_version(LayerName=name, Content={"ZipFile": _zipped({"a": "b"})})
    assert third["Version"] == 3
    client.delete_function(FunctionName=function)


def later_ones_lie_over_earlier_ones(stage: Stage) -> None:
    client = stage.client("lambda")
    arns = [
        client.publish_layer_version(LayerName=stage.name("layer"), Content={"ZipFile": _zipped(files)})["LayerVersionArn"]
        for files in (
            {"nodejs/node_modules/shared/index.js": "exports.name = 'below';\n", "bin/tool": "#!/bin/sh\n"},
            {"nodejs/node_modules/shared/index.js": "exports.name = 'above';\n"},
        )
    ]
    function = stage.name("function")
    client.create_function(FunctionName=function, Layers=arns, Role=ROLE, Runtime="nodejs20.x", Timeout=20,
                           Handler="index.handler", Code={"ZipFile": _zipped({"index.js": NODE})})
    assert json.load(client.invoke(FunctionName=function)["Payload"]) == "above"


def refusals(stage: Stage) -> None:
    client = stage.client("lambda")
    arn = f"arn:aws:lambda:{stage.region}:{stage.account}:layer:none:1"
    rest = {"Role": ROLE, "Runtime": "python3.12", "Handler": "index.handler",
            "Code": {"ZipFile": _zipped({"index.py": PYTHON})}}
    refused("InvalidParameterValueException", client.create_function, f"Layer version {arn} does not exist.",
            FunctionName=stage.name("function"), Layers=[arn], **rest)
    refused("InvalidParameterValueException", client.create_function, "more than 5 layers",
            FunctionName=stage.name("function"), Layers=[arn] * 6, **rest)
    refused("ResourceNotFoundException", client.get_layer_version, LayerName="none", VersionNumber=1)
    refused("InvalidParameterValueException", client.publish_layer_version, "Could not unzip",
            LayerName=stage.name("layer"), Content={"ZipFile": b"no zip"})


def _zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()
