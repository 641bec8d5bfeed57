//! Death at every event: what comes after recovery is what would have come anyway.

use passo_engine::EventKind;

use crate::driver::{Driver, compile, header};
use crate::histories::scenarios;

#[test]
fn at_any_event_changes_nothing() {
    for scenario in scenarios() {
        let program = compile(&scenario.definition);
        let header = header(&scenario.input);
        let mut whole = Driver::new(&program, header.clone());
        let status = whole.run();
        for cut in 0..=whole.events.len() {
            let mut again = Driver::recover(&program, header.clone(), &whole.events[..cut]);
            assert_eq!(again.run(), status, "{} cut at {cut}", scenario.name);
            assert_eq!(
                again.history(),
                whole.history(),
                "{} cut at {cut}",
                scenario.name
            );
            let entered = |driver: &Driver<'_>| {
                let entries = driver.events.iter();
                entries
                    .filter(|event| matches!(event.kind, EventKind::StateEntered { .. }))
                    .count()
            };
            assert_eq!(
                entered(&again),
                entered(&whole),
                "{} cut at {cut}",
                scenario.name
            );
        }
    }
}

#[test]
fn a_late_or_repeated_result_changes_nothing() {
    for scenario in scenarios() {
        let program = compile(&scenario.definition);
        let mut whole = Driver::new(&program, header(&scenario.input));
        whole.run();
        // Every task, timer and Map run reports once more, after the end.
        let history = whole.history();
        for command in std::mem::take(&mut whole.commands) {
            use passo_engine::{Command, Input, MapRunOutcome, TaskUpdate};
            let input = match command {
                Command::StartTask(task) => {
                    let failed = TaskUpdate::Failed(passo_vocab::Failure::default());
                    Input::Task {
                        task: task.task,
                        update: failed,
                    }
                }
                Command::SetTimer { timer, .. } => Input::TimerFired { timer },
                Command::StartMapRun { map_run, .. } => Input::MapRunFinished {
                    map_run,
                    redrives: 0,
                    outcome: MapRunOutcome::Aborted,
                },
                _ => continue,
            };
            whole.give(input);
        }
        assert_eq!(whole.history(), history, "{}", scenario.name);
    }
}
