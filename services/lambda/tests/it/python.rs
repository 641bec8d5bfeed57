//! What Python functions see and how their errors look.

use passo_json::Payload;
use passo_lambda::{Credentials, InvokeOptions, RequestId};

use crate::harness::{Harness, environment, json, text};

/// Runs `handler.py` once and compares the result, byte for byte.
async fn check(source: &str, payload: &str, expect: &str) {
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    assert_eq!(harness.result(&function, payload).await, expect, "{source}");
    harness.functions.shutdown().await;
}

async fn check_error(source: &str, payload: &str, expect: &str) {
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    assert_eq!(harness.error(&function, payload).await, expect, "{source}");
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn results_are_encoded_as_on_aws() {
    let returns = |value: &str| {
        format!(
            "import decimal, collections\nP = collections.namedtuple('P', 'x y')\ndef handler(event, context):\n    \
             return {value}\n"
        )
    };
    for (value, expect) in [
        ("event", r#"{"a": [1, 2.5, null], "b": "é"}"#),
        ("{'Return': 'HelloWorld'}", r#"{"Return": "HelloWorld"}"#),
        ("None", "null"),
        ("b'\"HelloWorld!\"'", r#""HelloWorld!""#),
        ("'é😀'", "\"é😀\""),
        ("decimal.Decimal('1.10')", "1.10"),
        ("[P(1, (2, 3))]", r#"[{"x": 1, "y": [2, 3]}]"#),
        ("{1: True, None: 2}", r#"{"1": true, "null": 2}"#),
        ("'\\ud800'", r#""\ud800""#),
    ] {
        check(&returns(value), r#"{"a":[1,2.5,null],"b":"é"}"#, expect).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn older_runtimes_escape_what_is_not_ascii() {
    let harness = Harness::new(&[("handler.py", "def handler(e, c): return 'é'")]);
    let function = harness
        .function("python3.11", "handler.handler")
        .with_timeout_seconds(30)
        .unwrap();
    assert_eq!(harness.result(&function, "{}").await, r#""\u00e9""#);
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exceptions_look_as_recorded_on_aws() {
    check_error(
        "def handler(event, context):\n    raise Exception(\"Some exception was raised.\")\n",
        "{}",
        r#"{"errorMessage": "Some exception was raised.", "errorType": "Exception", "requestId": "ID", "stackTrace": ["  File \"/var/task/handler.py\", line 2, in handler\n    raise Exception(\"Some exception was raised.\")\n"]}"#,
    )
    .await;
    check_error(
        "class CustomException(Exception):\n    def __init__(self):\n        self.message = 'm'\n\n\ndef inner():\n    \
         raise CustomException()\n\n\ndef handler(event, context):\n    inner()\n",
        "{}",
        r#"{"errorMessage": "", "errorType": "CustomException", "requestId": "ID", "stackTrace": ["  File \"/var/task/handler.py\", line 11, in handler\n    inner()\n", "  File \"/var/task/handler.py\", line 7, in inner\n    raise CustomException()\n"]}"#,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_encoded_is_a_marshal_error() {
    check_error(
        "def handler(event, context):\n    return {1, 2}\n",
        "{}",
        r#"{"errorMessage": "Unable to marshal response: Object of type set is not JSON serializable", "errorType": "Runtime.MarshalError", "requestId": "ID", "stackTrace": []}"#,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_cannot_be_loaded_fails_as_on_aws() {
    for (handler, source, expect) in [
        (
            "missing.handler",
            "",
            r#"{"errorMessage": "Unable to import module 'missing': No module named 'missing'", "errorType": "Runtime.ImportModuleError", "requestId": "", "stackTrace": []}"#,
        ),
        (
            "handler.handler",
            "import nothing_of_this_name",
            r#"{"errorMessage": "Unable to import module 'handler': No module named 'nothing_of_this_name'", "errorType": "Runtime.ImportModuleError", "requestId": "", "stackTrace": []}"#,
        ),
        (
            "handler.nobody",
            "",
            r#"{"errorMessage": "Handler 'nobody' missing on module 'handler'", "errorType": "Runtime.HandlerNotFound", "requestId": "", "stackTrace": []}"#,
        ),
        (
            "handler",
            "",
            r#"{"errorMessage": "Bad handler 'handler': not enough values to unpack (expected 2, got 1)", "errorType": "Runtime.MalformedHandlerName", "requestId": "", "stackTrace": []}"#,
        ),
    ] {
        let harness = Harness::new(&[("handler.py", source)]);
        let function = harness.function("python3.12", handler);
        assert_eq!(harness.error(&function, "{}").await, expect);
        harness.functions.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_module_itself_are_told() {
    let harness = Harness::new(&[("handler.py", "def handler(e, c)\n    pass\n")]);
    let document = json(&harness.error(&harness.python(), "{}").await);
    assert_eq!(
        document.get("errorType").unwrap().as_str(),
        Some("Runtime.UserCodeSyntaxError")
    );
    let message = document
        .get("errorMessage")
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message.starts_with("Syntax error in module 'handler': "),
        "{message}"
    );
    let trace = document
        .get("stackTrace")
        .unwrap()
        .at(0)
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        trace.starts_with("  File \"/var/task/handler.py\" Line 1\n"),
        "{trace}"
    );
    harness.functions.shutdown().await;

    let harness = Harness::new(&[("handler.py", "value = 1\nvalue.nothing\n")]);
    let document = json(&harness.error(&harness.python(), "{}").await);
    assert_eq!(
        document.get("errorType").unwrap().as_str(),
        Some("AttributeError")
    );
    let trace = document.get("stackTrace").unwrap();
    let last = trace
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        last,
        "  File \"/var/task/handler.py\", line 2, in <module>\n    value.nothing\n"
    );
    let first = trace.at(0).unwrap().as_str().unwrap().to_owned();
    assert!(first.contains("/var/lang/lib/python3."), "{first}");
    harness.functions.shutdown().await;
}

const CONTEXT: &str = r#"
def handler(event, context):
    return {
        "request_id": context.aws_request_id,
        "name": context.function_name,
        "version": context.function_version,
        "arn": context.invoked_function_arn,
        "memory": context.memory_limit_in_mb,
        "group": context.log_group_name,
        "stream": "[$LATEST]" in context.log_stream_name,
        "left": 0 < context.get_remaining_time_in_millis() <= 30000,
        "identity": context.identity.cognito_identity_id,
        "custom": context.client_context.custom["k"],
        "title": context.client_context.client.app_title,
    }
"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_context_object_is_that_of_aws() {
    let harness = Harness::new(&[("handler.py", CONTEXT)]);
    let function = harness.python().with_timeout_seconds(30).unwrap();
    let options = InvokeOptions {
        request_id: RequestId::parse("my-id"),
        client_context: Some(r#"{"custom":{"k":"ü"},"client":{"app_title":"t"}}"#.to_owned()),
        qualifier: Some("live".to_owned()),
        ..InvokeOptions::default()
    };
    let outcome = harness
        .functions
        .invoke(&function, "{}".into(), options)
        .await
        .unwrap();
    let expect = r#"{"request_id":"my-id","name":"f","version":"$LATEST",
        "arn":"arn:aws:lambda:us-east-1:123456789012:function:f:live","memory":"128","group":"/aws/lambda/f",
        "stream":true,"left":true,"identity":null,"custom":"ü","title":"t"}"#;
    assert_eq!(json(&text(&outcome)), json(expect));
    assert_eq!(
        (outcome.status, outcome.executed_version.as_str()),
        (200, "$LATEST")
    );
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_is_lambdas_and_not_ours() {
    let source = "import os, sys\ndef handler(e, c): return {'env': dict(os.environ), 'cwd': os.getcwd(), 'path': sys.path[0]}";
    let harness = Harness::new(&[("handler.py", source)]);
    let function = harness
        .python()
        .with_timeout_seconds(30)
        .unwrap()
        .with_environment(environment(&[("TABLE", "orders"), ("TZ", "Europe/Lisbon")]))
        .unwrap()
        .with_credentials(Credentials {
            access_key_id: "AK".to_owned(),
            secret_access_key: "SK".to_owned(),
            session_token: None,
        });
    let result = Payload::from_text(harness.result(&function, "{}").await).unwrap();
    let variables = result.json().get("env").unwrap();
    let get = |key: &str| {
        variables
            .get(key)
            .and_then(|value| value.as_str())
            .map(str::to_owned)
    };
    let root = harness
        .directory
        .path()
        .canonicalize()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    for (key, expect) in [
        ("TABLE", "orders"),
        ("TZ", "Europe/Lisbon"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_LAMBDA_FUNCTION_NAME", "f"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_python3.12"),
        ("_HANDLER", "handler.handler"),
        ("AWS_ACCESS_KEY_ID", "AK"),
        ("LAMBDA_TASK_ROOT", &root),
        ("PYTHONPATH", &root),
    ] {
        assert_eq!(get(key).as_deref(), Some(expect), "{key}");
    }
    assert_eq!(get("HOME"), None);
    assert_eq!(get("CARGO_MANIFEST_DIR"), None);
    assert_eq!(get("AWS_SESSION_TOKEN"), None);
    assert!(get("_X_AMZN_TRACE_ID").unwrap().starts_with("Root=1-"));
    assert_eq!(
        result.json().get("cwd").unwrap().as_str(),
        Some(root.as_str())
    );
    assert_eq!(
        result.json().get("path").unwrap().as_str(),
        Some(root.as_str())
    );
    let files = std::fs::read_dir(&root).unwrap().count();
    assert_eq!(
        files, 1,
        "compiled files stay out of the function's directory"
    );
    harness.functions.shutdown().await;
}
