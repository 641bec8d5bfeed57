//! What counting costs: an execution of ten Pass states, against deciding it, and a request.

use std::sync::Arc;

use anyhow::{Result, anyhow};
use passo_asl::program::Program;
use passo_asl::{CompileOptions, Format, compile};
use passo_engine::{Budget, Decision, Event, Execution, ExecutionHeader, Input, Limits};
use passo_expr::Environment;
use passo_metrics::{ExecutionMetrics, Prometheus, Request};
use passo_runtime::Listener as _;
use passo_vocab::Entropy;

use crate::engine::bench_header;
use crate::measure::{Plan, Row};

/// States of the chain, as in the throughput budget.
const STATES: u32 = 10;

/// Measures metrics.
///
/// # Errors
/// When the definition does not compile.
pub fn measure(plan: &Plan) -> Result<Vec<Row>> {
    if !plan.wants("metrics: ") {
        return Ok(Vec::new());
    }
    let states: Vec<String> = (0..STATES)
        .map(|number| {
            let next = match number + 1 {
                STATES => "\"End\":true".to_owned(),
                next => format!("\"Next\":\"S{next}\""),
            };
            format!("\"S{number}\":{{\"Type\":\"Pass\",{next}}}")
        })
        .collect();
    let definition = format!(r#"{{"StartAt":"S0","States":{{{}}}}}"#, states.join(","));
    let compiled = compile(&definition, Format::Json, &CompileOptions::default())
        .map_err(|diagnostics| anyhow!("the definition is not valid: {diagnostics:?}"))?;
    let (program, header) = (
        Arc::new(compiled.program),
        Arc::new(bench_header(Limits::STANDARD)),
    );
    let events = decide(&header, &program);
    let prometheus = Arc::new(Prometheus::new());
    let metrics = ExecutionMetrics::new(vec![Arc::clone(&prometheus) as Arc<_>]);
    let counted = || {
        metrics.recorded(&header, &program, &events);
        true
    };
    let decided = || !decide(&header, &program).is_empty();
    let request = Request {
        service: "states",
        operation: "StartExecution",
        outcome: "success",
        seconds: 0.000_4,
    };
    let answered = || {
        prometheus.answered(&request);
        true
    };
    let rows = [
        plan.compare(
            "metrics: an execution of ten states",
            &counted,
            Some(("to decide it", &decided)),
        ),
        plan.compare("metrics: a request", &answered, None),
    ];
    Ok(rows.into_iter().flatten().collect())
}

/// The events of an execution from its start to its end.
fn decide(header: &ExecutionHeader, program: &Program) -> Vec<Event> {
    let environment = Environment {
        now: header.started_at,
        entropy: Entropy::from_seed(1),
    };
    let mut decision = Decision::default();
    let mut execution = Execution::new(header.clone());
    let budget = Budget::default();
    let progress = execution.decide(program, Input::Start, &environment, budget, &mut decision);
    match progress {
        Ok(_) => decision.events,
        Err(_) => Vec::new(),
    }
}
