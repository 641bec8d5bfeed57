//! The stage: a service with everything it needs, and a way to write scripts for it.
//!
//! In what is sent, `$name` in a string stands for a value that was kept. In what is expected, `"*"` stands for
//! anything, `"$name"` keeps what is there or, once kept, must be the same; members not named are not looked at.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use passo_engine::{Input, TaskUpdate};
use passo_json::{Json, Object, Payload};
use passo_runtime::{Clock, Key, Message, Runtime, Settings, TaskPort, TaskRequest};
use passo_service::{Call, Caller, RequestId, Service as _};
use passo_states::{Definitions, Ports, StepFunctions, TestCases};
use passo_store::{MemoryStore, Store};
use passo_vocab::{AccountId, Failure, Region, Timestamp};

/// No mock file.
struct NoTestCases;

impl TestCases for NoTestCases {
    fn mocks(&self, _: &str, _: &str) -> Result<Option<Arc<str>>, String> {
        Ok(None)
    }
}

/// The caller of scripts that do not say.
pub const ACCOUNT: &str = "123456789012";

/// Everything there is.
pub struct Stage {
    pub service: StepFunctions,
    pub clock: Arc<StageClock>,
    store: Arc<MemoryStore>,
    kept: BTreeMap<String, Json>,
    runtime: tokio::runtime::Runtime,
}

/// What a call is expected to give.
pub enum Expect {
    /// This answer, as far as it goes.
    Answer(Json),
    /// A fault of this code, with this text in its message.
    Fault(&'static str, &'static str),
}

/// The call gives this answer.
pub fn gives(answer: Json) -> Expect {
    Expect::Answer(answer)
}

/// The call is refused.
pub fn refuses(code: &'static str, message: &'static str) -> Expect {
    Expect::Fault(code, message)
}

/// A definition of one Pass state.
pub const PASS: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;
/// Another one.
pub const PASS_AGAIN: &str = r#"{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}"#;
/// A definition that waits for a day.
pub const WAIT: &str =
    r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":86400,"End":true}}}"#;
/// A definition that fails.
pub const FAIL: &str =
    r#"{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Oops","Cause":"why"}}}"#;
/// Some role.
pub const ROLE: &str = "arn:aws:iam::123456789012:role/r";

impl Stage {
    pub fn new() -> Stage {
        Stage::over(Arc::new(MemoryStore::new()), false)
    }

    /// A stage where nothing ever waits: time jumps to what happens next.
    pub fn hasty() -> Stage {
        Stage::over(Arc::new(MemoryStore::new()), true)
    }

    /// The same store in a new process.
    pub fn restarted(self) -> Stage {
        let (store, jumps) = (self.store.clone(), self.clock.jumps);
        drop(self);
        Stage::over(store, jumps)
    }

    fn over(store: Arc<MemoryStore>, jumps: bool) -> Stage {
        let clock = Arc::new(StageClock {
            millis: AtomicI64::new(1_700_000_000_000),
            jumps,
        });
        let entropy = Arc::new(Seeds(AtomicU64::new(7)));
        let definitions = Arc::new(Definitions::new());
        let doer = Arc::new(Doer::default());
        let ports = passo_runtime::Ports {
            store: store.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
            definitions: definitions.clone(),
            tasks: doer.clone(),
            data: Arc::new(passo_runtime::NoDataSets),
            listeners: Vec::new(),
        };
        let runtime = Runtime::open(ports, Settings::default()).expect("a runtime");
        let _ = doer.0.set(runtime.clone());
        let shared: Arc<dyn Store> = store.clone();
        let ports = Ports {
            store: shared,
            clock: clock.clone(),
            entropy,
            definitions,
            runtime,
            test_cases: Arc::new(NoTestCases),
        };
        Stage {
            service: StepFunctions::open(ports).expect("a service"),
            clock,
            store,
            kept: BTreeMap::new(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime of futures"),
        }
    }

    /// Plays calls in order.
    pub fn play(&mut self, script: Vec<(&str, Json, Expect)>) -> &mut Stage {
        for (operation, parameters, expect) in script {
            self.check(ACCOUNT, operation, &parameters, expect);
        }
        self
    }

    /// Makes one call and looks at the answer.
    pub fn check(&mut self, account: &str, operation: &str, parameters: &Json, expect: Expect) {
        let parameters = self.filled(parameters);
        let got = self.call(account, operation, parameters.clone());
        let told = format!("{operation} {parameters}: {got:?}");
        match (expect, got) {
            (Expect::Answer(expected), Ok(answer)) => {
                assert!(self.fits(&expected, &answer), "{told}\nexpected {expected}");
            }
            (Expect::Fault(code, message), Err(fault)) => {
                assert!(
                    fault.0 == code && fault.1.contains(message),
                    "{told}\nexpected {code} {message}"
                );
            }
            _ => panic!("{told}"),
        }
    }

    /// Makes one call; a fault is its code and message.
    pub fn call(
        &self,
        account: &str,
        operation: &str,
        parameters: Json,
    ) -> Result<Json, (String, String)> {
        // No two requests have one id, also not in two lives of a process.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        // Nothing in a test happens twice in the same millisecond.
        self.clock.advance(1);
        let call = Call {
            operation: Arc::from(operation),
            parameters,
            caller: Caller {
                account: AccountId::parse(account).expect("an account"),
                region: Region::parse("us-east-1").expect("a region"),
            },
            request_id: RequestId::new(NEXT.fetch_add(1, Ordering::SeqCst).to_string()),
        };
        let answer = self.runtime.block_on(self.service.call(call));
        answer.map_err(|fault| (fault.code.into_owned(), fault.message))
    }

    /// Calls until the answer fits; the work goes on in other threads meanwhile.
    pub fn until(&mut self, operation: &str, parameters: &Json, expected: &Json) {
        let parameters = self.filled(parameters);
        for _ in 0..100_000 {
            let answer = self.call(ACCOUNT, operation, parameters.clone());
            if answer
                .as_ref()
                .is_ok_and(|answer| self.fits(expected, answer))
            {
                return;
            }
            std::thread::yield_now();
        }
        panic!("{operation} {parameters} never gave {expected}");
    }

    /// A value that was kept.
    pub fn kept(&self, name: &str) -> &Json {
        self.kept
            .get(name)
            .unwrap_or_else(|| panic!("`{name}` was not kept"))
    }

    fn filled(&self, value: &Json) -> Json {
        match value {
            Json::String(text) => {
                let mut text = text.to_string();
                let mut kept: Vec<_> = self.kept.iter().collect();
                kept.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
                for (name, value) in kept {
                    let value = value
                        .as_str()
                        .map_or_else(|| value.to_text(), str::to_owned);
                    text = text.replace(&format!("${name}"), &value);
                }
                Json::from(text)
            }
            Json::Array(items) => {
                Json::from(items.iter().map(|it| self.filled(it)).collect::<Vec<_>>())
            }
            Json::Object(object) => {
                let members = object
                    .iter()
                    .map(|(key, value)| (key.clone(), self.filled(value)));
                Json::from(members.collect::<Object>())
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => value.clone(),
        }
    }

    fn fits(&mut self, expected: &Json, answer: &Json) -> bool {
        match (expected, answer) {
            (Json::String(text), answer) if &**text == "*" => !answer.is_null(),
            (Json::String(text), answer) if text.starts_with('$') && !text.contains(':') => {
                let name = text.trim_start_matches('$').to_owned();
                *self.kept.entry(name).or_insert_with(|| answer.clone()) == *answer
            }
            (Json::String(_), answer) => self.filled(expected) == *answer,
            (Json::Array(expected), Json::Array(answer)) => {
                expected.len() == answer.len()
                    && expected
                        .iter()
                        .zip(answer.iter())
                        .all(|(one, other)| self.fits(one, other))
            }
            (Json::Object(expected), Json::Object(answer)) => {
                expected.iter().all(|(key, value)| match answer.get(key) {
                    Some(got) => self.fits(value, got),
                    // A member that must not be there.
                    None => value.is_null(),
                })
            }
            (expected, answer) => expected == answer,
        }
    }
}

/// A clock that is moved by hand and, on a hasty stage, jumps.
pub struct StageClock {
    millis: AtomicI64,
    jumps: bool,
}

impl StageClock {
    /// Moves it forward.
    pub fn advance(&self, millis: i64) {
        self.millis.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for StageClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_epoch_millis(self.millis.load(Ordering::SeqCst))
    }

    fn jump(&self, to: Timestamp) -> bool {
        if self.jumps {
            self.millis.fetch_max(to.epoch_millis(), Ordering::SeqCst);
        }
        self.jumps
    }

    fn is_virtual(&self) -> bool {
        true
    }
}

struct Seeds(AtomicU64);

impl passo_runtime::Entropy for Seeds {
    fn seed(&self) -> u64 {
        self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst)
    }
}

/// Does tasks: one with a token is accepted and waits, the others give back what they got, or fail when it says so.
#[derive(Default)]
struct Doer(OnceLock<Runtime>);

impl TaskPort for Doer {
    fn start(&self, request: TaskRequest) {
        let Some(runtime) = self.0.get() else { return };
        let parameters = request.task.parameters.clone();
        let end = if request.task.token.is_some() {
            TaskUpdate::Submitted(Payload::from(passo_json::json!({})))
        } else if parameters.json().get("fail").is_some() {
            TaskUpdate::Failed(Failure::default())
        } else {
            TaskUpdate::Succeeded(parameters)
        };
        for update in [TaskUpdate::Started { worker: None }, end] {
            let input = Input::Task {
                task: request.task.task,
                update,
            };
            let message = Message::Input {
                execution: request.execution,
                input,
                reply: None,
            };
            let _ = runtime.send(request.execution, message);
        }
    }

    fn cancel(&self, _: Key, _: passo_engine::TaskId) {}
}
