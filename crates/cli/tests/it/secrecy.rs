//! What a server says of the executions that it runs: nothing of what they carry.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread::JoinHandle;

/// Words that are in what executions carry, and must be nowhere else.
const CANARY: &str = "canary-7f3a";
const SECRET: &str = "feedfacefeedfacefeedfacefeedface";

struct Served {
    child: Child,
    address: String,
    said: JoinHandle<String>,
}

impl Served {
    fn begin(format: &str) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_passo"))
            .args(["serve", "--ephemeral", "--port", "0"])
            .args(["--log-level", "trace", "--log-format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let (said, address) = until_it_listens(&mut stderr);
        let said = std::thread::spawn(move || {
            let mut said = said;
            stderr.read_to_string(&mut said).unwrap();
            said
        });
        Served {
            child,
            address,
            said,
        }
    }

    /// Calls an operation of Step Functions: what is answered.
    fn call(&self, operation: &str, body: &str) -> String {
        let request = format!(
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Amz-Target: AWSStepFunctions.{operation}\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/states/aws4_request, \
             SignedHeaders=host, Signature={SECRET}\r\nX-Amz-Security-Token: {SECRET}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// Waits until an execution has ended.
    fn ended(&self, execution: &str) -> String {
        loop {
            let body = format!(r#"{{"executionArn":"{execution}"}}"#);
            let answer = self.call("DescribeExecution", &body);
            if !answer.contains(r#""status":"RUNNING""#) {
                return answer;
            }
            std::thread::yield_now();
        }
    }

    /// Ends the server: everything that it said.
    fn end(mut self) -> String {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        let mut stdout = String::new();
        let mut out = self.child.stdout.take().unwrap();
        out.read_to_string(&mut stdout).unwrap();
        assert!(self.child.wait().unwrap().success());
        stdout + &self.said.join().unwrap()
    }
}

/// Reads until the server says where it listens.
fn until_it_listens(stderr: &mut ChildStderr) -> (String, String) {
    let mut said = Vec::new();
    let mut byte = [0];
    loop {
        stderr.read_exact(&mut byte).unwrap();
        said.extend(byte);
        let text = String::from_utf8_lossy(&said);
        if let Some((_, rest)) = text.split_once("http://")
            && let Some((address, _)) = rest.split_once(' ')
        {
            let address = address.to_owned();
            return (text.into_owned(), address);
        }
    }
}

/// A member's text.
fn member(answer: &str, name: &str) -> String {
    let (_, rest) = answer
        .split_once(&format!("\"{name}\":\""))
        .unwrap_or_else(|| panic!("no {name} in {answer}"));
    rest.split_once('"').unwrap().0.to_owned()
}

fn machine(served: &Served, name: &str, definition: &str) -> String {
    let definition = definition.replace('"', "\\\"");
    let role = "arn:aws:iam::123456789012:role/r";
    let body = format!(r#"{{"name":"{name}","definition":"{definition}","roleArn":"{role}"}}"#);
    member(&served.call("CreateStateMachine", &body), "stateMachineArn")
}

fn start(served: &Served, machine: &str) -> String {
    let input = format!(r#"{{\"secret\":\"{CANARY}\"}}"#);
    let body = format!(r#"{{"stateMachineArn":"{machine}","input":"{input}"}}"#);
    member(&served.call("StartExecution", &body), "executionArn")
}

fn check(format: &str) {
    let served = Served::begin(format);
    let activity = served.call("CreateActivity", r#"{"name":"a"}"#);
    let activity = member(&activity, "activityArn");
    let waiting = format!(
        r#"{{"StartAt":"T","States":{{"T":{{"Type":"Task","Resource":"{activity}","End":true}}}}}}"#
    );
    let waiting = machine(&served, "waiting", &waiting);
    let mut tokens = Vec::new();
    for answer in ["SendTaskSuccess", "SendTaskFailure"] {
        let execution = start(&served, &waiting);
        let body = format!(r#"{{"activityArn":"{activity}","workerName":"w"}}"#);
        let token = member(&served.call("GetActivityTask", &body), "taskToken");
        let body = match answer {
            "SendTaskSuccess" => {
                format!(r#"{{"taskToken":"{token}","output":"\"{CANARY}\""}}"#)
            }
            _ => format!(r#"{{"taskToken":"{token}","error":"{CANARY}","cause":"{CANARY}"}}"#),
        };
        served.call(answer, &body);
        assert!(served.ended(&execution).contains(CANARY));
        tokens.push(token);
    }
    let failing = format!(
        r#"{{"StartAt":"F","States":{{"F":{{"Type":"Fail","Error":"{CANARY}","Cause":"{CANARY}"}}}}}}"#
    );
    let execution = start(&served, &machine(&served, "failing", &failing));
    served.ended(&execution);
    for body in [
        format!("{{\"{CANARY}"),
        format!(r#"{{"stateMachineArn":"{CANARY}"}}"#),
        format!(r#"{{"stateMachineArn":"{waiting}","input":"{{{CANARY}"}}"#),
    ] {
        served.call("StartExecution", &body);
    }
    served.call(CANARY, "{}");
    let said = served.end();
    assert_eq!(tokens.len(), 2);
    let words = [CANARY, SECRET].into_iter();
    for hidden in words.chain(tokens.iter().map(String::as_str)) {
        assert!(!said.contains(hidden), "{hidden} is in\n{said}");
    }
    // It did say something of what happened.
    assert!(said.contains(&execution), "{said}");
    assert!(said.contains("StartExecution"), "{said}");
    if format == "json" {
        let lines = said.lines().filter(|line| !line.starts_with("passo "));
        for line in lines {
            assert!(passo_json::Json::parse(line).is_ok(), "{line}");
        }
    }
}

#[test]
fn a_log_in_text_holds_nothing_that_executions_carry() {
    check("text");
}

#[test]
fn a_log_in_json_holds_nothing_that_executions_carry() {
    check("json");
}
