//! Types that stand for nothing.

use passo_template::Made;

use crate::aws::Api;
use crate::deploy::kind::{Kind, Making, Removing, Want};

/// A resource without anything behind it.
pub(super) struct Nothing {
    resource_type: &'static str,
    label: &'static str,
}

/// What CDK notes about itself.
pub(super) const METADATA: Nothing = Nothing {
    resource_type: "AWS::CDK::Metadata",
    label: "metadata",
};

/// A place in the order of making.
pub(super) const WAIT_HANDLE: Nothing = Nothing {
    resource_type: "AWS::CloudFormation::WaitConditionHandle",
    label: "wait handle",
};

impl Kind for Nothing {
    fn resource_type(&self) -> &'static str {
        self.resource_type
    }

    fn label(&self) -> &'static str {
        self.label
    }

    fn is_replaced_by(&self, _: &str) -> bool {
        false
    }

    fn expected(&self, want: &Want<'_>) -> Made {
        Made::new(want.logical_id)
    }

    fn create<'a>(&'a self, _: &'a Api, want: &'a Want<'_>) -> Making<'a> {
        Box::pin(std::future::ready(Ok(self.expected(want))))
    }

    fn update<'a>(&'a self, _: &'a Api, want: &'a Want<'_>, _: &'a Made) -> Making<'a> {
        Box::pin(std::future::ready(Ok(self.expected(want))))
    }

    fn delete<'a>(&'a self, _: &'a Api, _: &'a Made) -> Removing<'a> {
        Box::pin(std::future::ready(Ok(())))
    }
}
