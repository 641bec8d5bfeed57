//! The eight types of state.

use super::{Choice, Map, Parallel, Pass, Task, Wait};
use crate::program::{Fail, Succeed};

/// What `Type` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StateType {
    Task,
    Pass,
    Choice,
    Wait,
    Succeed,
    Fail,
    Parallel,
    Map,
}

/// A state's own fields. Types that lead nowhere have nothing to resolve and are ready to run.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Task(Box<Task>),
    Pass(Box<Pass>),
    Choice(Box<Choice>),
    Wait(Box<Wait>),
    Succeed(Box<Succeed>),
    Fail(Box<Fail>),
    Parallel(Box<Parallel>),
    Map(Box<Map>),
}

impl StateType {
    /// The names in the order in which AWS lists them (recorded).
    pub(crate) const NAMES: [&'static str; 8] = [
        "Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map",
    ];

    pub(crate) fn from_name(name: &str) -> Option<StateType> {
        Some(match name {
            "Task" => StateType::Task,
            "Pass" => StateType::Pass,
            "Choice" => StateType::Choice,
            "Wait" => StateType::Wait,
            "Succeed" => StateType::Succeed,
            "Fail" => StateType::Fail,
            "Parallel" => StateType::Parallel,
            "Map" => StateType::Map,
            _ => return None,
        })
    }
}
