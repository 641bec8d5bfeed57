//! Functions in Java, where there is a compiler.

use std::path::Path;
use std::process::Command;

use crate::harness::{Harness, json};

const SOURCE: &str = r#"
package example;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

public class Handlers {
    public static class Item { private String name; public int count; public List<Item> parts;
        public String getName() { return name; } public void setName(String name) { this.name = name; } }
    private int calls;
    public Map<String, Object> handleRequest(Map<String, Object> event) { calls++; event.put("calls", calls); return event; }
    public Item pojo(Item item) { item.count++; return item; }
    public String text(String name) { return "olá " + name; }
    public double[] numbers(List<Integer> numbers) { return numbers.stream().mapToDouble(n -> n / 2.0).toArray(); }
    public void stream(InputStream in, OutputStream out) throws Exception { out.write('"'); in.transferTo(out); out.write('"'); }
    public void nothing(Object event) { }
    public Object context(Object event, com.amazonaws.services.lambda.runtime.Context context) {
        context.getLogger().log("logged");
        return List.of(context.getFunctionName(), context.getMemoryLimitInMB());
    }
    public String fails(Object event) { throw new IllegalStateException("asked to", new RuntimeException("inner")); }
    public String exits(Object event) { System.exit(3); return null; }
    public byte[] greedy(Object event) { java.util.ArrayList<byte[]> all = new java.util.ArrayList<>(); while (true) all.add(new byte[1 << 20]); }
    private Handlers hidden() { return null; }
}
"#;

/// What aws-lambda-java-core brings, as far as it is used here.
const CORE: [(&str, &str); 2] = [
    (
        "Context.java",
        "package com.amazonaws.services.lambda.runtime; public interface Context { \
         String getFunctionName(); int getMemoryLimitInMB(); LambdaLogger getLogger(); }",
    ),
    (
        "LambdaLogger.java",
        "package com.amazonaws.services.lambda.runtime; public interface LambdaLogger { void log(String message); }",
    ),
];

/// Compiles the handlers; `false` where this machine has no compiler.
fn compiled(directory: &Path) -> bool {
    let source = directory.join("Handlers.java");
    std::fs::write(&source, SOURCE).unwrap();
    let mut compiler = Command::new("javac");
    compiler.arg("-d").arg(directory).arg(source);
    for (name, text) in CORE {
        let source = directory.join(name);
        std::fs::write(&source, text).unwrap();
        compiler.arg(source);
    }
    compiler.status().is_ok_and(|status| status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn handlers_of_every_form_answer() {
    let harness = Harness::new(&[]);
    if !compiled(harness.directory.path()) {
        return;
    }
    let function = |handler: &str| {
        let function = harness.named(&handler.replace([':', '.'], "-"), "java21", handler);
        let function = function.with_memory_megabytes(256).unwrap();
        function.with_timeout_seconds(60).unwrap()
    };
    for (method, event, expect) in [
        (
            "",
            r#"{"a":[1,2.5,"\u00e3"]}"#,
            r#"{"a":[1,2.5,"ã"],"calls":1}"#,
        ),
        (
            "",
            r#"{"a":12345678901234567890}"#,
            r#"{"a":12345678901234567890,"calls":2}"#,
        ),
        (
            "::pojo",
            r#"{"name":"n","count":1,"parts":[{"name":"p"}],"more":0}"#,
            r#"{"name":"n","count":2,"parts":[{"name":"p","count":0,"parts":null}]}"#,
        ),
        ("::text", r#""x\"y""#, r#""olá x\"y""#),
        ("::numbers", "[1,2]", "[0.5,1.0]"),
        ("::stream", "123", r#""123""#),
        ("::nothing", "{}", "null"),
        ("::context", "{}", r#"["example-Handlers--context",256]"#),
    ] {
        let handler = format!("example.Handlers{method}");
        let result = harness.result(&function(&handler), event).await;
        assert_eq!(json(&result), json(expect), "{method}");
    }
    let failed = json(
        &harness
            .error(&function("example.Handlers::fails"), "{}")
            .await,
    );
    let member = |name: &str| failed.get(name).unwrap().clone();
    assert_eq!(
        member("errorType").as_str(),
        Some("java.lang.IllegalStateException")
    );
    assert_eq!(member("errorMessage").as_str(), Some("asked to"));
    let trace = member("stackTrace").as_array().unwrap().to_vec();
    assert!(
        trace[0]
            .as_str()
            .unwrap()
            .starts_with("example.Handlers.fails(Handlers.java:"),
        "{trace:?}"
    );
    let cause = member("cause");
    assert_eq!(cause.get("errorMessage").unwrap().as_str(), Some("inner"));
    for (handler, expect) in [
        (
            "example.None::a",
            r#"{"errorMessage":"Class not found: example.None","errorType":"java.lang.ClassNotFoundException"}"#,
        ),
        (
            "example.Handlers::none",
            r#"{"errorMessage":"No public method named none with appropriate method signature found on class example.Handlers","errorType":"java.lang.NoSuchMethodException"}"#,
        ),
        (
            "example.Handlers::exits",
            r#"{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 3"}"#,
        ),
    ] {
        assert_eq!(
            harness.error(&function(handler), "{}").await,
            expect,
            "{handler}"
        );
    }
    let greedy = harness
        .error(&function("example.Handlers::greedy"), "{}")
        .await;
    assert!(greedy.contains("java.lang.OutOfMemoryError"), "{greedy}");
    harness.functions.shutdown().await;
}
