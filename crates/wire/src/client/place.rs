//! Where AWS answers for a service, and what requests there are signed for.

use passo_model::Listed;

/// An endpoint, and the region that requests to it are signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `https://states.eu-west-1.amazonaws.com`
    pub endpoint: String,
    /// `eu-west-1`
    pub region: String,
}

/// Services with one endpoint in each partition: id, host without the domain, region that is signed for.
///
/// Source: the services' pages in the AWS General Reference.
const GLOBAL: [(&str, &str, &str); 11] = [
    ("iam", "iam", "us-east-1"),
    ("cloudfront", "cloudfront", "us-east-1"),
    ("route53", "route53", "us-east-1"),
    ("importexport", "importexport", "us-east-1"),
    ("savingsplans", "savingsplans", "us-east-1"),
    ("budgets", "budgets", "us-east-1"),
    ("waf", "waf", "us-east-1"),
    ("organizations", "organizations.us-east-1", "us-east-1"),
    ("costexplorer", "ce.us-east-1", "us-east-1"),
    ("shield", "shield.us-east-1", "us-east-1"),
    (
        "globalaccelerator",
        "globalaccelerator.us-west-2",
        "us-west-2",
    ),
];

impl Place {
    /// AWS's own.
    pub fn of_aws(listed: &Listed, region: &str) -> Place {
        let (domain, is_china) = if region.starts_with("cn-") {
            ("amazonaws.com.cn", true)
        } else {
            ("amazonaws.com", false)
        };
        let is_gov = region.starts_with("us-gov-");
        match (listed.id, is_china, is_gov) {
            ("iam", true, _) => {
                return Place::new(&format!("iam.cn-north-1.{domain}"), "cn-north-1");
            }
            ("iam", _, true) => {
                return Place::new(&format!("iam.us-gov.{domain}"), "us-gov-west-1");
            }
            _ => {}
        }
        let global = GLOBAL.iter().find(|(id, _, _)| *id == listed.id);
        if let Some((_, host, signed_for)) = global.filter(|_| !is_china && !is_gov) {
            return Place::new(&format!("{host}.{domain}"), signed_for);
        }
        let prefix = listed.endpoint_prefix;
        Place::new(&format!("{prefix}.{region}.{domain}"), region)
    }

    fn new(host: &str, region: &str) -> Place {
        Place {
            endpoint: format!("https://{host}"),
            region: region.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_those_of_aws() {
        for (service, region, endpoint, signed_for) in [
            (
                "sfn",
                "eu-west-1",
                "https://states.eu-west-1.amazonaws.com",
                "eu-west-1",
            ),
            ("iam", "eu-west-1", "https://iam.amazonaws.com", "us-east-1"),
            (
                "iam",
                "cn-north-1",
                "https://iam.cn-north-1.amazonaws.com.cn",
                "cn-north-1",
            ),
            (
                "sagemaker",
                "us-west-2",
                "https://api.sagemaker.us-west-2.amazonaws.com",
                "us-west-2",
            ),
            (
                "s3",
                "eu-west-1",
                "https://s3.eu-west-1.amazonaws.com",
                "eu-west-1",
            ),
            (
                "cloudwatch",
                "us-east-1",
                "https://monitoring.us-east-1.amazonaws.com",
                "us-east-1",
            ),
            (
                "ses",
                "us-east-1",
                "https://email.us-east-1.amazonaws.com",
                "us-east-1",
            ),
        ] {
            let place = Place::of_aws(passo_model::find(service).unwrap(), region);
            assert_eq!((&*place.endpoint, &*place.region), (endpoint, signed_for));
        }
    }
}
