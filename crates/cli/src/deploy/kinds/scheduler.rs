//! EventBridge Scheduler, and CloudWatch's alarms.

use crate::deploy::described::{Described, From, PLAIN};

/// Described types.
pub(super) const DESCRIBED: &[Described] = &[
    Described {
        resource_type: "AWS::Scheduler::Schedule",
        label: "schedule",
        service: "scheduler",
        name: Some("Name"),
        replaced_by: &["GroupName"],
        create: "CreateSchedule",
        update: Some("UpdateSchedule"),
        delete: Some("DeleteSchedule"),
        attributes: &[
            ("Arn", From::Answer("ScheduleArn")),
            ("GroupName", From::Property("GroupName")),
        ],
        key: &[("Name", ""), ("GroupName", "GroupName")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::Scheduler::ScheduleGroup",
        label: "schedule group",
        service: "scheduler",
        name: Some("Name"),
        create: "CreateScheduleGroup",
        delete: Some("DeleteScheduleGroup"),
        attributes: &[("Arn", From::Answer("ScheduleGroupArn"))],
        key: &[("Name", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::CloudWatch::Alarm",
        label: "alarm",
        service: "monitoring",
        name: Some("AlarmName"),
        create: "PutMetricAlarm",
        update: Some("PutMetricAlarm"),
        delete: Some("DeleteAlarms"),
        attributes: &[("Arn", From::Arn("cloudwatch", "alarm:"))],
        key: &[("AlarmNames", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::CloudWatch::CompositeAlarm",
        label: "composite alarm",
        service: "monitoring",
        name: Some("AlarmName"),
        create: "PutCompositeAlarm",
        update: Some("PutCompositeAlarm"),
        delete: Some("DeleteAlarms"),
        attributes: &[("Arn", From::Arn("cloudwatch", "alarm:"))],
        key: &[("AlarmNames", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::CloudWatch::Dashboard",
        label: "dashboard",
        service: "monitoring",
        name: Some("DashboardName"),
        create: "PutDashboard",
        update: Some("PutDashboard"),
        delete: Some("DeleteDashboards"),
        key: &[("DashboardNames", "")],
        ..PLAIN
    },
];
