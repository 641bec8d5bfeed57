//! Where members of parameters and of results come from.

use passo_json::{Json, Object, ObjectBuilder};

/// Where a member comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// This place in the answer that the job began with, as tasks show it.
    Answer(&'static str),
    /// The same, as the only item of a list.
    AnswerList(&'static str),
    /// This place in the parameters that the job began with, as the service takes them.
    Given(&'static str),
}

/// Members by their names, each from its origin.
pub(crate) type Members = &'static [(&'static str, Origin)];

/// These members of `answer`, as tasks show it, and of `given`, as the service takes it. What is in neither is left out.
pub(crate) fn picked(members: Members, answer: &Json, given: &Json) -> Object {
    let mut out = ObjectBuilder::new();
    for (name, from) in members {
        let value = match from {
            Origin::Answer(place) => answer.pointer(place).cloned(),
            Origin::AnswerList(place) => answer
                .pointer(place)
                .map(|item| Json::from(vec![item.clone()])),
            Origin::Given(place) => given.pointer(place).cloned(),
        };
        out.insert_some(*name, value);
    }
    out.build()
}
