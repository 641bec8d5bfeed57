//! Policies of SAM: names of managed ones, documents, and SAM's policy templates.
//!
//! Source: SAM Developer Guide, "SAM policy templates".

use std::sync::Arc;

use passo_asl::source::{Mapping, Node};
use passo_json::{Json, json};

use super::expansion::Expansion;
use crate::intrinsic::intrinsic_of;
use crate::tree::{list, mapping, object, plain, sub, text, with};

/// A policy of a role.
pub(super) enum Policy {
    /// The ARN of a managed one.
    Managed(Node),
    /// A document.
    Document(Node),
    /// One that is not known; it was said.
    Unknown,
}

struct Template {
    name: &'static str,
    actions: &'static [&'static str],
    resources: &'static [&'static str],
}

/// Reads one item of `Policies`.
pub(super) fn read(into: &mut Expansion<'_>, node: &Node) -> Policy {
    if let Some(name) = node.as_str().filter(|_| node.tag.is_none()) {
        if name.starts_with("arn:") {
            return Policy::Managed(node.clone());
        }
        let arn = format!("arn:${{AWS::Partition}}:iam::aws:policy/{name}");
        return Policy::Managed(sub(node.span, &arn));
    }
    if intrinsic_of(node).is_some() {
        return Policy::Managed(node.clone());
    }
    if node.get("Statement").is_some() {
        let version = node.get("Version").cloned();
        let version = version.unwrap_or_else(|| text(node.span, "2012-10-17"));
        return Policy::Document(with(node, "Version", version));
    }
    let mut members = node.as_object().into_iter().flat_map(Mapping::iter);
    let Some(entry) = members.next() else {
        return Policy::Unknown;
    };
    let found = TEMPLATES.iter().find(|one| *one.name == *entry.key.text);
    let Some(template) = found else {
        let message = format!(
            "the policy template `{}` is not known; the role lacks it",
            entry.key.text
        );
        into.leave_out(entry.key.span, message);
        return Policy::Unknown;
    };
    Policy::Document(document(template, &entry.value))
}

fn document(template: &Template, arguments: &Node) -> Node {
    let span = arguments.span;
    let values: Vec<(Arc<str>, Node)> = arguments
        .as_object()
        .into_iter()
        .flat_map(Mapping::iter)
        .map(|entry| (Arc::clone(&entry.key.text), entry.value.clone()))
        .collect();
    let resources = template.resources.iter().map(|pattern| {
        let pair = vec![text(span, pattern), mapping(span, values.clone())];
        object(span, [("Fn::Sub", Some(list(span, pair)))])
    });
    let resources = list(span, resources.collect());
    let actions: Vec<Json> = template
        .actions
        .iter()
        .map(|one| Json::from(*one))
        .collect();
    let statement = plain(span, &json!({"Effect": "Allow", "Action": actions}));
    let statement = with(&statement, "Resource", resources);
    let document = plain(span, &json!({"Version": "2012-10-17"}));
    with(&document, "Statement", list(span, vec![statement]))
}

const TABLE: &[&str] = &[
    "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}",
    "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/index/*",
];
const QUEUE: &[&str] = &["arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${QueueName}"];
const TOPIC: &[&str] = &["arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${TopicName}"];
const BUCKET: &[&str] = &[
    "arn:${AWS::Partition}:s3:::${BucketName}",
    "arn:${AWS::Partition}:s3:::${BucketName}/*",
];
const ANYTHING: &[&str] = &["*"];

const TEMPLATES: &[Template] = &[
    Template {
        name: "DynamoDBCrudPolicy",
        actions: &[
            "dynamodb:GetItem",
            "dynamodb:DeleteItem",
            "dynamodb:PutItem",
            "dynamodb:Scan",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:BatchGetItem",
            "dynamodb:DescribeTable",
            "dynamodb:ConditionCheckItem",
        ],
        resources: TABLE,
    },
    Template {
        name: "DynamoDBReadPolicy",
        actions: &[
            "dynamodb:GetItem",
            "dynamodb:Scan",
            "dynamodb:Query",
            "dynamodb:BatchGetItem",
            "dynamodb:DescribeTable",
        ],
        resources: TABLE,
    },
    Template {
        name: "DynamoDBWritePolicy",
        actions: &[
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:BatchWriteItem",
        ],
        resources: TABLE,
    },
    Template {
        name: "DynamoDBStreamReadPolicy",
        actions: &[
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
        ],
        resources: &[
            "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/stream/${StreamName}",
        ],
    },
    Template {
        name: "SQSSendMessagePolicy",
        actions: &["sqs:SendMessage*"],
        resources: QUEUE,
    },
    Template {
        name: "SQSPollerPolicy",
        actions: &[
            "sqs:ChangeMessageVisibility",
            "sqs:ChangeMessageVisibilityBatch",
            "sqs:DeleteMessage",
            "sqs:DeleteMessageBatch",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
        ],
        resources: QUEUE,
    },
    Template {
        name: "SNSPublishMessagePolicy",
        actions: &["sns:Publish"],
        resources: TOPIC,
    },
    Template {
        name: "SNSCrudPolicy",
        actions: &[
            "sns:ListSubscriptionsByTopic",
            "sns:CreateTopic",
            "sns:SetTopicAttributes",
            "sns:Subscribe",
            "sns:Publish",
        ],
        resources: TOPIC,
    },
    Template {
        name: "S3ReadPolicy",
        actions: &[
            "s3:GetObject",
            "s3:ListBucket",
            "s3:GetBucketLocation",
            "s3:GetObjectVersion",
            "s3:GetLifecycleConfiguration",
        ],
        resources: BUCKET,
    },
    Template {
        name: "S3WritePolicy",
        actions: &[
            "s3:PutObject",
            "s3:PutObjectAcl",
            "s3:PutLifecycleConfiguration",
        ],
        resources: BUCKET,
    },
    Template {
        name: "S3CrudPolicy",
        actions: &[
            "s3:GetObject",
            "s3:ListBucket",
            "s3:GetBucketLocation",
            "s3:GetObjectVersion",
            "s3:PutObject",
            "s3:PutObjectAcl",
            "s3:GetLifecycleConfiguration",
            "s3:PutLifecycleConfiguration",
            "s3:DeleteObject",
        ],
        resources: BUCKET,
    },
    Template {
        name: "LambdaInvokePolicy",
        actions: &["lambda:InvokeFunction"],
        resources: &[
            "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${FunctionName}*",
        ],
    },
    Template {
        name: "StepFunctionsExecutionPolicy",
        actions: &["states:StartExecution"],
        resources: &[
            "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${StateMachineName}",
        ],
    },
    Template {
        name: "EventBridgePutEventsPolicy",
        actions: &["events:PutEvents"],
        resources: &[
            "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/${EventBusName}",
        ],
    },
    Template {
        name: "AWSSecretsManagerGetSecretValuePolicy",
        actions: &["secretsmanager:GetSecretValue"],
        resources: &["${SecretArn}"],
    },
    Template {
        name: "SSMParameterReadPolicy",
        actions: &[
            "ssm:DescribeParameters",
            "ssm:GetParameters",
            "ssm:GetParameter",
            "ssm:GetParametersByPath",
        ],
        resources: &[
            "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/${ParameterName}",
        ],
    },
    Template {
        name: "KMSDecryptPolicy",
        actions: &["kms:Decrypt"],
        resources: &["arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${KeyId}"],
    },
    Template {
        name: "KMSEncryptPolicy",
        actions: &["kms:Encrypt"],
        resources: &["arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${KeyId}"],
    },
    Template {
        name: "CloudWatchPutMetricPolicy",
        actions: &["cloudwatch:PutMetricData"],
        resources: ANYTHING,
    },
    Template {
        name: "SESCrudPolicy",
        actions: &[
            "ses:GetIdentityVerificationAttributes",
            "ses:SendEmail",
            "ses:SendRawEmail",
            "ses:VerifyEmailIdentity",
        ],
        resources: &[
            "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/${IdentityName}",
        ],
    },
    Template {
        name: "SESEmailTemplateCrudPolicy",
        actions: &["ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail"],
        resources: ANYTHING,
    },
];
