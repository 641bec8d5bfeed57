//! The page of the clock: what time it is, and moving it on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use passo_json::{Json, json};
use passo_runtime::{Clock, VirtualClock};
use passo_vocab::Timestamp;

use super::{Refusal, duration};

/// How long an answer waits for what happens on the clock's way.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// How often it is looked how far the clock has come.
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// The clock, as far as it can be moved.
pub(crate) struct ClockPage {
    pub(crate) clock: Arc<dyn Clock>,
    /// The same, where it is virtual.
    pub(crate) movable: Option<Arc<VirtualClock>>,
}

impl ClockPage {
    /// What time it is.
    pub(crate) fn answer(&self) -> Json {
        let now = self.clock.now().to_string();
        match &self.movable {
            None => json!({"kind": "real", "now": now}),
            Some(clock) => json!({"kind": "virtual", "now": now, "jumps": clock.jumps()}),
        }
    }

    /// Moves the clock, and says how far it came: `{"advance": "PT1H"}`, `{"to": "2030-01-01T00:00:00Z"}`; or lets it
    /// jump by itself, or not: `{"jumps": false}`.
    pub(super) async fn change(&self, wish: &Json) -> Result<Json, Refusal> {
        let Some(clock) = &self.movable else {
            let message = "the clock is the machine's; start the server with `--clock virtual`";
            return Err(Refusal::conflict(message));
        };
        let Some(members) = wish.as_object() else {
            return Err(Refusal::invalid("the body is not a JSON object"));
        };
        if let Some(other) = members
            .keys()
            .find(|name| !matches!(&***name, "advance" | "to" | "jumps"))
        {
            let message = format!("unknown member `{other}`; known are `advance`, `to`, `jumps`");
            return Err(Refusal::invalid(message));
        }
        let goal = goal(wish, clock.now())?;
        let jumps = match wish.get("jumps") {
            None => None,
            Some(Json::Bool(jumps)) => Some(*jumps),
            Some(_) => return Err(Refusal::invalid("`jumps` is not true or false")),
        };
        if goal.is_none() && jumps.is_none() {
            let message = "one of `advance`, `to` and `jumps` is needed";
            return Err(Refusal::invalid(message));
        }
        if let Some(jumps) = jumps {
            clock.set_jumps(jumps);
        }
        if let Some(goal) = goal {
            clock.go_to(goal);
            let begun = Instant::now();
            while clock.now() < goal && begun.elapsed() < WAIT_MAX {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
        Ok(self.answer())
    }
}

/// Where the clock is to go.
fn goal(wish: &Json, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    match (wish.get("advance"), wish.get("to")) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(Refusal::invalid("`advance` and `to` exclude each other")),
        (Some(advance), None) => {
            let millis = advance.as_str().and_then(duration::millis);
            let millis = millis.ok_or_else(|| {
                Refusal::invalid("`advance` is not an ISO 8601 duration such as PT1H or P30D")
            })?;
            Ok(Some(now.plus_millis(millis)))
        }
        (None, Some(to)) => {
            let to = to.as_str().map(Timestamp::parse_rfc3339);
            let Some(Ok(to)) = to else {
                return Err(Refusal::invalid(
                    "`to` is not a time such as 2030-01-01T00:00:00Z",
                ));
            };
            if to < now {
                return Err(Refusal::conflict("time does not go backwards"));
            }
            Ok(Some(to))
        }
    }
}
