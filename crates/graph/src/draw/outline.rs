//! A workflow as lines of text, for terminals: its states in the order in which the picture has them from above.

use crate::definition::{Scope, State};
use crate::layout::scope_order;
use crate::rule;
use crate::standing::{Standings, Status};
use crate::way::{Stop, Way, WayKind, ways_of};

/// One line of an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineLine {
    /// What leads to it: bars that show what is inside what.
    pub bars: String,
    /// What stands there: a state's name, or where a way goes.
    pub text: String,
    /// What more there is to say.
    pub note: String,
    /// Whether it is a state; ways and branches are not.
    pub is_state: bool,
    /// How the state stands, where that is known.
    pub status: Option<Status>,
}

/// Tells a definition, and with `standings` how an execution stands.
pub fn outline(scope: &Scope<'_>, standings: Option<&Standings>) -> Vec<OutlineLine> {
    let mut lines = Vec::new();
    tell(scope, "", standings, &mut lines);
    lines
}

fn tell(
    scope: &Scope<'_>,
    bars: &str,
    standings: Option<&Standings>,
    lines: &mut Vec<OutlineLine>,
) {
    let ways = ways_of(scope);
    let order = scope_order(scope, &ways);
    for (index, place) in order.iter().enumerate() {
        let Some(state) = scope.states.get(*place) else {
            continue;
        };
        let is_last = index + 1 == order.len();
        let (knot, below) = if is_last {
            ("└ ", "  ")
        } else {
            ("├ ", "│ ")
        };
        let below = format!("{bars}{below}");
        lines.push(OutlineLine {
            bars: format!("{bars}{knot}"),
            text: rule::in_one_line(state.name),
            note: state.subtitle(),
            is_state: true,
            status: standings.and_then(|standings| standings.of(state.name)),
        });
        inside(state, &below, standings, lines);
        let next = order.get(index + 1).copied();
        for way in ways.iter().filter(|way| way.from == Stop::State(*place)) {
            if let Some(text) = way_text(scope, way, next) {
                lines.push(plain(&below, text));
            }
        }
    }
}

fn inside(
    state: &State<'_>,
    bars: &str,
    standings: Option<&Standings>,
    lines: &mut Vec<OutlineLine>,
) {
    let several = state.inner.len() > 1;
    for (index, scope) in state.inner.iter().enumerate() {
        if several {
            lines.push(plain(bars, format!("branch {}", index + 1)));
        }
        let bars = if several {
            format!("{bars}  ")
        } else {
            bars.to_owned()
        };
        tell(scope, &bars, standings, lines);
    }
}

fn plain(bars: &str, text: String) -> OutlineLine {
    OutlineLine {
        bars: bars.to_owned(),
        text,
        note: String::new(),
        is_state: false,
        status: None,
    }
}

/// A way in words; none for the one that goes on to the next line.
fn way_text(scope: &Scope<'_>, way: &Way, next: Option<usize>) -> Option<String> {
    let target = match way.to {
        Stop::State(place) => rule::in_one_line(scope.states.get(place)?.name),
        Stop::End => "end".to_owned(),
        Stop::Start => return None,
    };
    match way.kind {
        WayKind::Next if way.to == Stop::End && next.is_none() => None,
        WayKind::Next if next.is_some_and(|next| way.to == Stop::State(next)) => None,
        WayKind::Next => Some(format!("→ {target}")),
        WayKind::Choice | WayKind::Default => Some(format!("{} → {target}", way.label)),
        WayKind::Catch => Some(format!("! {} → {target}", way.label)),
    }
}
