//! What the points of an alarm's metric say about its state. Pure.
//!
//! Source: CloudWatch User Guide, "Evaluating an alarm" and "Configuring how CloudWatch alarms treat missing data".

/// The state of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StateValue {
    Ok,
    Alarm,
    InsufficientData,
}

impl StateValue {
    pub(crate) fn parse(text: &str) -> Option<StateValue> {
        Some(match text {
            "OK" => StateValue::Ok,
            "ALARM" => StateValue::Alarm,
            "INSUFFICIENT_DATA" => StateValue::InsufficientData,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            StateValue::Ok => "OK",
            StateValue::Alarm => "ALARM",
            StateValue::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// How a value is compared with the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    GreaterOrEqual,
    Greater,
    Less,
    LessOrEqual,
}

impl Comparison {
    pub(crate) fn parse(text: &str) -> Option<Comparison> {
        Some(match text {
            "GreaterThanOrEqualToThreshold" => Comparison::GreaterOrEqual,
            "GreaterThanThreshold" => Comparison::Greater,
            "LessThanThreshold" => Comparison::Less,
            "LessThanOrEqualToThreshold" => Comparison::LessOrEqual,
            _ => return None,
        })
    }

    fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Comparison::GreaterOrEqual => value >= threshold,
            Comparison::Greater => value > threshold,
            Comparison::Less => value < threshold,
            Comparison::LessOrEqual => value <= threshold,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Comparison::GreaterOrEqual => "greater than or equal to",
            Comparison::Greater => "greater than",
            Comparison::Less => "less than",
            Comparison::LessOrEqual => "less than or equal to",
        }
    }
}

/// What a missing point stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// `missing`: nothing.
    Kept,
    Ignore,
    Breaching,
    NotBreaching,
}

impl Missing {
    pub(crate) fn parse(text: &str) -> Option<Missing> {
        Some(match text {
            "missing" => Missing::Kept,
            "ignore" => Missing::Ignore,
            "breaching" => Missing::Breaching,
            "notBreaching" => Missing::NotBreaching,
            _ => return None,
        })
    }
}

/// What an alarm wants to know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) comparison: Comparison,
    pub(crate) threshold: f64,
    pub(crate) missing: Missing,
    /// Periods that count.
    pub(crate) periods: usize,
    /// How many of them have to breach.
    pub(crate) breaching: usize,
}

/// A point of a period: when it began, and its value if there is one.
pub(crate) type Period = (i64, Option<f64>);

/// A verdict with its reason.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) value: StateValue,
    pub(crate) reason: String,
    /// The points that were looked at, the oldest first.
    pub(crate) points: Vec<(i64, f64)>,
}

/// Periods beyond those that count, from which points are taken where newer ones are missing.
pub(crate) const MORE_PERIODS: usize = 2;

/// The state that `periods`, the newest first, lead to; `None` where the state stays what it is.
pub(crate) fn evaluate(rule: &Rule, periods: &[Period]) -> Option<Verdict> {
    let there = periods.iter().enumerate();
    let there = there.filter_map(|(place, (at, value))| Some((place, *at, (*value)?)));
    let mut there: Vec<(usize, i64, f64)> = there.collect();
    let enough = there.len() >= rule.periods;
    there.truncate(rule.periods);
    let breaches = |value: f64| rule.comparison.holds(value, rule.threshold);
    let breaching = there
        .iter()
        .filter(|(_, _, value)| breaches(*value))
        .count();
    let filled = if enough {
        0
    } else {
        rule.periods - there.len()
    };
    let decided = |is_alarm: bool| {
        Some(match is_alarm {
            true => StateValue::Alarm,
            false => StateValue::Ok,
        })
    };
    let value = match rule.missing {
        _ if enough => decided(breaching >= rule.breaching),
        Missing::Breaching => decided(breaching + filled >= rule.breaching),
        Missing::NotBreaching => decided(breaching >= rule.breaching),
        Missing::Kept if there.is_empty() => Some(StateValue::InsufficientData),
        Missing::Ignore if there.is_empty() => None,
        _ if breaching >= rule.breaching => Some(StateValue::Alarm),
        _ if breaching < there.len() => Some(StateValue::Ok),
        // All that is there breaches, and it is not enough: an alarm once the oldest is old enough.
        Missing::Kept => {
            let oldest = there.last().map_or(0, |(place, _, _)| place + 1);
            (oldest >= rule.breaching).then_some(StateValue::Alarm)
        }
        Missing::Ignore => None,
    }?;
    let mut points: Vec<(i64, f64)> = there.iter().map(|(_, at, value)| (*at, *value)).collect();
    points.reverse();
    let reason = reason(rule, &there, filled, value, breaching);
    Some(Verdict {
        value,
        reason,
        points,
    })
}

/// AWS's words, as its alarms show them.
fn reason(
    rule: &Rule,
    there: &[(usize, i64, f64)],
    filled: usize,
    value: StateValue,
    breaching: usize,
) -> String {
    let points = |count: usize| {
        if count == 1 {
            "datapoint"
        } else {
            "datapoints"
        }
    };
    let was = |count: usize| if count == 1 { "was" } else { "were" };
    if value == StateValue::InsufficientData {
        let count = rule.periods;
        return format!(
            "Insufficient Data: {count} {} {} unknown.",
            points(count),
            was(count)
        );
    }
    let mut text = String::from("Threshold Crossed: ");
    let is_alarm = value == StateValue::Alarm;
    text += &what_was_seen(rule, there, is_alarm, breaching);
    if filled > 0 && matches!(rule.missing, Missing::Breaching | Missing::NotBreaching) {
        let name = match rule.missing {
            Missing::Breaching => "Breaching",
            _ => "NonBreaching",
        };
        text += &format!(
            " and {filled} missing {} {} treated as [{name}]",
            points(filled),
            was(filled)
        );
    }
    if there.is_empty() {
        return text + ".";
    }
    let needed = match is_alarm {
        true => rule.breaching,
        false => rule.periods.saturating_sub(rule.breaching) + 1,
    };
    let (from, to) = match is_alarm {
        true => ("OK", "ALARM"),
        false => ("ALARM", "OK"),
    };
    format!(
        "{text} (minimum {needed} {} for {from} -> {to} transition).",
        points(needed)
    )
}

fn what_was_seen(
    rule: &Rule,
    there: &[(usize, i64, f64)],
    is_alarm: bool,
    breaching: usize,
) -> String {
    if there.is_empty() {
        let periods = if rule.periods == 1 {
            "period"
        } else {
            "periods"
        };
        return format!("no datapoints were received for {} {periods}", rule.periods);
    }
    let list: Vec<String> = there
        .iter()
        .map(|(_, at, value)| format!("{} ({})", plain(*value), short_time(*at)))
        .collect();
    let (found, not) = match is_alarm {
        true => (breaching, ""),
        false => (there.len() - breaching, "not "),
    };
    format!(
        "{found} out of the last {} datapoints [{}] {} {not}{} the threshold ({})",
        there.len(),
        list.join(", "),
        if found == 1 { "was" } else { "were" },
        rule.comparison.words(),
        plain(rule.threshold)
    )
}

/// A number as AWS writes it: always with a decimal.
pub(crate) fn plain(value: f64) -> String {
    format!("{value:?}")
}

/// `20/11/26 17:00:00`
fn short_time(millis: i64) -> String {
    let text = passo_vocab::Timestamp::from_epoch_millis(millis).to_string();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    format!(
        "{}/{}/{} {}",
        part(8, 10),
        part(5, 7),
        part(2, 4),
        part(11, 19)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `-` is missing, `0` does not breach, `X` does; the newest is last, as in AWS's tables.
    fn check(points: &str, breaching: usize, expect: [&str; 4]) {
        let kinds = [
            Missing::Kept,
            Missing::Ignore,
            Missing::Breaching,
            Missing::NotBreaching,
        ];
        let points = points.split(' ').rev().map(|point| match point {
            "-" => None,
            "X" => Some(2.0),
            _ => Some(0.0),
        });
        let periods: Vec<Period> = points.map(|value| (0, value)).collect();
        for (missing, expect) in kinds.into_iter().zip(expect) {
            let rule = Rule {
                comparison: Comparison::Greater,
                threshold: 1.0,
                missing,
                periods: 3,
                breaching,
            };
            let got = evaluate(&rule, &periods);
            let got = got.map_or("retain", |verdict| verdict.value.name());
            assert_eq!(got, expect, "{periods:?} {missing:?}");
        }
    }

    #[test]
    fn missing_points_are_treated_as_in_the_tables_of_aws() {
        let insufficient = "INSUFFICIENT_DATA";
        check("0 - X - X", 3, ["OK"; 4]);
        check("- - - - 0", 3, ["OK"; 4]);
        check("- - - - -", 3, [insufficient, "retain", "ALARM", "OK"]);
        check("0 X X - X", 3, ["ALARM"; 4]);
        check("- - X - -", 3, ["ALARM", "retain", "ALARM", "OK"]);
        check("0 - X - X", 2, ["ALARM"; 4]);
        check("0 0 X 0 X", 2, ["ALARM"; 4]);
        check("0 - X - -", 2, ["OK", "OK", "ALARM", "OK"]);
        check("- - - - 0", 2, ["OK", "OK", "ALARM", "OK"]);
        check("- - - X -", 2, ["ALARM", "retain", "ALARM", "OK"]);
        check("- - - - X", 2, ["retain", "retain", "ALARM", "OK"]);
    }

    #[test]
    fn reasons_are_in_the_words_of_aws() {
        let rule = Rule {
            comparison: Comparison::GreaterOrEqual,
            threshold: 1.0,
            missing: Missing::Breaching,
            periods: 1,
            breaching: 1,
        };
        let at = 1_795_194_000_000;
        let reason = |value: Option<f64>| {
            let verdict = evaluate(&rule, &[(at, value)]);
            verdict.unwrap().reason
        };
        assert_eq!(
            reason(Some(5.0)),
            "Threshold Crossed: 1 out of the last 1 datapoints [5.0 (20/11/26 17:00:00)] was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition)."
        );
        assert_eq!(
            reason(Some(0.5)),
            "Threshold Crossed: 1 out of the last 1 datapoints [0.5 (20/11/26 17:00:00)] was not greater than or equal to the threshold (1.0) (minimum 1 datapoint for ALARM -> OK transition)."
        );
        assert_eq!(
            reason(None),
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching]."
        );
    }
}
