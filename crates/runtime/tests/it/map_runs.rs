//! An execution and its Map run, whatever order stops, redrives and crashes come in.

use std::collections::VecDeque;
use std::sync::Arc;

use passo_engine::Input;
use passo_engine::map::MapRunStatus;
use passo_json::{Json, json};
use passo_runtime::{Audit, audit};
use passo_runtime::{Definitions as _, ExecutionStatus, Message, Partition, Settings, Start, Turn};
use passo_store::{Durability, MemoryStore, Store as _};
use passo_vocab::{Failure, Timestamp};

use crate::world::{Compiler, header, key};

const NOW: Timestamp = Timestamp::from_epoch_millis(0);

/// What may happen to an execution whose Map run waits for its children.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Stop,
    Redrive,
    /// The partition handles one message between execution and run.
    Move,
    /// Everything decided becomes durable.
    Commit,
    /// The process dies, and what is not durable with it.
    Crash,
}

const STEPS: [Step; 5] = [
    Step::Stop,
    Step::Redrive,
    Step::Move,
    Step::Commit,
    Step::Crash,
];

/// One partition, driven by hand.
struct Stage {
    store: MemoryStore,
    partition: Partition,
    pending: VecDeque<Turn>,
    seed: u64,
}

fn partition(store: &MemoryStore, seed: u64) -> Partition {
    let settings = Settings {
        internal_messages_max: 1,
        ..Settings::default()
    };
    let mut partition = Partition::new(Arc::new(store.clone()), Arc::new(Compiler), settings);
    partition.recover(NOW, seed).unwrap();
    partition
}

impl Stage {
    fn new(definition: &Json) -> Stage {
        let store = MemoryStore::new();
        let mut stage = Stage {
            partition: partition(&store, 1),
            store,
            pending: VecDeque::new(),
            seed: 1,
        };
        let text = definition.to_text();
        let start = Start {
            header: header("e", &json!({})),
            program: Compiler.program(&text).unwrap(),
            definition: Arc::from(text),
            trace_header: None,
            named_by: Some(Arc::from("request")),
            started: None,
            finished: None,
        };
        stage.handle(Message::Start(Box::new(start)));
        stage.settle();
        stage
    }

    fn handle(&mut self, message: Message) {
        self.seed += 1;
        self.partition.handle(message, NOW, self.seed);
    }

    fn tell(&mut self, input: Input) {
        self.handle(Message::Input {
            execution: key("e"),
            input,
            reply: None,
        });
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Stop => self.tell(Input::Stop {
                failure: Failure::default(),
            }),
            Step::Redrive => self.tell(Input::Redrive),
            Step::Move => {
                self.seed += 1;
                self.partition.go_on(NOW, self.seed);
                self.pending.extend(self.partition.end_turn());
            }
            Step::Commit => self.commit(),
            Step::Crash => {
                self.pending.clear();
                self.seed += 1;
                self.partition = partition(&self.store, self.seed);
            }
        }
    }

    fn commit(&mut self) {
        self.pending.extend(self.partition.end_turn());
        for turn in self.pending.drain(..) {
            self.store.commit(&turn.batch, Durability::Synced).unwrap();
            self.partition.release(turn.number);
        }
    }

    /// Until nothing moves.
    fn settle(&mut self) {
        for _ in 0..1_000 {
            self.seed += 1;
            let more = self.partition.go_on(NOW, self.seed);
            self.commit();
            if !more {
                return;
            }
        }
        unreachable!("it never settles");
    }

    fn audit(&self) -> Audit {
        let snapshot = self.store.snapshot().unwrap();
        audit(snapshot.as_ref(), &Compiler).unwrap()
    }
}

/// Children that never end by themselves.
fn distributed() -> Json {
    json!({"StartAt": "D", "States": {"D": {"Type": "Map", "Items": [0, 1], "QueryLanguage": "JSONata", "Label": "d",
        "MaxConcurrency": 1, "End": true, "ItemProcessor": {"StartAt": "W",
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "States": {"W": {"Type": "Wait", "Seconds": 1_000_000, "End": true}}}}}})
}

/// The same inside an inline Map that is tried again when it fails.
fn nested() -> Json {
    json!({"StartAt": "M", "States": {"M": {"Type": "Map", "Items": [0], "QueryLanguage": "JSONata", "End": true,
        "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}], "ItemProcessor": distributed()}}})
}

/// Makes these steps, and then checks that every Map run goes on exactly where its execution does.
fn check(definition: &Json, steps: &[Step]) {
    let mut stage = Stage::new(definition);
    for step in steps {
        stage.step(*step);
    }
    stage.settle();
    for again in [false, true] {
        if again {
            stage.step(Step::Crash);
            stage.settle();
        }
        let audit = stage.audit();
        assert!(audit.findings.is_empty(), "{steps:?}: {:?}", audit.findings);
        let owner = &audit.executions.get(&key("e")).unwrap().summary;
        let (status, running) = match owner.status {
            ExecutionStatus::Running => (MapRunStatus::Running, 1),
            _ => (MapRunStatus::Aborted, 0),
        };
        assert_eq!(audit.map_runs.len(), 1, "{steps:?}: {owner:?}");
        for run in audit.map_runs.values() {
            let found = (run.status, run.execution_counts.running);
            assert_eq!(found, (status, running), "{steps:?}: {owner:?} {run:?}");
            if owner.status == ExecutionStatus::Running {
                assert_eq!(run.redrive_count, owner.redrive_count, "{steps:?}");
            }
        }
        let open = audit.executions.values();
        let open = open.filter(|found| found.summary.status == ExecutionStatus::Running);
        assert_eq!(open.count() % 2, 0, "{steps:?}: a child outlives its run");
    }
}

/// Every sequence of so many steps.
fn every_sequence(definition: &Json, length: u32) {
    let mut sequences = vec![Vec::new()];
    for _ in 0..length {
        let longer = sequences.iter().flat_map(|steps: &Vec<Step>| {
            STEPS.map(|step| steps.iter().copied().chain([step]).collect())
        });
        sequences = longer.collect();
    }
    for steps in sequences {
        check(definition, &steps);
    }
}

#[test]
fn a_run_goes_on_where_its_execution_does() {
    every_sequence(&distributed(), 4);
}

#[test]
fn a_run_inside_an_inline_map_goes_on_where_its_execution_does() {
    every_sequence(&nested(), 4);
}

/// Stops and redrives that overtake each other on the way to the run.
#[test]
fn what_crosses_on_the_way_does_no_harm() {
    use Step::{Commit, Crash, Move, Redrive, Stop};
    let cases: [&[Step]; 6] = [
        &[Stop, Redrive, Stop, Redrive, Stop, Redrive],
        &[Stop, Move, Redrive, Move, Stop, Move, Move, Redrive],
        &[Stop, Move, Move, Redrive, Move, Move, Stop, Move, Redrive],
        &[Stop, Move, Move, Move, Redrive, Commit, Crash, Stop, Move],
        &[Stop, Redrive, Commit, Crash, Stop, Commit, Crash, Redrive],
        &[
            Stop, Move, Move, Move, Move, Redrive, Stop, Redrive, Move, Stop,
        ],
    ];
    for steps in cases {
        check(&distributed(), steps);
        check(&nested(), steps);
    }
}
