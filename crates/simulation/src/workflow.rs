//! Random legal definitions. They always end: transitions lead forward, except in loops that a stop must end.

use passo_json::{Json, ObjectBuilder, json};

use crate::random::Random;

/// What a workflow may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Temper {
    /// Its result does not depend on when things happen.
    Steady,
    /// Failures, silence, races.
    Wild,
}

/// How a workflow is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Kept as it goes.
    Standard,
    /// Kept when it ends; its caller hears that it has begun.
    Express,
    /// The same; its caller waits for its end.
    Synchronous,
}

/// One generated definition.
pub(crate) struct Workflow {
    pub(crate) text: String,
    /// Only a stop ends it.
    pub(crate) is_endless: bool,
}

/// Makes one.
pub(crate) fn generate(random: &Random, temper: Temper, kind: Kind) -> Workflow {
    let is_standard = kind == Kind::Standard;
    if temper == Temper::Wild && is_standard && random.per_mille(60) {
        return endless(random);
    }
    let mut maker = Maker {
        random,
        temper,
        names: 0,
        is_express: !is_standard,
    };
    let mut machine = maker.block(if is_standard { 3 } else { 1 }, true);
    if temper == Temper::Wild && random.per_mille(150) {
        let seconds = Json::from(1 + random.millis(200));
        machine = with(machine, "TimeoutSeconds", seconds);
    }
    Workflow {
        text: machine.to_text(),
        is_endless: false,
    }
}

fn endless(random: &Random) -> Workflow {
    let pause = random.pick(&[1, 60, 3600], 1);
    let machine = json!({"StartAt": "Again", "States": {
        "Again": {"Type": "Choice", "Default": "Pause",
            "Choices": [{"Variable": "$.enough", "IsPresent": true, "Next": "Enough"}]},
        "Enough": {"Type": "Succeed"},
        "Pause": {"Type": "Wait", "Seconds": pause, "Next": "Again"},
    }});
    Workflow {
        text: machine.to_text(),
        is_endless: true,
    }
}

struct Maker<'a> {
    random: &'a Random,
    temper: Temper,
    names: u32,
    /// Whether what is made now has five minutes, and nobody outside to wait for.
    is_express: bool,
}

impl Maker<'_> {
    fn block(&mut self, depth: u32, is_root: bool) -> Json {
        let own = self.random.count(3) + 1;
        let first = self.names;
        self.names += u32::try_from(own).unwrap_or(1) + 1;
        let name = |place: usize| format!("s{}", first + u32::try_from(place).unwrap_or(0));
        let last = name(own);
        let mut states = ObjectBuilder::new();
        for place in 0..own {
            let state = self.state(depth, is_root, &name(place), &name(place + 1), &last);
            match state.get("Type").and_then(Json::as_str) {
                // What comes after an end must still be reachable.
                Some("Fail" | "Succeed") => {
                    let end = format!("{}end", name(place));
                    let go_on = self.random.per_mille(500);
                    let choice = json!({"Type": "Choice", "Default": end.as_str(),
                        "Choices": [{"Variable": "$", "IsPresent": go_on, "Next": name(place + 1)}]});
                    states.insert(name(place), choice).insert(end, state);
                }
                _ => {
                    states.insert(name(place), state);
                }
            }
        }
        states.insert(last, json!({"Type": "Pass", "End": true}));
        json!({"StartAt": name(0), "States": Json::from(states.build())})
    }

    fn state(&mut self, depth: u32, is_root: bool, own: &str, next: &str, last: &str) -> Json {
        match self.choice(depth) {
            0 => json!({"Type": "Pass", "Next": next, "Assign": variable(own)}),
            1 => json!({"Type": "Choice", "Default": next,
                "Choices": [{"Variable": "$", "IsPresent": self.random.per_mille(500), "Next": last}]}),
            2 => self.wait(is_root, next),
            3 => self.end(),
            4 => self.task("lambda", own, next, last),
            5 => self.task("token", own, next, last),
            6 => self.task("activity", own, next, last),
            7 => self.task("sync", own, next, last),
            8 | 9 => {
                let branches: Vec<Json> = (0..=self.random.count(3))
                    .map(|_| self.block(depth - 1, false))
                    .collect();
                let state = json!({"Type": "Parallel", "Branches": branches, "Next": next});
                self.handled(state, last)
            }
            10 | 11 => self.map(depth, "INLINE", own, next, last),
            _ => self.map(depth, "DISTRIBUTED", own, next, last),
        }
    }

    /// What to make next, out of what may be there.
    fn choice(&self, depth: u32) -> u64 {
        const EXPRESS: [u64; 8] = [0, 1, 2, 3, 4, 4, 8, 10];
        match (self.is_express, depth) {
            (true, 0) => self.random.pick(EXPRESS.get(..6).unwrap_or_default(), 0),
            (true, _) => self.random.pick(&EXPRESS, 0),
            (false, 0) => self.random.below(8),
            (false, _) => self.random.below(13),
        }
    }

    fn wait(&self, is_root: bool, next: &str) -> Json {
        let short = [0, 1, 5, 60, 3600];
        let long = [0, 1, 60, 86_400, 10_000_000];
        let seconds = if self.is_express && self.temper == Temper::Steady {
            self.random.pick(&[0, 1, 5], 1)
        } else if is_root && !self.is_express {
            self.random.pick(&long, 1)
        } else {
            self.random.pick(&short, 1)
        };
        json!({"Type": "Wait", "Seconds": seconds, "Next": next})
    }

    fn end(&self) -> Json {
        match self.temper {
            Temper::Wild if self.random.per_mille(500) => {
                json!({"Type": "Fail", "Error": "Told", "Cause": "so"})
            }
            Temper::Wild | Temper::Steady => json!({"Type": "Succeed"}),
        }
    }

    fn map(&mut self, depth: u32, mode: &str, own: &str, next: &str, last: &str) -> Json {
        let items: Vec<Json> = (0..self.random.millis(5)).map(Json::from).collect();
        let is_distributed = mode == "DISTRIBUTED";
        let has_express_children = is_distributed && self.random.per_mille(400);
        let (inside, outside) = (self.is_express || has_express_children, self.is_express);
        self.is_express = inside;
        let depth = if inside { depth.min(2) } else { depth };
        let processor = self.block(depth - 1, false);
        self.is_express = outside;
        // Five minutes must be enough where the outcome must not depend on time.
        let concurrency = if outside { 0 } else { self.random.millis(3) };
        let mut state = json!({"Type": "Map", "Next": next, "QueryLanguage": "JSONata",
            "Items": items.clone(), "MaxConcurrency": concurrency});
        let mut config = json!({"Mode": mode});
        if is_distributed {
            let children = if has_express_children {
                "EXPRESS"
            } else {
                "STANDARD"
            };
            config = with(config, "ExecutionType", json!(children));
            state = with(state, "Label", json!(own));
            state = self.data_set(state, items);
            if self.temper == Temper::Wild && self.random.per_mille(500) {
                state = with(
                    state,
                    "ToleratedFailureCount",
                    Json::from(self.random.millis(3)),
                );
            }
        }
        let processor = with(processor, "ProcessorConfig", config);
        let state = with(state, "ItemProcessor", processor);
        self.handled(state, last)
    }

    /// Every second Map run reads its items, and every third writes its results. No chance is drawn for that: seeds that
    /// were looked at before stay what they were.
    fn data_set(&self, state: Json, items: Vec<Json>) -> Json {
        let mut state = state;
        if self.names.is_multiple_of(2) {
            let arguments = json!({"Bucket": "data", "Key": "items", "Items": items});
            let reader = json!({"Resource": "arn:aws:states:::s3:getObject", "Arguments": arguments,
                "ReaderConfig": {"InputType": "JSON"}});
            state = without(with(state, "ItemReader", reader), "Items");
        }
        if self.names.is_multiple_of(3) {
            let writer = json!({"Resource": "arn:aws:states:::s3:putObject",
                "Arguments": {"Bucket": "data", "Prefix": "results"}});
            // The result names the Map run, which has a name of chance.
            state = with(
                with(state, "ResultWriter", writer),
                "Output",
                json!("written"),
            );
        }
        state
    }

    fn task(&self, kind: &str, own: &str, next: &str, last: &str) -> Json {
        let how = match self.temper {
            Temper::Steady => self.random.pick(&["ok", "ok", "flaky"], "ok"),
            Temper::Wild => self.random.pick(
                &[
                    "ok", "ok", "flaky", "fail", "silent", "late", "beat", "refuse",
                ],
                "ok",
            ),
        };
        let mut parameters = json!({"how": how, "state": own});
        let resource = match kind {
            "lambda" => "arn:aws:lambda:us-east-1:000000000000:function:f",
            "token" => "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "activity" => "arn:aws:states:us-east-1:000000000000:activity:work",
            _ => "arn:aws:states:::states:startExecution.sync:2",
        };
        match kind {
            "token" => {
                let body = with(parameters, "token.$", json!("$$.Task.Token"));
                parameters = json!({"QueueUrl": "queue", "MessageBody": body});
            }
            "sync" => {
                parameters = json!({"StateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:other",
                    "Input": parameters});
            }
            _ => {}
        }
        let state =
            json!({"Type": "Task", "Resource": resource, "Parameters": parameters, "Next": next});
        match self.temper {
            // A worker's answer to its poll may be lost in a crash: time brings the task back.
            Temper::Steady => {
                let state = with(state, "TimeoutSeconds", json!(100_000));
                with(
                    state,
                    "Retry",
                    json!([{"ErrorEquals": ["States.ALL"], "MaxAttempts": 50, "IntervalSeconds": 1, "BackoffRate": 1.0}]),
                )
            }
            Temper::Wild => {
                let state = with(
                    state,
                    "TimeoutSeconds",
                    Json::from(5 + self.random.millis(100)),
                );
                let state = if self.random.per_mille(400) {
                    with(state, "HeartbeatSeconds", json!(4))
                } else {
                    state
                };
                self.handled(state, last)
            }
        }
    }

    fn handled(&self, state: Json, last: &str) -> Json {
        let mut state = state;
        if self.temper == Temper::Steady {
            return state;
        }
        if self.random.per_mille(400) {
            let attempts = self.random.millis(3);
            state = with(
                state,
                "Retry",
                json!([{"ErrorEquals": ["States.ALL"], "MaxAttempts": attempts, "IntervalSeconds": 2}]),
            );
        }
        if self.random.per_mille(400) {
            state = with(
                state,
                "Catch",
                json!([{"ErrorEquals": ["States.ALL"], "Next": last}]),
            );
        }
        state
    }
}

/// An inner scope must not assign what an outer one does, so every state has a variable of its own.
fn variable(own: &str) -> Json {
    ObjectBuilder::new()
        .insert(format!("of_{own}.$"), "$")
        .build()
        .into()
}

fn without(state: Json, key: &str) -> Json {
    match state {
        Json::Object(object) => object.without(key).into(),
        other => other,
    }
}

fn with(state: Json, key: &str, value: Json) -> Json {
    let Json::Object(object) = state else {
        return state;
    };
    object.with(key, value).into()
}

#[cfg(test)]
mod tests {
    use passo_asl::{CompileOptions, Format, compile};

    use super::*;

    #[test]
    fn definitions_are_legal() {
        for seed in 0..200 {
            for (temper, kind) in [
                (Temper::Steady, Kind::Standard),
                (Temper::Steady, Kind::Express),
                (Temper::Wild, Kind::Standard),
                (Temper::Wild, Kind::Synchronous),
            ] {
                let workflow = generate(&Random::new(seed, 1), temper, kind);
                let compiled = compile(&workflow.text, Format::Json, &CompileOptions::default());
                assert!(
                    compiled.is_ok(),
                    "seed {seed}: {}\n{:?}",
                    workflow.text,
                    compiled.err()
                );
            }
        }
    }
}
