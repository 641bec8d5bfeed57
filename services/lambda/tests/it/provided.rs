//! Functions that bring their own runtime.

use std::os::unix::fs::PermissionsExt;

use crate::harness::Harness;

/// Speaks the Runtime API with nothing but a shell and Python's standard client, as a foreign runtime would.
const BOOTSTRAP: &str = r#"#!/bin/sh
exec python3 - <<'END'
import os, urllib.error, urllib.request
base = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/"
def post(path, body):
    try:
        return urllib.request.urlopen(base + path, body).status
    except urllib.error.HTTPError as error:
        print(error.code, error.read().decode(), flush=True)
        return error.code
while True:
    with urllib.request.urlopen(base + "invocation/next") as answer:
        request_id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
        event = answer.read()
    codes = [post("invocation/other/response", b"1"), post("init/error", b"{}"), post("nothing", b"")]
    code = post("invocation/%s/response" % request_id, b"[%s, %s]" % (event, str(codes).encode()))
    assert code == 202 and post("invocation/%s/response" % request_id, b"2") == 403
END
"#;

fn write_bootstrap(harness: &Harness, text: &str, mode: u32) {
    let path = harness.directory.path().join("bootstrap");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bootstrap_of_its_own_speaks_the_runtime_api() {
    let harness = Harness::new(&[]);
    write_bootstrap(&harness, BOOTSTRAP, 0o755);
    let function = harness
        .function("provided.al2023", "x")
        .with_timeout_seconds(30)
        .unwrap();
    for payload in ["1", "{\"a\": 2}"] {
        let expect = format!("[{payload}, [400, 403, 404]]");
        assert_eq!(harness.result(&function, payload).await, expect);
    }
    let lines = harness.lines().await;
    let count = |text: &str| lines.iter().filter(|(_, line)| line == text).count();
    for refusal in [
        r#"400 {"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}"#,
        r#"403 {"errorMessage":"State transition from Running to InitError failed for runtime. Error: State transition is not allowed","errorType":"InvalidStateTransition"}"#,
        r#"403 {"errorMessage":"State transition from InvocationResponse to InvocationResponse failed for runtime. Error: State transition is not allowed","errorType":"InvalidStateTransition"}"#,
    ] {
        assert_eq!(count(refusal), 2, "{refusal} in {lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bootstrap_that_cannot_run_is_the_functions_fault() {
    let harness = Harness::new(&[]);
    let function = harness.function("provided.al2", "x");
    assert_eq!(
        harness.error(&function, "{}").await,
        r#"{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: ID Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"}"#
    );
    for (text, mode, reason) in [
        ("#!/bin/sh\n", 0o644, "permission denied"),
        ("\u{7f}not a program", 0o755, "exec format error"),
    ] {
        write_bootstrap(&harness, text, mode);
        let expect = format!(
            r#"{{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: ID Error: fork/exec /var/task/bootstrap: {reason}"}}"#
        );
        assert_eq!(harness.error(&function, "{}").await, expect);
    }
    write_bootstrap(&harness, "#!/bin/sh\nexit 3\n", 0o755);
    assert_eq!(
        harness.error(&function, "{}").await,
        r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 3"}"#
    );
    harness.functions.shutdown().await;
}
