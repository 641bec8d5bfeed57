//! Schedules and when they happen.
#![allow(clippy::unwrap_used)]

use passo_schedule::{Civil, Schedule};

fn times(expression: &str, after: &str, count: usize) -> Vec<String> {
    let schedule = Schedule::parse(expression).unwrap();
    let began = Civil::parse(after).unwrap();
    let mut at = began;
    let mut times = Vec::new();
    while times.len() < count {
        let Some(next) = schedule.next_after(at, began) else {
            break;
        };
        let Civil {
            year,
            month,
            day,
            hour,
            minute,
            second,
        } = next;
        times.push(format!(
            "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        ));
        at = next;
    }
    times
}

#[test]
fn schedules_happen_when_they_say() {
    for (expression, after, expect) in [
        (
            "rate(1 minute)",
            "2026-01-01T00:00:30",
            vec!["2026-01-01T00:01:30", "2026-01-01T00:02:30"],
        ),
        (
            "rate(7 days)",
            "2026-01-01T00:00:00",
            vec!["2026-01-08T00:00:00"],
        ),
        (
            "at(2026-05-01T10:00:00)",
            "2026-01-01T00:00:00",
            vec!["2026-05-01T10:00:00"],
        ),
        (
            "cron(0 10 * * ? *)",
            "2026-01-01T10:00:00",
            vec!["2026-01-02T10:00:00", "2026-01-03T10:00:00"],
        ),
        (
            "cron(15 12 * * ? *)",
            "2026-12-31T23:59:59",
            vec!["2027-01-01T12:15:00"],
        ),
        (
            "cron(0 18 ? * MON-FRI *)",
            "2026-11-20T18:00:00",
            vec!["2026-11-23T18:00:00"],
        ),
        (
            "cron(0 8 1 * ? *)",
            "2026-01-15T00:00:00",
            vec!["2026-02-01T08:00:00"],
        ),
        (
            "cron(0/15 * * * ? *)",
            "2026-01-01T00:07:00",
            vec!["2026-01-01T00:15:00", "2026-01-01T00:30:00"],
        ),
        (
            "cron(0/5 8-17 ? * MON-FRI *)",
            "2026-11-20T17:54:00",
            vec!["2026-11-20T17:55:00", "2026-11-23T08:00:00"],
        ),
        (
            "cron(0 0 L * ? *)",
            "2026-02-01T00:00:00",
            vec!["2026-02-28T00:00:00", "2026-03-31T00:00:00"],
        ),
        (
            "cron(0 0 L-2 * ? *)",
            "2026-02-01T00:00:00",
            vec!["2026-02-26T00:00:00"],
        ),
        (
            "cron(0 0 1W * ? *)",
            "2026-07-31T00:00:00",
            vec!["2026-08-03T00:00:00"],
        ),
        (
            "cron(0 0 LW * ? *)",
            "2026-05-01T00:00:00",
            vec!["2026-05-29T00:00:00"],
        ),
        (
            "cron(0 0 ? * 6#3 *)",
            "2026-11-01T00:00:00",
            vec!["2026-11-20T00:00:00", "2026-12-18T00:00:00"],
        ),
        (
            "cron(0 0 ? * 6L *)",
            "2026-11-01T00:00:00",
            vec!["2026-11-27T00:00:00"],
        ),
        (
            "cron(0 0 29 2 ? *)",
            "2026-01-01T00:00:00",
            vec!["2028-02-29T00:00:00"],
        ),
        (
            "cron(0 0 1 1 ? 2030)",
            "2026-01-01T00:00:00",
            vec!["2030-01-01T00:00:00"],
        ),
    ] {
        assert_eq!(
            times(expression, after, expect.len()),
            expect,
            "{expression}"
        );
    }
}

#[test]
fn what_is_over_or_never_happens_has_no_next_time() {
    assert!(times("cron(0 0 1 1 ? 2020)", "2026-01-01T00:00:00", 1).is_empty());
    assert!(times("cron(0 0 30 2 ? *)", "2026-01-01T00:00:00", 1).is_empty());
    assert!(times("at(2020-01-01T00:00:00)", "2026-01-01T00:00:00", 1).is_empty());
}

#[test]
fn what_is_no_schedule_is_refused() {
    for bad in [
        "",
        "rate(0 minutes)",
        "rate(1 minutes)",
        "rate(2 minute)",
        "rate(5 weeks)",
        "rate(5)",
        "cron(* * * * * *)",
        "cron(0 0 ? * ? *)",
        "cron(0 0 * * ?)",
        "cron(99 0 * * ? *)",
        "at(tomorrow)",
        "rate(99999999999999999 days)",
        "every minute",
    ] {
        assert!(Schedule::parse(bad).is_err(), "{bad}");
    }
}
