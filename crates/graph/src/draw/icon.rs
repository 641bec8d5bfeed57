//! Signs of ours, on a ground of 24 by 24: of types of states, and of statuses, so that colour is never alone.

use crate::definition::StateType;
use crate::standing::Status;

pub(super) fn of_state(kind: StateType) -> &'static str {
    match kind {
        StateType::Task => "M9 3 4 13h6l-2 8 10-12h-7l3-6z",
        StateType::Choice => "M12 3l9 9-9 9-9-9z M12 9v4 M12 16v.01",
        StateType::Parallel => "M4 5h4v14H4z M10 5h4v14h-4z M16 5h4v14h-4z",
        StateType::Map => "M4 4h7v7H4z M13 4h7v7h-7z M4 13h7v7H4z M13 13h7v7h-7z",
        StateType::Wait => "M12 3a9 9 0 1 0 .01 0z M12 8v5l3 2",
        StateType::Pass => "M4 12h14 M13 6l6 6-6 6",
        StateType::Succeed => "M5 13l4 4 10-11",
        StateType::Fail => "M6 6l12 12 M18 6L6 18",
        StateType::Unknown => "M9 9a3 3 0 1 1 3 3v2 M12 18v.01",
    }
}

pub(super) fn of_status(status: Status) -> &'static str {
    match status {
        Status::Running => "M12 3a9 9 0 1 1-8.5 6",
        Status::Succeeded => "M5 13l4 4 10-11",
        Status::Caught => "M12 4v10 M12 19v.01",
        Status::Failed => "M6 6l12 12 M18 6L6 18",
        Status::Aborted => "M6 6h12v12H6z",
    }
}
