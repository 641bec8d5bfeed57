//! A definition as far as a picture needs it. What is wrong in it is left out; the validator tells of it.

use passo_json::{Json, Object};

/// Scopes inside of scopes; what is deeper is not drawn.
const DEPTH_MAX: u32 = 32;

/// What a state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateType {
    /// Work that somebody else does.
    Task,
    /// A question.
    Choice,
    /// A pause.
    Wait,
    /// Data that is changed on its way.
    Pass,
    /// A good end.
    Succeed,
    /// A bad end.
    Fail,
    /// Branches at once.
    Parallel,
    /// The same for each item.
    Map,
    /// A draft's state without a type that exists.
    Unknown,
}

impl StateType {
    /// The word in a definition; `?` for none.
    pub fn name(self) -> &'static str {
        match self {
            StateType::Task => "Task",
            StateType::Choice => "Choice",
            StateType::Wait => "Wait",
            StateType::Pass => "Pass",
            StateType::Succeed => "Succeed",
            StateType::Fail => "Fail",
            StateType::Parallel => "Parallel",
            StateType::Map => "Map",
            StateType::Unknown => "?",
        }
    }

    fn of(state: &Object) -> StateType {
        match state.get("Type").and_then(Json::as_str) {
            Some("Task") => StateType::Task,
            Some("Choice") => StateType::Choice,
            Some("Wait") => StateType::Wait,
            Some("Pass") => StateType::Pass,
            Some("Succeed") => StateType::Succeed,
            Some("Fail") => StateType::Fail,
            Some("Parallel") => StateType::Parallel,
            Some("Map") => StateType::Map,
            _ => StateType::Unknown,
        }
    }
}

/// States that refer to each other by name: the top level, a branch, an item processor.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    /// The state that is entered first, where one is named.
    pub start_at: Option<&'a str>,
    /// In the order of the definition.
    pub states: Vec<State<'a>>,
}

/// One state.
#[derive(Clone, Debug)]
pub struct State<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is.
    pub kind: StateType,
    /// All that the definition says of it.
    pub fields: &'a Object,
    /// The scopes inside, in order.
    pub inner: Vec<Scope<'a>>,
}

impl<'a> Scope<'a> {
    /// Reads a definition; `None` where it is no picture's worth: no object with `States`.
    pub fn read(definition: &'a Json) -> Option<Scope<'a>> {
        scope(definition, 0)
    }

    /// How many states there are, those inside others too.
    pub fn count(&self) -> usize {
        let inside = |state: &State<'_>| state.inner.iter().map(Scope::count).sum::<usize>();
        self.states.iter().map(|state| 1 + inside(state)).sum()
    }
}

impl<'a> State<'a> {
    /// A field that holds a text.
    pub fn text(&self, field: &str) -> Option<&'a str> {
        self.fields.get(field).and_then(Json::as_str)
    }

    /// A field that holds a list of objects; empty where it does not.
    pub(crate) fn objects(&self, field: &str) -> Vec<&'a Object> {
        let list = self.fields.get(field).and_then(Json::as_array);
        let items = list.into_iter().flat_map(|list| list.iter());
        items.filter_map(Json::as_object).collect()
    }
}

fn scope(value: &Json, depth: u32) -> Option<Scope<'_>> {
    let members = value.as_object()?;
    let states = members.get("States")?.as_object()?;
    let mut found = Vec::with_capacity(states.len());
    for (name, state) in states.entries() {
        let Some(fields) = state.as_object() else {
            continue;
        };
        let kind = StateType::of(fields);
        let inner = if depth < DEPTH_MAX {
            inner(kind, fields, depth + 1)
        } else {
            Vec::new()
        };
        found.push(State {
            name,
            kind,
            fields,
            inner,
        });
    }
    Some(Scope {
        start_at: members.get("StartAt").and_then(Json::as_str),
        states: found,
    })
}

fn inner(kind: StateType, fields: &Object, depth: u32) -> Vec<Scope<'_>> {
    match kind {
        StateType::Parallel => {
            let branches = fields.get("Branches").and_then(Json::as_array);
            let branches = branches.into_iter().flat_map(|branches| branches.iter());
            branches.filter_map(|branch| scope(branch, depth)).collect()
        }
        StateType::Map => {
            let processor = fields
                .get("ItemProcessor")
                .or_else(|| fields.get("Iterator"));
            processor
                .and_then(|processor| scope(processor, depth))
                .into_iter()
                .collect()
        }
        StateType::Task
        | StateType::Choice
        | StateType::Wait
        | StateType::Pass
        | StateType::Succeed
        | StateType::Fail
        | StateType::Unknown => Vec::new(),
    }
}
