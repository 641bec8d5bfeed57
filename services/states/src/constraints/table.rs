//! The members of every operation's request.
//!
//! Source: the public service model of Step Functions, API version 2016-11-23.

use super::shape::{List, Member, Pattern, Shape, optional, required, text};

const ARN: Shape = text(1, 256).shape();
const LONG_ARN: Shape = text(1, 2000).shape();
const NAME: Shape = text(1, 80).shape();
const DEFINITION: Shape = text(1, 1_048_576).sensitive().shape();
const DATA: Shape = text(0, 262_144).in_bytes().sensitive().shape();
const ERROR: Shape = text(0, 256).sensitive().shape();
const CAUSE: Shape = text(0, 32_768).sensitive().shape();
const DESCRIPTION: Shape = text(0, 256).sensitive().shape();
const STATE_NAME: Shape = text(1, 80).sensitive().shape();
const TASK_TOKEN: Shape = text(1, 2048).sensitive().shape();
const PAGE_SIZE: Shape = Shape::Integer { min: 0, max: 1000 };
const PAGE_TOKEN: Shape = text(1, 1024).shape();
const TYPE: Shape = Shape::Word(&["STANDARD", "EXPRESS"]);
const INCLUDED_DATA: Shape = Shape::Word(&["ALL_DATA", "METADATA_ONLY"]);
const COUNT: Shape = Shape::Integer {
    min: 0,
    max: i64::MAX,
};
const ANY_TEXT: Shape = text(0, usize::MAX).shape();

const TRACE_HEADER: Shape = text(0, 256)
    .like(Pattern {
        text: r"\p{ASCII}*",
        matches: str::is_ascii,
    })
    .shape();

const CLIENT_TOKEN: Shape = text(1, 64)
    .like(Pattern {
        text: "[!-~]+",
        matches: is_printable,
    })
    .shape();

const ALIAS_NAME: Shape = text(1, 80)
    .like(Pattern {
        text: r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$",
        matches: is_alias_name,
    })
    .shape();

const TAG_KEY: Shape = text(1, 128).shape();

const TAGS: Shape = Shape::List(List {
    min: 0,
    max: usize::MAX,
    item: &Shape::Structure(&[
        optional("key", TAG_KEY),
        optional("value", text(0, 256).shape()),
    ]),
    item_name: "Tag",
});

const LOGGING: Shape = Shape::Structure(&[
    optional("level", Shape::Word(&["ALL", "ERROR", "FATAL", "OFF"])),
    optional("includeExecutionData", Shape::Boolean),
    optional(
        "destinations",
        Shape::List(List {
            min: 0,
            max: usize::MAX,
            item: &Shape::Structure(&[optional(
                "cloudWatchLogsLogGroup",
                Shape::Structure(&[optional("logGroupArn", ARN)]),
            )]),
            item_name: "LogDestination",
        }),
    ),
]);

const TRACING: Shape = Shape::Structure(&[optional("enabled", Shape::Boolean)]);

const ENCRYPTION: Shape = Shape::Structure(&[
    optional("kmsKeyId", text(1, 2048).shape()),
    optional(
        "kmsDataKeyReusePeriodSeconds",
        Shape::Integer { min: 60, max: 900 },
    ),
    required(
        "type",
        Shape::Word(&["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"]),
    ),
]);

const ROUTING: Shape = Shape::List(List {
    min: 1,
    max: 2,
    item: &Shape::Structure(&[
        required("stateMachineVersionArn", ARN),
        required("weight", Shape::Integer { min: 0, max: 100 }),
    ]),
    item_name: "RoutingConfigurationListItem",
});

const MOCK: Shape = Shape::Structure(&[
    optional("result", DATA),
    optional(
        "errorOutput",
        Shape::Structure(&[optional("error", ERROR), optional("cause", CAUSE)]),
    ),
    optional(
        "fieldValidationMode",
        Shape::Word(&["STRICT", "PRESENT", "NONE"]),
    ),
]);

const STATE_CONFIGURATION: Shape = Shape::Structure(&[
    optional("retrierRetryCount", COUNT),
    optional("errorCausedByState", STATE_NAME),
    optional("mapIterationFailureCount", COUNT),
    optional("mapItemReaderData", DATA),
]);

/// The members of `operation`'s request; `None` where there is no such operation.
// tidy: long, because it is a table with a row for each operation.
pub(super) fn members(operation: &str) -> Option<&'static [Member]> {
    Some(match operation {
        "CreateActivity" => {
            const {
                &[
                    required("name", NAME),
                    optional("tags", TAGS),
                    optional("encryptionConfiguration", ENCRYPTION),
                ]
            }
        }
        "CreateStateMachine" => {
            const {
                &[
                    required("name", NAME),
                    required("definition", DEFINITION),
                    required("roleArn", ARN),
                    optional("type", TYPE),
                    optional("loggingConfiguration", LOGGING),
                    optional("tags", TAGS),
                    optional("tracingConfiguration", TRACING),
                    optional("publish", Shape::Boolean),
                    optional("versionDescription", DESCRIPTION),
                    optional("encryptionConfiguration", ENCRYPTION),
                ]
            }
        }
        "CreateStateMachineAlias" => {
            const {
                &[
                    optional("description", DESCRIPTION),
                    required("name", ALIAS_NAME),
                    required("routingConfiguration", ROUTING),
                ]
            }
        }
        "DeleteActivity" | "DescribeActivity" => const { &[required("activityArn", ARN)] },
        "DeleteStateMachine" => const { &[required("stateMachineArn", ARN)] },
        "DeleteStateMachineAlias" | "DescribeStateMachineAlias" => {
            const { &[required("stateMachineAliasArn", ARN)] }
        }
        "DeleteStateMachineVersion" => const { &[required("stateMachineVersionArn", LONG_ARN)] },
        "DescribeExecution" | "DescribeStateMachineForExecution" => {
            const {
                &[
                    required("executionArn", ARN),
                    optional("includedData", INCLUDED_DATA),
                ]
            }
        }
        "DescribeMapRun" => const { &[required("mapRunArn", LONG_ARN)] },
        "DescribeStateMachine" => {
            const {
                &[
                    required("stateMachineArn", ARN),
                    optional("includedData", INCLUDED_DATA),
                ]
            }
        }
        "GetActivityTask" => {
            const { &[required("activityArn", ARN), optional("workerName", NAME)] }
        }
        "GetExecutionHistory" => {
            const {
                &[
                    required("executionArn", ARN),
                    optional("maxResults", PAGE_SIZE),
                    optional("reverseOrder", Shape::Boolean),
                    optional("nextToken", PAGE_TOKEN),
                    optional("includeExecutionData", Shape::Boolean),
                ]
            }
        }
        "ListActivities" | "ListStateMachines" => {
            const {
                &[
                    optional("maxResults", PAGE_SIZE),
                    optional("nextToken", PAGE_TOKEN),
                ]
            }
        }
        "ListExecutions" => {
            const {
                &[
                    optional("stateMachineArn", ARN),
                    // AWS's own order, recorded.
                    optional(
                        "statusFilter",
                        Shape::Word(&[
                            "SUCCEEDED",
                            "TIMED_OUT",
                            "PENDING_REDRIVE",
                            "ABORTED",
                            "FAILED",
                            "RUNNING",
                        ]),
                    ),
                    optional("maxResults", PAGE_SIZE),
                    optional("nextToken", text(1, 3096).shape()),
                    optional("mapRunArn", LONG_ARN),
                    optional("redriveFilter", Shape::Word(&["REDRIVEN", "NOT_REDRIVEN"])),
                ]
            }
        }
        "ListMapRuns" => {
            const {
                &[
                    required("executionArn", ARN),
                    optional("maxResults", PAGE_SIZE),
                    optional("nextToken", PAGE_TOKEN),
                ]
            }
        }
        "ListStateMachineAliases" | "ListStateMachineVersions" => {
            const {
                &[
                    required("stateMachineArn", ARN),
                    optional("nextToken", PAGE_TOKEN),
                    optional("maxResults", PAGE_SIZE),
                ]
            }
        }
        "ListTagsForResource" => const { &[required("resourceArn", ARN)] },
        "PublishStateMachineVersion" => {
            const {
                &[
                    required("stateMachineArn", ARN),
                    optional("revisionId", ANY_TEXT),
                    optional("description", DESCRIPTION),
                ]
            }
        }
        "RedriveExecution" => {
            const {
                &[
                    required("executionArn", ARN),
                    optional("clientToken", CLIENT_TOKEN),
                ]
            }
        }
        "SendTaskFailure" => {
            const {
                &[
                    required("taskToken", TASK_TOKEN),
                    optional("error", ERROR),
                    optional("cause", CAUSE),
                ]
            }
        }
        "SendTaskHeartbeat" => const { &[required("taskToken", TASK_TOKEN)] },
        "SendTaskSuccess" => {
            const { &[required("taskToken", TASK_TOKEN), required("output", DATA)] }
        }
        "StartExecution" => {
            const {
                &[
                    required("stateMachineArn", ARN),
                    optional("name", NAME),
                    optional("input", DATA),
                    optional("traceHeader", TRACE_HEADER),
                ]
            }
        }
        "StartSyncExecution" => {
            const {
                &[
                    required("stateMachineArn", ARN),
                    optional("name", NAME),
                    optional("input", DATA),
                    optional("traceHeader", TRACE_HEADER),
                    optional("includedData", INCLUDED_DATA),
                ]
            }
        }
        "StopExecution" => {
            const {
                &[
                    required("executionArn", ARN),
                    optional("error", ERROR),
                    optional("cause", CAUSE),
                ]
            }
        }
        "TagResource" => const { &[required("resourceArn", ARN), required("tags", TAGS)] },
        "TestState" => {
            const {
                &[
                    required("definition", DEFINITION),
                    optional("roleArn", ARN),
                    optional("input", DATA),
                    optional("inspectionLevel", Shape::Word(&["INFO", "DEBUG", "TRACE"])),
                    optional("revealSecrets", Shape::Boolean),
                    optional("variables", DATA),
                    optional("stateName", STATE_NAME),
                    optional("mock", MOCK),
                    optional("context", DATA),
                    optional("stateConfiguration", STATE_CONFIGURATION),
                ]
            }
        }
        "UntagResource" => {
            const {
                &[
                    required("resourceArn", ARN),
                    required(
                        "tagKeys",
                        Shape::List(List {
                            min: 0,
                            max: usize::MAX,
                            item: &TAG_KEY,
                            item_name: "TagKey",
                        }),
                    ),
                ]
            }
        }
        "UpdateMapRun" => {
            const {
                &[
                    required("mapRunArn", LONG_ARN),
                    optional(
                        "maxConcurrency",
                        Shape::Integer {
                            min: 0,
                            max: i32::MAX as i64,
                        },
                    ),
                    optional(
                        "toleratedFailurePercentage",
                        Shape::Number {
                            min: 0.0,
                            max: 100.0,
                        },
                    ),
                    optional("toleratedFailureCount", COUNT),
                ]
            }
        }
        "UpdateStateMachine" => {
            const {
                &[
                    required("stateMachineArn", ARN),
                    optional("definition", DEFINITION),
                    optional("roleArn", ARN),
                    optional("loggingConfiguration", LOGGING),
                    optional("tracingConfiguration", TRACING),
                    optional("publish", Shape::Boolean),
                    optional("versionDescription", DESCRIPTION),
                    optional("encryptionConfiguration", ENCRYPTION),
                ]
            }
        }
        "UpdateStateMachineAlias" => {
            const {
                &[
                    required("stateMachineAliasArn", ARN),
                    optional("description", DESCRIPTION),
                    optional("routingConfiguration", ROUTING),
                ]
            }
        }
        "ValidateStateMachineDefinition" => {
            const {
                &[
                    required("definition", DEFINITION),
                    optional("type", TYPE),
                    optional("severity", Shape::Word(&["ERROR", "WARNING"])),
                    optional("maxResults", Shape::Integer { min: 0, max: 100 }),
                ]
            }
        }
        _ => return None,
    })
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (b'!'..=b'~').contains(&byte))
}

fn is_alias_name(text: &str) -> bool {
    let is_symbol = |character: char| "_-.".contains(character);
    text.chars()
        .all(|it| it.is_ascii_alphanumeric() || is_symbol(it))
        && text
            .chars()
            .any(|it| it.is_ascii_alphabetic() || is_symbol(it))
}
