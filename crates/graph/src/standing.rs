//! How the states of an execution stand, told from its history.

use std::collections::{BTreeMap, BTreeSet};

use passo_json::Json;

/// How a state stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is under way.
    Running,
    /// It was left as it should be.
    Succeeded,
    /// It failed, and the workflow went on elsewhere.
    Caught,
    /// It failed, and with it what is around it.
    Failed,
    /// It was given up.
    Aborted,
}

impl Status {
    /// One word: `running`, `succeeded`, `caught`, `failed`, `aborted`.
    pub fn name(self) -> &'static str {
        match self {
            Status::Running => "running",
            Status::Succeeded => "succeeded",
            Status::Caught => "caught",
            Status::Failed => "failed",
            Status::Aborted => "aborted",
        }
    }
}

/// How states stand, and by which ways they were left: made of a history, event by event.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    visits: Vec<Visit>,
    /// For each event the visit that it belongs to, and the one around it.
    places: BTreeMap<i64, Place>,
    states: BTreeMap<String, Seen>,
    taken: BTreeSet<(String, String)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Place {
    visit: Option<usize>,
    inside: Option<usize>,
}

#[derive(Clone, Debug)]
struct Visit {
    state: String,
    /// `Task`, `Parallel`, …
    kind: String,
    parent: Option<usize>,
    status: Status,
    has_failed: bool,
    is_open: bool,
}

/// A state, all its visits together.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    open: usize,
    last: Option<Status>,
}

impl Standings {
    /// Takes the next event, as `GetExecutionHistory` shows it.
    pub fn take(&mut self, event: &Json) {
        let id = event.get("id").and_then(Json::as_i64).unwrap_or_default();
        let before = event.get("previousEventId").and_then(Json::as_i64);
        let before = before.and_then(|id| self.places.get(&id).copied());
        let before = before.unwrap_or_default();
        let kind = event.get("type").and_then(Json::as_str);
        let kind = kind.unwrap_or_default();
        let place = if kind.starts_with("Execution") {
            self.ends(kind, before);
            before
        } else if let Some(state) = kind.strip_suffix("StateEntered") {
            self.enter(state, name(event, "stateEnteredEventDetails"), before)
        } else {
            self.inside(kind, before)
        };
        self.places.insert(id, place);
    }

    /// How a state stands; `None` where it was not entered.
    pub fn of(&self, state: &str) -> Option<Status> {
        let seen = self.states.get(state)?;
        if seen.open > 0 {
            return Some(Status::Running);
        }
        seen.last
    }

    /// Whether an execution went from one state to another; an empty name is the start or the end of their scope.
    pub fn went(&self, from: &str, to: &str) -> bool {
        if from.is_empty() {
            return self.states.contains_key(to);
        }
        if to.is_empty() {
            return self.of(from) == Some(Status::Succeeded);
        }
        self.taken.contains(&(from.to_owned(), to.to_owned()))
    }

    fn enter(&mut self, kind: &str, state: &str, before: Place) -> Place {
        let left = before.visit.and_then(|visit| self.visits.get(visit));
        if let Some(left) = left.filter(|left| !left.is_open) {
            self.taken.insert((left.state.clone(), state.to_owned()));
        }
        self.visits.push(Visit {
            state: state.to_owned(),
            kind: kind.to_owned(),
            parent: before.inside,
            status: Status::Running,
            has_failed: false,
            is_open: true,
        });
        self.states.entry(state.to_owned()).or_default().open += 1;
        Place {
            visit: Some(self.visits.len() - 1),
            inside: before.inside,
        }
    }

    fn inside(&mut self, kind: &str, before: Place) -> Place {
        let owner = self.owner(kind, before);
        let Some((number, parent)) = owner.and_then(|number| {
            let visit = self.visits.get(number)?;
            Some((number, visit.parent))
        }) else {
            return before;
        };
        let own = Place {
            visit: Some(number),
            inside: parent,
        };
        let within = Place {
            visit: Some(number),
            inside: Some(number),
        };
        if kind.ends_with("StateExited") {
            let has_failed = self
                .visits
                .get(number)
                .is_some_and(|visit| visit.has_failed);
            let status = if has_failed {
                Status::Caught
            } else {
                Status::Succeeded
            };
            self.close(number, status);
            return own;
        }
        match kind {
            "ParallelStateStarted"
            | "MapStateStarted"
            | "MapIterationStarted"
            | "MapIterationSucceeded" => within,
            "MapIterationFailed" | "MapIterationAborted" => {
                self.fail(before.visit, Some(number));
                within
            }
            "ParallelStateFailed" | "MapStateFailed" => {
                self.fail(before.visit, Some(number));
                self.mark(number, true);
                own
            }
            _ if kind.ends_with("Failed") || kind.ends_with("TimedOut") => {
                self.mark(number, true);
                own
            }
            // A try that goes well makes those before it forgotten.
            _ if kind.ends_with("Succeeded") => {
                self.mark(number, false);
                own
            }
            _ => own,
        }
    }

    /// The visit that an event belongs to: of containers, the one around the place that it comes from.
    fn owner(&self, kind: &str, before: Place) -> Option<usize> {
        let mut at = before.visit.or(before.inside);
        let wanted = ["Parallel", "Map"].into_iter().find(|word| {
            let rest = kind.strip_prefix(word);
            rest.is_some_and(|rest| rest.starts_with("State") || rest.starts_with("Iteration"))
        });
        let Some(wanted) = wanted else {
            return at;
        };
        while let Some(number) = at {
            let visit = self.visits.get(number)?;
            if visit.kind == wanted && visit.is_open {
                return Some(number);
            }
            at = visit.parent;
        }
        None
    }

    fn ends(&mut self, kind: &str, before: Place) {
        let status = match kind {
            "ExecutionFailed" => {
                self.fail(before.visit, None);
                Status::Aborted
            }
            "ExecutionSucceeded" | "ExecutionAborted" | "ExecutionTimedOut" => Status::Aborted,
            _ => return,
        };
        for number in 0..self.visits.len() {
            self.close(number, status);
        }
    }

    /// What was under way at a place has failed, up to `until`.
    fn fail(&mut self, from: Option<usize>, until: Option<usize>) {
        let mut at = from;
        while let Some(number) = at.filter(|_| at != until) {
            self.close(number, Status::Failed);
            at = self.visits.get(number).and_then(|visit| visit.parent);
        }
    }

    fn mark(&mut self, number: usize, has_failed: bool) {
        if let Some(visit) = self.visits.get_mut(number) {
            visit.has_failed = has_failed;
        }
    }

    fn close(&mut self, number: usize, status: Status) {
        let Some(visit) = self.visits.get_mut(number).filter(|visit| visit.is_open) else {
            return;
        };
        visit.is_open = false;
        visit.status = status;
        if let Some(seen) = self.states.get_mut(&visit.state) {
            seen.open = seen.open.saturating_sub(1);
            // One failure among many iterations is what a reader looks for.
            if seen.last != Some(Status::Failed) || status == Status::Failed {
                seen.last = Some(status);
            }
        }
    }
}

fn name<'a>(event: &'a Json, details: &str) -> &'a str {
    let details = event.get(details);
    let name = details.and_then(|details| details.get("name"));
    name.and_then(Json::as_str).unwrap_or_default()
}
