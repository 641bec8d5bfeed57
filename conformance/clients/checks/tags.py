"""TagResource, UntagResource, ListTagsForResource."""

from stage import PASS, Stage, refused


def life(stage: Stage) -> None:
    sfn = stage.sfn
    activity = sfn.create_activity(name=stage.name("tagged"))["activityArn"]
    for arn in (stage.machine(PASS), activity):
        sfn.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": ""}])
        sfn.tag_resource(resourceArn=arn, tags=[{"key": "a", "value": "2"}])
        sfn.untag_resource(resourceArn=arn, tagKeys=["b", "none"])
        assert sfn.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "a", "value": "2"}]


def refusals(stage: Stage) -> None:
    sfn, missing = stage.sfn, stage.arn("stateMachine:none")
    tags = {"tags": [{"key": "a", "value": "b"}]}
    for call, rest in ((sfn.tag_resource, tags), (sfn.untag_resource, {"tagKeys": ["a"]}),
                       (sfn.list_tags_for_resource, {})):
        answer = refused("ResourceNotFound", call, missing, resourceArn=missing, **rest)
        assert answer["resourceName"] == missing
        refused("InvalidArn", call, resourceArn="no-arn", **rest)
    many = [{"key": f"k{n}", "value": ""} for n in range(51)]
    refused("TooManyTags", sfn.tag_resource, resourceArn=stage.machine(PASS), tags=many)
