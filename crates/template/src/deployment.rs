//! Where a template is imagined to be deployed.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The account, region and stack that pseudo parameters and ARNs speak of, and the stack's parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// `AWS::Partition`.
    pub partition: Arc<str>,
    /// `AWS::AccountId`.
    pub account: Arc<str>,
    /// `AWS::Region`.
    pub region: Arc<str>,
    /// `AWS::StackName`.
    pub stack_name: Arc<str>,
    /// Values of the template's parameters; the others keep their default.
    pub parameters: BTreeMap<Arc<str>, Arc<str>>,
    /// What other stacks export, for `Fn::ImportValue`.
    pub exports: BTreeMap<Arc<str>, Arc<str>>,
    /// The values of parameters in the Parameter Store, for parameters of the types `AWS::SSM::Parameter::Value<…>`. Where
    /// nothing is known of one, its name stands for it.
    pub stored: BTreeMap<Arc<str>, Arc<str>>,
}

impl Default for Deployment {
    /// Account 000000000000 in us-east-1.
    fn default() -> Deployment {
        Deployment {
            partition: "aws".into(),
            account: "000000000000".into(),
            region: "us-east-1".into(),
            stack_name: "local".into(),
            parameters: BTreeMap::new(),
            exports: BTreeMap::new(),
            stored: BTreeMap::new(),
        }
    }
}

impl Deployment {
    /// The ARN of a resource of this deployment.
    pub fn arn(&self, service: &str, resource: &str) -> Arc<str> {
        let Deployment {
            partition,
            account,
            region,
            ..
        } = self;
        format!("arn:{partition}:{service}:{region}:{account}:{resource}").into()
    }

    /// The ARN of an IAM role: IAM has no region.
    pub(crate) fn role_arn(&self, name: &str) -> Arc<str> {
        let (partition, account) = (&self.partition, &self.account);
        format!("arn:{partition}:iam::{account}:role/{name}").into()
    }

    /// The value of a pseudo parameter. `AWS::NoValue` is not one: it removes what it stands for.
    /// Source: CloudFormation user guide, "Pseudo parameters reference".
    pub(crate) fn pseudo_parameter(&self, name: &str) -> Option<Arc<str>> {
        match name {
            "AWS::AccountId" => Some(Arc::clone(&self.account)),
            "AWS::Region" => Some(Arc::clone(&self.region)),
            "AWS::Partition" => Some(Arc::clone(&self.partition)),
            "AWS::StackName" => Some(Arc::clone(&self.stack_name)),
            "AWS::StackId" => {
                let resource = format!("stack/{}/local", self.stack_name);
                Some(self.arn("cloudformation", &resource))
            }
            "AWS::URLSuffix" => Some("amazonaws.com".into()),
            _ => None,
        }
    }
}
