//! What JavaScript functions see and how their errors look.

use passo_lambda::{FunctionError, InvokeOutcome};

use crate::harness::{Harness, json, text};

/// Runs a function of `files` with handler `index.handler`; `None` when this machine has no Node.
async fn run(files: &[(&str, &str)], payload: &str) -> Option<InvokeOutcome> {
    run_handler(files, "index.handler", payload).await
}

async fn run_handler(
    files: &[(&str, &str)],
    handler: &str,
    payload: &str,
) -> Option<InvokeOutcome> {
    let on_path = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .any(|directory| directory.join("node").is_file() || directory.join("nodejs").is_file());
    if !on_path {
        eprintln!("skipped: no node on the PATH");
        return None;
    }
    let harness = Harness::new(files);
    let function = harness
        .function("nodejs20.x", handler)
        .with_timeout_seconds(30)
        .unwrap();
    let outcome = harness.invoke(&function, payload).await;
    harness.functions.shutdown().await;
    Some(outcome)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_of_handler_answers() {
    for (name, source, expect) in [
        (
            "index.js",
            "exports.handler = async (event) => ({ got: event.a })",
            r#"{"got":"ä"}"#,
        ),
        (
            "index.mjs",
            "export const handler = async (event) => event.a",
            "\"ä\"",
        ),
        (
            "index.cjs",
            "exports.handler = (event, context, callback) => callback(null, event.a)",
            "\"ä\"",
        ),
        (
            "index.js",
            "exports.handler = (event, context, callback) => { setTimeout(() => callback(null, 1), 5) }",
            "1",
        ),
        (
            "index.js",
            "exports.handler = (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false;\n\
             setInterval(() => {}, 1000); callback(null, 2) }",
            "2",
        ),
        (
            "index.js",
            "exports.handler = (event, context) => context.succeed({ b: undefined })",
            "{}",
        ),
        ("index.js", "exports.handler = () => {}", "null"),
        (
            "index.js",
            "exports.handler = async () => undefined",
            "null",
        ),
        (
            "index.js",
            "exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream.write('[1,');\n\
             stream.end('2]') })",
            "[1,2]",
        ),
        (
            "index.js",
            "exports.handler = async (e, c) => [c.functionName, c.functionVersion, c.memoryLimitInMB,\n\
             c.invokedFunctionArn, typeof c.awsRequestId, c.getRemainingTimeInMillis() > 20000, c.logGroupName]",
            r#"["f","$LATEST","128","arn:aws:lambda:us-east-1:123456789012:function:f","string",true,"/aws/lambda/f"]"#,
        ),
    ] {
        let Some(outcome) = run(&[(name, source)], r#"{"a":"ä"}"#).await else {
            return;
        };
        assert_eq!(text(&outcome), expect, "{source}");
        assert_eq!(outcome.function_error, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn modules_follow_their_package() {
    let files = [
        ("package.json", r#"{"type":"module"}"#),
        ("index.js", "export const handler = async () => 'm'"),
    ];
    let Some(outcome) = run(&files, "{}").await else {
        return;
    };
    assert_eq!(text(&outcome), "\"m\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_have_type_message_and_trace() {
    let source = "class OrderError extends Error { constructor(m) { super(m); this.name = 'OrderError' } }\n\
                  exports.handler = async () => { throw new OrderError('no stock') }\n";
    let Some(outcome) = run(&[("index.js", source)], "{}").await else {
        return;
    };
    assert_eq!(outcome.function_error, Some(FunctionError::Unhandled));
    let text = text(&outcome);
    assert!(text.starts_with(
        r#"{"errorType":"OrderError","errorMessage":"no stock","trace":["OrderError: no stock","#
    ));
    let document = json(&text);
    let frames: Vec<_> = document
        .get("trace")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .collect();
    assert_eq!(
        frames[1].as_str(),
        Some("    at exports.handler (/var/task/index.js:2:39)")
    );
    let own = frames[2].as_str().unwrap();
    assert!(
        own.starts_with("    at Runtime.handleOnceNonStreaming (file:///var/runtime/index.mjs:"),
        "{own}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_of_other_kinds_are_told_apart() {
    for (handler, source, error_type, message) in [
        (
            "index.handler",
            "exports.handler = (e, c, callback) => callback('text')",
            "string",
            "text",
        ),
        (
            "index.handler",
            "exports.handler = (e, c) => c.fail(new TypeError('t'))",
            "TypeError",
            "t",
        ),
        (
            "index.handler",
            "exports.handler = async () => new Promise(() => {})",
            "Runtime.NodeJsExit",
            "",
        ),
        (
            "index.handler",
            "exports.handler = (e, c, cb) => { Promise.reject(new Error('r')); setTimeout(cb, 5000) }",
            "Runtime.UnhandledPromiseRejection",
            "Error: r",
        ),
        (
            "index.handler",
            "exports.handler = (e, c, cb) => { setTimeout(() => { throw new Error('late') }, 1) }",
            "Error",
            "late",
        ),
        (
            "index.nobody",
            "exports.handler = 1",
            "Runtime.HandlerNotFound",
            "index.nobody is undefined or not exported",
        ),
        (
            "index.handler",
            "exports.handler = 1",
            "Runtime.HandlerNotFound",
            "index.handler is not a function",
        ),
        (
            "index.handler",
            "const = 1",
            "Runtime.UserCodeSyntaxError",
            "SyntaxError: ",
        ),
        (
            "index.handler",
            "require('nothing-here')",
            "Runtime.ImportModuleError",
            "Error: Cannot find module 'nothing-here'\nRequire stack:\n- /var/task/index.js",
        ),
        (
            "missing.handler",
            "",
            "Runtime.ImportModuleError",
            "Error: Cannot find module 'missing'",
        ),
        ("index", "", "Runtime.MalformedHandlerName", "Bad handler"),
    ] {
        let Some(outcome) = run_handler(&[("index.js", source)], handler, "{}").await else {
            return;
        };
        assert_eq!(
            outcome.function_error,
            Some(FunctionError::Unhandled),
            "{source}"
        );
        let document = json(&text(&outcome));
        assert_eq!(
            document.get("errorType").unwrap().as_str(),
            Some(error_type),
            "{source}"
        );
        let got = document
            .get("errorMessage")
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        assert!(got.starts_with(message), "{source}: {got}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_is_warm_for_the_next_event() {
    let source = "let n = 0; exports.handler = async () => [++n, process.pid]";
    if run(&[("index.js", source)], "{}").await.is_none() {
        return;
    }
    let harness = Harness::new(&[("index.js", source)]);
    let function = harness
        .function("nodejs20.x", "index.handler")
        .with_timeout_seconds(30)
        .unwrap();
    let first = json(&harness.result(&function, "{}").await);
    let second = json(&harness.result(&function, "{}").await);
    assert_eq!(
        (
            first.at(0).unwrap().as_i64(),
            second.at(0).unwrap().as_i64()
        ),
        (Some(1), Some(2))
    );
    assert_eq!(first.at(1), second.at(1));
    harness.functions.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_end_with_node_24() {
    let source = "exports.handler = (event, context, callback) => callback(null, 1)";
    if run(&[("index.js", source)], "{}").await.is_none() {
        return;
    }
    let harness = Harness::new(&[("index.js", source)]);
    let function = harness
        .function("nodejs24.x", "index.handler")
        .with_timeout_seconds(30)
        .unwrap();
    let error = harness.error(&function, "{}").await;
    let expect = r#"{"errorType":"Runtime.CallbackHandlerDeprecated","errorMessage":"ERROR: AWS Lambda has removed"#;
    assert!(error.starts_with(expect), "{error}");
    harness.functions.shutdown().await;
}
