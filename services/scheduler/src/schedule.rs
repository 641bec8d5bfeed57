//! A schedule, as it is kept.

use passo_json::{Json, Object, ObjectBuilder};
use passo_schedule::Schedule as Expression;
use passo_vocab::Entropy;

use crate::rhythm::Rhythm;
use crate::zone::Zone;

/// A schedule. Times are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Schedule {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) group: String,
    pub(crate) name: String,
    /// What `GetSchedule` shows of it beside name, ARN and times: as it was given, with defaults.
    pub(crate) given: Object,
    /// `ClientToken` of the call that made it.
    pub(crate) token: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) modified_at: i64,
    /// From which rates count.
    pub(crate) began_at: i64,
    pub(crate) next: Option<Next>,
}

/// When a schedule is fired next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Next {
    /// When it is due.
    pub(crate) due_at: i64,
    /// When it is fired: then, or later within its flexible window.
    pub(crate) fire_at: i64,
}

impl Schedule {
    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:scheduler:{}:{}:schedule/{}/{}",
            self.region, self.account, self.group, self.name
        )
    }

    /// The key of its row behind `schedule`, as one text.
    pub(crate) fn key(&self) -> String {
        [&*self.account, &self.region, &self.group, &self.name].join("\0")
    }

    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        self.given.get(member)?.as_str()
    }

    pub(crate) fn target(&self) -> Object {
        let target = self.given.get("Target").and_then(Json::as_object);
        target.cloned().unwrap_or_default()
    }

    /// When it is due; none where it cannot be read.
    pub(crate) fn rhythm(&self) -> Option<Rhythm> {
        let time = |member: &str| self.given.get(member).and_then(millis);
        Some(Rhythm {
            schedule: Expression::parse(self.text("ScheduleExpression")?).ok()?,
            zone: Zone::parse(self.text("ScheduleExpressionTimezone")?)?,
            start: time("StartDate"),
            end: time("EndDate"),
            began: self.began_at,
        })
    }

    /// Whether it is ever fired.
    pub(crate) fn is_enabled(&self) -> bool {
        self.text("State") != Some("DISABLED")
    }

    /// Whether it goes once it is never due again.
    pub(crate) fn goes_afterwards(&self) -> bool {
        self.text("ActionAfterCompletion") == Some("DELETE")
    }

    /// When it is fired next, where it is due then.
    pub(crate) fn fired(&self, due_at: i64, entropy: &Entropy) -> Next {
        let window = self.given.get("FlexibleTimeWindow");
        let minutes = window.and_then(|window| window.get("MaximumWindowInMinutes")?.as_i64());
        let minutes = minutes.and_then(|minutes| u64::try_from(minutes).ok());
        let later = entropy.below(minutes.unwrap_or(0).saturating_mul(60_000));
        Next {
            due_at,
            fire_at: due_at.saturating_add(i64::try_from(later).unwrap_or(0)),
        }
    }

    pub(crate) fn encode(&self) -> Json {
        let mut row = ObjectBuilder::new();
        row.insert("format", 1)
            .insert("account", self.account.as_str())
            .insert("region", self.region.as_str())
            .insert("group", self.group.as_str())
            .insert("name", self.name.as_str())
            .insert("given", self.given.clone())
            .insert_some("token", self.token.as_deref())
            .insert("created_at", self.created_at)
            .insert("modified_at", self.modified_at)
            .insert("began_at", self.began_at)
            .insert_some("due_at", self.next.map(|next| next.due_at))
            .insert_some("fire_at", self.next.map(|next| next.fire_at));
        Json::from(row.build())
    }

    pub(crate) fn decode(row: &Json) -> Option<Schedule> {
        let text = |member: &str| Some(row.get(member)?.as_str()?.to_owned());
        let number = |member: &str| row.get(member)?.as_i64();
        Some(Schedule {
            account: text("account")?,
            region: text("region")?,
            group: text("group")?,
            name: text("name")?,
            given: row.get("given")?.as_object()?.clone(),
            token: text("token"),
            created_at: number("created_at")?,
            modified_at: number("modified_at")?,
            began_at: number("began_at")?,
            next: match (number("due_at"), number("fire_at")) {
                (Some(due_at), Some(fire_at)) => Some(Next { due_at, fire_at }),
                _ => None,
            },
        })
    }
}

/// Seconds since 1970, perhaps with a fraction, in milliseconds.
pub(crate) fn millis(seconds: &Json) -> Option<i64> {
    let seconds = seconds.as_f64().filter(|seconds| seconds.abs() < 1.0e11)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be far below 2^53"
    )]
    let millis = (seconds * 1000.0).round() as i64;
    Some(millis)
}

/// Milliseconds as the API shows times: seconds since 1970, with a fraction.
#[expect(clippy::cast_precision_loss, reason = "times are below 2^53")]
pub(crate) fn seconds(millis: i64) -> Json {
    passo_json::Number::from_f64(millis as f64 / 1000.0).map_or(Json::Null, Json::Number)
}

#[cfg(test)]
mod tests {
    use passo_json::json;

    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let given = json!({"ScheduleExpression": "rate(1 day)", "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 2}});
        let schedule = Schedule {
            account: "000000000000".to_owned(),
            name: "n".to_owned(),
            given: given.as_object().unwrap().clone(),
            next: Some(Next {
                due_at: 1,
                fire_at: 2,
            }),
            ..Schedule::default()
        };
        assert_eq!(Schedule::decode(&schedule.encode()), Some(schedule.clone()));
        assert!(schedule.rhythm().is_some());
        let entropy = Entropy::from_seed(1);
        for _ in 0..100 {
            let next = schedule.fired(1000, &entropy);
            assert!((1000..121_000).contains(&next.fire_at), "{next:?}");
        }
        assert_eq!(millis(&seconds(1_500)), Some(1_500));
    }
}
