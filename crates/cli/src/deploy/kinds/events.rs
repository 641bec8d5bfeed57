//! EventBridge, but for its rules.

use crate::deploy::described::{Described, From, PLAIN};

/// Described types.
pub(super) const DESCRIBED: &[Described] = &[
    Described {
        resource_type: "AWS::Events::EventBus",
        label: "event bus",
        service: "events",
        name: Some("Name"),
        create: "CreateEventBus",
        update: Some("UpdateEventBus"),
        delete: Some("DeleteEventBus"),
        attributes: &[
            ("Arn", From::Arn("events", "event-bus/")),
            ("Name", From::Name),
        ],
        key: &[("Name", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Events::Connection",
        label: "connection",
        service: "events",
        name: Some("Name"),
        create: "CreateConnection",
        update: Some("UpdateConnection"),
        delete: Some("DeleteConnection"),
        attributes: &[
            ("Arn", From::Answer("ConnectionArn")),
            ("SecretArn", From::Answer("SecretArn")),
        ],
        key: &[("Name", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Events::ApiDestination",
        label: "api destination",
        service: "events",
        name: Some("Name"),
        create: "CreateApiDestination",
        update: Some("UpdateApiDestination"),
        delete: Some("DeleteApiDestination"),
        attributes: &[("Arn", From::Answer("ApiDestinationArn"))],
        key: &[("Name", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Events::Archive",
        label: "archive",
        service: "events",
        name: Some("ArchiveName"),
        replaced_by: &["SourceArn"],
        create: "CreateArchive",
        update: Some("UpdateArchive"),
        delete: Some("DeleteArchive"),
        renamed: &[("SourceArn", "EventSourceArn")],
        attributes: &[("Arn", From::Arn("events", "archive/"))],
        key: &[("ArchiveName", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Events::EventBusPolicy",
        label: "event bus policy",
        service: "events",
        name: Some("StatementId"),
        replaced_by: &["EventBusName"],
        create: "PutPermission",
        update: Some("PutPermission"),
        delete: Some("RemovePermission"),
        renamed: &[("Statement", "Policy")],
        attributes: &[("EventBusName", From::Property("EventBusName"))],
        key: &[("StatementId", ""), ("EventBusName", "EventBusName")],
        ..PLAIN
    },
];
