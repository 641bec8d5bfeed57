//! Parts of REST and HTTP APIs.

use crate::deploy::described::{Described, From, PLAIN};

/// Described types.
pub(super) const DESCRIBED: &[Described] = &[
    Described {
        resource_type: "AWS::ApiGateway::Resource",
        label: "api resource",
        service: "apigateway",
        create: "CreateResource",
        delete: Some("DeleteResource"),
        reference: From::Answer("id"),
        attributes: &[
            ("ResourceId", From::Answer("id")),
            ("RestApiId", From::Property("RestApiId")),
        ],
        key: &[("restApiId", "RestApiId"), ("resourceId", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGateway::Deployment",
        label: "api deployment",
        service: "apigateway",
        create: "CreateDeployment",
        delete: Some("DeleteDeployment"),
        reference: From::Answer("id"),
        attributes: &[
            ("DeploymentId", From::Answer("id")),
            ("RestApiId", From::Property("RestApiId")),
        ],
        key: &[("restApiId", "RestApiId"), ("deploymentId", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGateway::Authorizer",
        label: "authorizer",
        service: "apigateway",
        name: Some("Name"),
        create: "CreateAuthorizer",
        delete: Some("DeleteAuthorizer"),
        reference: From::Answer("id"),
        attributes: &[
            ("AuthorizerId", From::Answer("id")),
            ("RestApiId", From::Property("RestApiId")),
        ],
        key: &[("restApiId", "RestApiId"), ("authorizerId", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGateway::RequestValidator",
        label: "request validator",
        service: "apigateway",
        name: Some("Name"),
        create: "CreateRequestValidator",
        delete: Some("DeleteRequestValidator"),
        reference: From::Answer("id"),
        attributes: &[
            ("RequestValidatorId", From::Answer("id")),
            ("RestApiId", From::Property("RestApiId")),
        ],
        key: &[("restApiId", "RestApiId"), ("requestValidatorId", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGateway::Model",
        label: "api model",
        service: "apigateway",
        name: Some("Name"),
        create: "CreateModel",
        delete: Some("DeleteModel"),
        attributes: &[("RestApiId", From::Property("RestApiId"))],
        key: &[("restApiId", "RestApiId"), ("modelName", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGateway::ApiKey",
        label: "api key",
        service: "apigateway",
        name: Some("Name"),
        create: "CreateApiKey",
        delete: Some("DeleteApiKey"),
        reference: From::Answer("id"),
        attributes: &[("APIKeyId", From::Answer("id"))],
        key: &[("apiKey", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGateway::UsagePlan",
        label: "usage plan",
        service: "apigateway",
        name: Some("UsagePlanName"),
        create: "CreateUsagePlan",
        delete: Some("DeleteUsagePlan"),
        renamed: &[("UsagePlanName", "name")],
        reference: From::Answer("id"),
        attributes: &[("Id", From::Answer("id"))],
        key: &[("usagePlanId", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGateway::UsagePlanKey",
        label: "usage plan key",
        service: "apigateway",
        create: "CreateUsagePlanKey",
        delete: Some("DeleteUsagePlanKey"),
        reference: From::Answer("id"),
        attributes: &[("UsagePlanId", From::Property("UsagePlanId"))],
        key: &[("usagePlanId", "UsagePlanId"), ("keyId", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGatewayV2::Integration",
        label: "api integration",
        service: "apigatewayv2",
        replaced_by: &["ApiId"],
        create: "CreateIntegration",
        update: Some("UpdateIntegration"),
        delete: Some("DeleteIntegration"),
        reference: From::Answer("IntegrationId"),
        attributes: &[
            ("IntegrationId", From::Answer("IntegrationId")),
            ("ApiId", From::Property("ApiId")),
        ],
        key: &[("ApiId", "ApiId"), ("IntegrationId", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGatewayV2::Route",
        label: "api route",
        service: "apigatewayv2",
        replaced_by: &["ApiId"],
        create: "CreateRoute",
        update: Some("UpdateRoute"),
        delete: Some("DeleteRoute"),
        reference: From::Answer("RouteId"),
        attributes: &[
            ("RouteId", From::Answer("RouteId")),
            ("ApiId", From::Property("ApiId")),
        ],
        key: &[("ApiId", "ApiId"), ("RouteId", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGatewayV2::Authorizer",
        label: "authorizer",
        service: "apigatewayv2",
        name: Some("Name"),
        replaced_by: &["ApiId"],
        create: "CreateAuthorizer",
        update: Some("UpdateAuthorizer"),
        delete: Some("DeleteAuthorizer"),
        reference: From::Answer("AuthorizerId"),
        attributes: &[
            ("AuthorizerId", From::Answer("AuthorizerId")),
            ("ApiId", From::Property("ApiId")),
        ],
        key: &[("ApiId", "ApiId"), ("AuthorizerId", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGatewayV2::Deployment",
        label: "api deployment",
        service: "apigatewayv2",
        create: "CreateDeployment",
        delete: Some("DeleteDeployment"),
        reference: From::Answer("DeploymentId"),
        attributes: &[
            ("DeploymentId", From::Answer("DeploymentId")),
            ("ApiId", From::Property("ApiId")),
        ],
        key: &[("ApiId", "ApiId"), ("DeploymentId", "")],
        ..PLAIN
    },
    Described {
        resource_type: "AWS::ApiGatewayV2::Stage",
        label: "api stage",
        service: "apigatewayv2",
        name: Some("StageName"),
        replaced_by: &["ApiId"],
        create: "CreateStage",
        update: Some("UpdateStage"),
        delete: Some("DeleteStage"),
        attributes: &[("ApiId", From::Property("ApiId"))],
        key: &[("ApiId", "ApiId"), ("StageName", "")],
        ..PLAIN
    },
];
