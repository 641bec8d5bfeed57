//! How a server ends, and what it refuses to begin with: the real binary, its signals and its exit codes.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr};

use rustix::process::{Pid, Signal, kill_process};

use crate::command::Passo;

/// A server in a directory.
struct Server {
    child: Child,
    stderr: BufReader<ChildStderr>,
    address: String,
}

impl Server {
    fn start(directory: &Path) -> Server {
        let data = directory.to_str().unwrap();
        let mut child = Passo::new(["serve", "--port", "0", "--data", data]).spawn();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert_ne!(
                stderr.read_line(&mut line).unwrap(),
                0,
                "it does not listen"
            );
            if let Some((_, rest)) = line.split_once("passo listens on http://") {
                break rest.split(' ').next().unwrap().to_owned();
            }
        };
        Server {
            child,
            stderr,
            address,
        }
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Sends a request, without waiting for its answer.
    fn send(&self, operation: &str, parameters: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Amz-Target: AWSStepFunctions.{operation}\r\n\
             Content-Length: {}\r\n\r\n{parameters}",
            parameters.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        answer(stream)
    }

    fn call(&self, operation: &str, parameters: &str) -> String {
        answer(self.send(operation, parameters))
    }

    /// A request whose execution runs, and waits so long for its end.
    fn express(&self, seconds: u32) -> TcpStream {
        let definition = format!(
            r#"{{\"StartAt\":\"W\",\"States\":{{\"W\":{{\"Type\":\"Wait\",\"Seconds\":{seconds},\"End\":true}}}}}}"#
        );
        let created = self.call(
            "CreateStateMachine",
            &format!(
                r#"{{"name":"m{seconds}","type":"EXPRESS","roleArn":"arn:aws:iam::000000000000:role/r","definition":"{definition}"}}"#
            ),
        );
        assert!(created.starts_with("HTTP/1.1 200"), "{created}");
        let arn = format!("arn:aws:states:us-east-1:000000000000:stateMachine:m{seconds}");
        let stream = self.send(
            "StartSyncExecution",
            &format!(r#"{{"stateMachineArn":"{arn}"}}"#),
        );
        while !self.get("/metrics").contains("passo_executions_open 1") {
            std::thread::yield_now();
        }
        stream
    }

    /// Its exit code, and what else it said.
    fn end(mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }
}

fn answer(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn open_requests_finish_and_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let open = server.express(2);
    server.signal(Signal::TERM);
    let answer = answer(open);
    assert!(answer.contains(r#""status":"SUCCEEDED""#), "{answer}");
    let (code, said) = server.end();
    assert_eq!(code, Some(0), "{said}");
    let server = Server::start(directory.path());
    let list = server.call("ListStateMachines", "{}");
    assert!(list.contains("stateMachine:m2"), "{list}");
    server.signal(Signal::INT);
    assert_eq!(server.end().0, Some(0));
}

#[test]
fn a_second_signal_does_not_wait() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let open = server.express(200);
    server.signal(Signal::TERM);
    // It takes nobody any more once the first one has been heard.
    while TcpStream::connect(&server.address).is_ok() {
        std::thread::yield_now();
    }
    server.signal(Signal::TERM);
    let (code, said) = server.end();
    assert_eq!(code, Some(130), "{said}");
    assert_eq!(answer(open), "");
}

fn refused(directory: &Path) -> String {
    let data = directory.to_str().unwrap();
    let said = Passo::new(["serve", "--port", "0", "--data", data]).exact_transcript();
    said.replace(data, "DATA")
}

#[test]
fn a_directory_that_is_in_use_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(directory.path());
    let said = refused(directory.path());
    assert!(said.starts_with("exit 2\n"), "{said}");
    assert!(said.contains("the data in `DATA` cannot be used"), "{said}");
    assert!(said.contains("stop the server that uses it"), "{said}");
    server.signal(Signal::TERM);
    assert_eq!(server.end().0, Some(0));
}

#[test]
fn data_of_another_version_or_another_program_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("FORMAT"), "passo-data 99\n").unwrap();
    let said = refused(directory.path());
    assert!(said.starts_with("exit 2\n"), "{said}");
    assert!(said.contains("passo-data 99"), "{said}");
    assert!(
        said.contains("the version of passo that wrote it"),
        "{said}"
    );
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("letter.txt"), "x").unwrap();
    let said = refused(directory.path());
    assert!(said.starts_with("exit 2\n"), "{said}");
    assert!(said.contains("a directory with other files"), "{said}");
    let file = directory.path().join("letter.txt");
    let said = refused(&file);
    assert!(said.starts_with("exit 2\n"), "{said}");
}
