//! The routes of the services that speak REST-JSON: wire shapes only.
//!
//! Source: the API references' "Request Syntax" and "Response Syntax".

/// How one operation travels.
pub(crate) struct Route {
    /// The name of the service.
    pub(crate) service: &'static str,
    /// The method.
    pub(crate) method: &'static str,
    /// The path; `{Member}` is a label.
    pub(crate) path: &'static str,
    /// The operation.
    pub(crate) operation: &'static str,
    /// The status of success, unless the output has a `StatusCode`.
    pub(crate) status: u16,
    /// Query parameters and the members that they are.
    pub(crate) query: &'static [(&'static str, &'static str, QueryKind)],
    /// The member, of input and output, that is the body as it stands.
    pub(crate) raw: Option<&'static str>,
    /// Request headers and the members that they are.
    pub(crate) headers_in: &'static [(&'static str, &'static str)],
    /// Members of the output that travel as headers.
    pub(crate) headers_out: &'static [(&'static str, &'static str)],
}

/// What a query parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QueryKind {
    Text,
    Number,
    /// May be repeated.
    List,
}

const LAMBDA_BASE: &str = "/2015-03-31/functions";
const QUALIFIER: &[(&str, &str, QueryKind)] = &[("Qualifier", "Qualifier", QueryKind::Text)];
const PAGE: &[(&str, &str, QueryKind)] = &[
    ("Marker", "Marker", QueryKind::Text),
    ("MaxItems", "MaxItems", QueryKind::Number),
    ("FunctionVersion", "FunctionVersion", QueryKind::Text),
];
const TAG_KEYS: &[(&str, &str, QueryKind)] = &[("tagKeys", "TagKeys", QueryKind::List)];

const fn lambda(
    method: &'static str,
    path: &'static str,
    operation: &'static str,
    status: u16,
    query: &'static [(&'static str, &'static str, QueryKind)],
) -> Route {
    Route {
        service: "lambda",
        method,
        path,
        operation,
        status,
        query,
        raw: None,
        headers_in: &[],
        headers_out: &[],
    }
}

const INVOKE: Route = Route {
    raw: Some("Payload"),
    headers_in: &[
        ("x-amz-invocation-type", "InvocationType"),
        ("x-amz-log-type", "LogType"),
        ("x-amz-client-context", "ClientContext"),
    ],
    headers_out: &[
        ("x-amz-function-error", "FunctionError"),
        ("x-amz-log-result", "LogResult"),
        ("x-amz-executed-version", "ExecutedVersion"),
    ],
    ..lambda(
        "POST",
        "/2015-03-31/functions/{FunctionName}/invocations",
        "Invoke",
        200,
        QUALIFIER,
    )
};

/// Every route.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    INVOKE,
    lambda("POST", LAMBDA_BASE, "CreateFunction", 201, &[]),
    lambda("GET", LAMBDA_BASE, "ListFunctions", 200, PAGE),
    lambda("GET", "/2015-03-31/functions/{FunctionName}", "GetFunction", 200, QUALIFIER),
    lambda("DELETE", "/2015-03-31/functions/{FunctionName}", "DeleteFunction", 204, QUALIFIER),
    lambda("GET", "/2015-03-31/functions/{FunctionName}/configuration", "GetFunctionConfiguration", 200, QUALIFIER),
    lambda("PUT", "/2015-03-31/functions/{FunctionName}/configuration", "UpdateFunctionConfiguration", 200, &[]),
    lambda("PUT", "/2015-03-31/functions/{FunctionName}/code", "UpdateFunctionCode", 200, &[]),
    lambda("POST", "/2015-03-31/functions/{FunctionName}/versions", "PublishVersion", 201, &[]),
    lambda("GET", "/2015-03-31/functions/{FunctionName}/versions", "ListVersionsByFunction", 200, PAGE),
    lambda("POST", "/2015-03-31/functions/{FunctionName}/aliases", "CreateAlias", 201, &[]),
    lambda("GET", "/2015-03-31/functions/{FunctionName}/aliases", "ListAliases", 200, PAGE),
    lambda("GET", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "GetAlias", 200, &[]),
    lambda("PUT", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "UpdateAlias", 200, &[]),
    lambda("DELETE", "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "DeleteAlias", 204, &[]),
    lambda("POST", "/2015-03-31/functions/{FunctionName}/policy", "AddPermission", 201, QUALIFIER),
    lambda("GET", "/2015-03-31/functions/{FunctionName}/policy", "GetPolicy", 200, QUALIFIER),
    lambda("DELETE", "/2015-03-31/functions/{FunctionName}/policy/{StatementId}", "RemovePermission", 204, QUALIFIER),
    lambda("GET", "/2020-06-30/functions/{FunctionName}/code-signing-config", "GetFunctionCodeSigningConfig", 200, &[]),
    lambda("GET", "/2017-03-31/tags/{Resource}", "ListTags", 200, &[]),
    lambda("POST", "/2017-03-31/tags/{Resource}", "TagResource", 204, &[]),
    lambda("DELETE", "/2017-03-31/tags/{Resource}", "UntagResource", 204, TAG_KEYS),
];
