//! What REST APIs hold besides resources, and what belongs to an account.

use crate::control::{Answer, Named, Noun, Request};

const OF_API: &[&str] = &["restApiId"];

pub(super) const AUTHORIZER: Noun = Noun {
    one: "Authorizer",
    many: "Authorizers",
    parents: OF_API,
    parameter: "authorizerId",
    member: "id",
    named: Named::New(6),
    missing: "Invalid Authorizer identifier specified",
};

pub(super) const MODEL: Noun = Noun {
    one: "Model",
    many: "Models",
    parents: OF_API,
    parameter: "modelName",
    member: "name",
    named: Named::Given,
    missing: "Invalid model name specified",
};

pub(super) const VALIDATOR: Noun = Noun {
    one: "RequestValidator",
    many: "RequestValidators",
    parents: OF_API,
    parameter: "requestValidatorId",
    member: "id",
    named: Named::New(6),
    missing: "Invalid Request Validator identifier specified",
};

pub(super) const STAGE: Noun = Noun {
    one: "Stage",
    many: "Stages",
    parents: OF_API,
    parameter: "stageName",
    member: "stageName",
    named: Named::Given,
    missing: "Invalid stage identifier specified",
};

pub(super) const DEPLOYMENT: Noun = Noun {
    one: "Deployment",
    many: "Deployments",
    parents: OF_API,
    parameter: "deploymentId",
    member: "id",
    named: Named::New(6),
    missing: "Invalid Deployment identifier specified",
};

pub(super) const GATEWAY_RESPONSE: Noun = Noun {
    one: "GatewayResponse",
    many: "GatewayResponses",
    parents: OF_API,
    parameter: "responseType",
    member: "responseType",
    named: Named::Given,
    missing: "Invalid Gateway response type specified",
};

pub(super) const API_KEY: Noun = Noun {
    one: "ApiKey",
    many: "ApiKeys",
    parents: &[],
    parameter: "apiKey",
    member: "id",
    named: Named::New(10),
    missing: "Invalid API Key identifier specified",
};

pub(super) const USAGE_PLAN: Noun = Noun {
    one: "UsagePlan",
    many: "UsagePlans",
    parents: &[],
    parameter: "usagePlanId",
    member: "id",
    named: Named::New(6),
    missing: "Invalid Usage Plan ID specified",
};

pub(super) const USAGE_PLAN_KEY: Noun = Noun {
    one: "UsagePlanKey",
    many: "UsagePlanKeys",
    parents: &["usagePlanId"],
    parameter: "keyId",
    member: "id",
    named: Named::Given,
    missing: "Invalid API Key identifier specified",
};

/// Those without rules of their own.
static PLAIN: [Noun; 8] = [
    AUTHORIZER,
    MODEL,
    VALIDATOR,
    Noun {
        one: "DocumentationPart",
        many: "DocumentationParts",
        parents: OF_API,
        parameter: "documentationPartId",
        member: "id",
        named: Named::New(6),
        missing: "Invalid Documentation part identifier specified",
    },
    Noun {
        one: "DocumentationVersion",
        many: "DocumentationVersions",
        parents: OF_API,
        parameter: "documentationVersion",
        member: "version",
        named: Named::Given,
        missing: "Invalid Documentation version specified",
    },
    Noun {
        one: "DomainName",
        many: "DomainNames",
        parents: &[],
        parameter: "domainName",
        member: "domainName",
        named: Named::Given,
        missing: "Invalid domain name identifier specified",
    },
    Noun {
        one: "BasePathMapping",
        many: "BasePathMappings",
        parents: &["domainName"],
        parameter: "basePath",
        member: "basePath",
        named: Named::Given,
        missing: "Invalid base path mapping identifier specified",
    },
    Noun {
        one: "VpcLink",
        many: "VpcLinks",
        parents: &[],
        parameter: "vpcLinkId",
        member: "id",
        named: Named::New(6),
        missing: "Invalid VpcLink identifier specified",
    },
];

/// The answer of operations that need no other rules.
pub(super) fn answer(request: &Request<'_>) -> Option<Answer> {
    let mut found = PLAIN.iter().filter_map(|noun| {
        let verb = noun.verb(request.operation.name)?;
        Some(noun.perform(request, verb))
    });
    found.next()
}
