//! What HTTP APIs hold.

use crate::control::{Answer, Named, Noun, Request};

const OF_API: &[&str] = &["ApiId"];

pub(super) const ROUTE: Noun = Noun {
    one: "Route",
    many: "Routes",
    parents: OF_API,
    parameter: "RouteId",
    member: "RouteId",
    named: Named::New(7),
    missing: "Invalid Route identifier specified",
};

pub(super) const INTEGRATION: Noun = Noun {
    one: "Integration",
    many: "Integrations",
    parents: OF_API,
    parameter: "IntegrationId",
    member: "IntegrationId",
    named: Named::New(7),
    missing: "Invalid Integration identifier specified",
};

pub(super) const STAGE: Noun = Noun {
    one: "Stage",
    many: "Stages",
    parents: OF_API,
    parameter: "StageName",
    member: "StageName",
    named: Named::Given,
    missing: "Invalid stage identifier specified",
};

pub(super) const DEPLOYMENT: Noun = Noun {
    one: "Deployment",
    many: "Deployments",
    parents: OF_API,
    parameter: "DeploymentId",
    member: "DeploymentId",
    named: Named::New(6),
    missing: "Invalid Deployment identifier specified",
};

/// Those without rules of their own.
static PLAIN: [Noun; 7] = [
    Noun {
        one: "Authorizer",
        many: "Authorizers",
        parents: OF_API,
        parameter: "AuthorizerId",
        member: "AuthorizerId",
        named: Named::New(6),
        missing: "Invalid Authorizer identifier specified",
    },
    Noun {
        one: "Model",
        many: "Models",
        parents: OF_API,
        parameter: "ModelId",
        member: "ModelId",
        named: Named::New(6),
        missing: "Invalid Model identifier specified",
    },
    Noun {
        one: "IntegrationResponse",
        many: "IntegrationResponses",
        parents: &["ApiId", "IntegrationId"],
        parameter: "IntegrationResponseId",
        member: "IntegrationResponseId",
        named: Named::New(7),
        missing: "Invalid Integration Response identifier specified",
    },
    Noun {
        one: "RouteResponse",
        many: "RouteResponses",
        parents: &["ApiId", "RouteId"],
        parameter: "RouteResponseId",
        member: "RouteResponseId",
        named: Named::New(7),
        missing: "Invalid Route Response identifier specified",
    },
    Noun {
        one: "DomainName",
        many: "DomainNames",
        parents: &[],
        parameter: "DomainName",
        member: "DomainName",
        named: Named::Given,
        missing: "Invalid domain name identifier specified",
    },
    Noun {
        one: "ApiMapping",
        many: "ApiMappings",
        parents: &["DomainName"],
        parameter: "ApiMappingId",
        member: "ApiMappingId",
        named: Named::New(6),
        missing: "Invalid API mapping identifier specified",
    },
    Noun {
        one: "VpcLink",
        many: "VpcLinks",
        parents: &[],
        parameter: "VpcLinkId",
        member: "VpcLinkId",
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
