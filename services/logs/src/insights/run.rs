//! Running a query over events.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{self, AtomicBool};

use fancy_regex::Regex;

use super::aggregate::figure;
use super::evaluate::value;
use super::row::{Record, Row};
use super::syntax::{Column, Command, Expression, Form, Order, Query};
use super::value::Value;

/// Bytes of names and values of an answer; rows beyond them are left out.
const BYTES_MAX: usize = 32 << 20;

/// How much a query may look at, and yield.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Rows of the answer, where the query names no number.
    pub(crate) rows: usize,
    /// The time, in milliseconds since 1970.
    pub(crate) now: i64,
}

/// What a query has yielded.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Results {
    /// Fields with their values; those without a value are left out.
    pub(crate) rows: Vec<Vec<(String, String)>>,
    /// Events that the filters before the first `stats` let pass.
    pub(crate) matched: usize,
    /// Bytes of names and values.
    pub(crate) bytes: usize,
}

impl Query {
    /// Runs the query over `records`; once `is_over` is set it hurries to an end, and what it gives means nothing.
    pub(crate) fn run(
        &self,
        records: Vec<Record>,
        limits: Limits,
        is_over: &AtomicBool,
    ) -> Results {
        let now = limits.now;
        let mut run = Run {
            is_over,
            rows: records.into_iter().map(Row::of).collect(),
            shown: Vec::new(),
            is_display: false,
            matched: None,
            is_sorted: false,
            now,
        };
        // Events come newest first, unless the query says otherwise.
        run.rows.reverse();
        let mut has_limit = false;
        for command in &self.commands {
            if run.is_over() {
                return Results::default();
            }
            run.command(command);
            has_limit |= matches!(command, Command::Limit(_));
        }
        if !has_limit {
            run.rows.truncate(limits.rows);
        }
        run.results()
    }
}

struct Run<'a> {
    is_over: &'a AtomicBool,
    rows: Vec<Row>,
    shown: Vec<String>,
    is_display: bool,
    matched: Option<usize>,
    is_sorted: bool,
    now: i64,
}

impl Run<'_> {
    fn is_over(&self) -> bool {
        self.is_over.load(atomic::Ordering::Relaxed)
    }

    fn command(&mut self, command: &Command) {
        match command {
            Command::Fields(columns) => {
                self.compute(columns);
                if !self.is_display {
                    self.show(columns);
                }
            }
            Command::Display(columns) => {
                self.compute(columns);
                if !self.is_display {
                    self.shown.clear();
                }
                self.is_display = true;
                self.show(columns);
            }
            Command::Filter(condition) => {
                let (now, is_over) = (self.now, self.is_over);
                self.rows.retain(|row| {
                    !is_over.load(atomic::Ordering::Relaxed) && value(condition, row, now).is_true()
                });
            }
            Command::Stats(figures, groups) => self.stats(figures, groups),
            Command::Sort(keys) => self.sort(keys),
            Command::Limit(count) => self.rows.truncate(*count),
            Command::Parse { of, form, names } => {
                let is_over = self.is_over;
                for row in &mut self.rows {
                    if is_over.load(atomic::Ordering::Relaxed) {
                        return;
                    }
                    let text = value(of, row, self.now).text();
                    let found = match form {
                        Form::Stars(parts) => between(&text, parts),
                        Form::Expression(expression) => captured(&text, expression, names),
                    };
                    for (name, text) in names.iter().zip(found.into_iter().flatten()) {
                        row.set(name, Value::Text(text));
                    }
                }
            }
            Command::Dedup(fields) => {
                let (mut seen, now) = (BTreeSet::new(), self.now);
                self.rows.retain(|row| {
                    let key: Vec<String> =
                        fields.iter().map(|it| value(it, row, now).text()).collect();
                    seen.insert(key)
                });
            }
        }
    }

    fn compute(&mut self, columns: &[Column]) {
        for column in columns {
            if matches!(&column.expression, Expression::Field(name) if *name == column.name) {
                continue;
            }
            let is_over = self.is_over;
            for row in &mut self.rows {
                if is_over.load(atomic::Ordering::Relaxed) {
                    return;
                }
                let value = value(&column.expression, row, self.now);
                row.set(&column.name, value);
            }
        }
    }

    fn show(&mut self, columns: &[Column]) {
        for column in columns {
            if !self.shown.contains(&column.name) {
                self.shown.push(column.name.clone());
            }
        }
    }

    /// Groups in the order of their keys.
    fn stats(&mut self, figures: &[Column], groups: &[Column]) {
        self.matched.get_or_insert(self.rows.len());
        let mut found: BTreeMap<Vec<String>, (Vec<Value>, Vec<&Row>)> = BTreeMap::new();
        for row in &self.rows {
            let values: Vec<Value> = groups
                .iter()
                .map(|group| value(&group.expression, row, self.now))
                .collect();
            let key = values.iter().map(Value::text).collect();
            let group = found.entry(key).or_insert_with(|| (values, Vec::new()));
            group.1.push(row);
        }
        let rows = found.into_values().map(|(values, members)| {
            let mut row = Row::default();
            for (group, value) in groups.iter().zip(values) {
                row.set(&group.name, value);
            }
            for column in figures {
                row.set(&column.name, figure(&column.expression, &members, self.now));
            }
            row
        });
        self.rows = rows.collect();
        (self.shown, self.is_display) = (Vec::new(), false);
        self.show(groups);
        self.show(figures);
        self.is_sorted = true;
    }

    fn sort(&mut self, keys: &[(Expression, Order)]) {
        self.is_sorted = true;
        let now = self.now;
        let mut rows: Vec<(Vec<Value>, Row)> = std::mem::take(&mut self.rows)
            .into_iter()
            .map(|row| {
                let values = keys.iter().map(|(key, _)| value(key, &row, now));
                (values.collect(), row)
            })
            .collect();
        rows.sort_by(|(left, _), (right, _)| {
            let pairs = left.iter().zip(right).zip(keys);
            let mut orders = pairs.map(|((left, right), (_, order))| {
                let compared = match (left, right) {
                    (Value::Nothing, Value::Nothing) => Ordering::Equal,
                    // What is not there comes last, either way.
                    (Value::Nothing, _) => return Ordering::Greater,
                    (_, Value::Nothing) => return Ordering::Less,
                    _ => left.compare(right).unwrap_or(Ordering::Equal),
                };
                match order {
                    Order::Ascending => compared,
                    Order::Descending => compared.reverse(),
                }
            });
            orders
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        self.rows = rows.into_iter().map(|(_, row)| row).collect();
    }

    fn results(self) -> Results {
        let mut shown = self.shown;
        if shown.is_empty() {
            shown = vec!["@timestamp".to_owned(), "@message".to_owned()];
        }
        let mut bytes = 0_usize;
        let rows = self.rows.iter().map_while(|row| {
            if bytes > BYTES_MAX {
                return None;
            }
            let mut fields: Vec<(String, String)> = Vec::new();
            for name in &shown {
                let value = row.get(name);
                if value != Value::Nothing {
                    fields.push((name.clone(), value.text()));
                }
            }
            if let Some(pointer) = row.pointer()
                && !shown.iter().any(|name| name == "@ptr")
            {
                fields.push(("@ptr".to_owned(), pointer.to_owned()));
            }
            let length = |(name, value): &(String, String)| name.len() + value.len();
            bytes = bytes.saturating_add(fields.iter().map(length).sum());
            Some(fields)
        });
        let rows = rows.collect();
        Results {
            rows,
            bytes,
            matched: self.matched.unwrap_or(self.rows.len()),
        }
    }
}

/// What the stars of a form stand for; `None` where the text is not of that form.
fn between(text: &str, parts: &[String]) -> Option<Vec<String>> {
    let (first, rest) = parts.split_first()?;
    let (_, mut left) = text.split_once(first.as_str())?;
    let mut found = Vec::new();
    for (place, part) in rest.iter().enumerate() {
        let is_last = place + 1 == rest.len();
        let (inside, after) = match (is_last, part.is_empty()) {
            (true, true) => (left, ""),
            // A star before another one stands for nothing.
            (false, true) => ("", left),
            _ => left.split_once(part.as_str())?,
        };
        found.push(inside.to_owned());
        left = after;
    }
    Some(found)
}

/// What the named groups of an expression hold.
fn captured(text: &str, expression: &Regex, names: &[String]) -> Option<Vec<String>> {
    let captures = expression.captures(text).ok()??;
    let group = |name: &String| {
        captures
            .name(name)
            .map_or("", |group| group.as_str())
            .to_owned()
    };
    Some(names.iter().map(group).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> Vec<Record> {
        let lines = [
            r#"{"level":"INFO","ms":10,"user":{"id":"a"},"path":"/x"}"#,
            r#"{"level":"ERROR","ms":30,"user":{"id":"b"},"list":[{"n":1}]}"#,
            r#"{"level":"INFO","ms":20.5,"user":{"id":"a"}}"#,
            "plain user=carol, id=7 took 12",
            "REPORT RequestId: r-1\tDuration: 1.50 ms\tBilled Duration: 2 ms\tMemory Size: 128 MB\tMax Memory Used: 30 MB\t",
        ];
        let record = |(place, line): (i64, &&str)| Record {
            at: 1_795_194_000_000 + place * 60_000,
            ingested_at: 0,
            message: (*line).to_owned(),
            log: "1:g".into(),
            stream: "s".into(),
            pointer: format!("p{place}"),
        };
        (0..).zip(&lines).map(record).collect()
    }

    fn run(query: &str) -> Vec<String> {
        let query = Query::parse(query).unwrap_or_else(|error| panic!("{query}: {error:?}"));
        let limits = Limits { rows: 100, now: 0 };
        let results = query.run(records(), limits, &AtomicBool::new(false));
        let line = |row: &Vec<(String, String)>| {
            let fields = row.iter().filter(|(name, _)| name != "@ptr");
            let fields: Vec<String> = fields
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            fields.join(" ")
        };
        results.rows.iter().map(line).collect()
    }

    fn check(query: &str, expect: &[&str]) {
        assert_eq!(run(query), expect, "{query}");
    }

    #[test]
    fn rows_are_filtered_computed_and_sorted() {
        check(
            "filter level = 'ERROR' | display ms, user.id",
            &["ms=30 user.id=b"],
        );
        check(
            "fields ms | filter ms > 10 and level != \"ERROR\" | display ms",
            &["ms=20.5"],
        );
        check(
            "fields ms | filter ispresent(ms) | sort ms asc",
            &["ms=10", "ms=20.5", "ms=30"],
        );
        check("fields ms | sort ms desc | limit 2", &["ms=30", "ms=20.5"]);
        check(
            "filter @message like /(?i)PLAIN/ | display @timestamp",
            &["@timestamp=2026-11-20 17:03:00.000"],
        );
        check(
            "filter @message like 'plain' | display 1 + 2 * 3 as n",
            &["n=7"],
        );
        check(
            "filter level in ['ERROR', 'WARN'] | display level",
            &["level=ERROR"],
        );
        check(
            "filter level not in ['INFO'] and ispresent(level) | display level",
            &["level=ERROR"],
        );
        check(
            "filter not (level = 'INFO') and ms = 30 | display list.0.n as n",
            &["n=1"],
        );
        check(
            "filter user.id =~ /^b$/ | display toupper(user.id) as id",
            &["id=B"],
        );
        check(
            "filter path like '/' | display strlen(path) as n # a comment",
            &["n=2"],
        );
        check(
            "filter @type = 'REPORT' | display @duration, @memorySize / 1000000 as mb",
            &["@duration=1.5 mb=128"],
        );
        check(
            "dedup level | filter ispresent(level) | display level, ms",
            &["level=INFO ms=20.5", "level=ERROR ms=30"],
        );
        assert_eq!(run("fields @timestamp").len(), 5);
        assert!(run("")[0].starts_with("@timestamp=2026-11-20 17:04:00.000 @message=REPORT"));
    }

    #[test]
    fn texts_are_parsed() {
        let expect = &["name=carol id=7"];
        check(
            "parse @message 'user=*, id=* took' as name, id | filter ispresent(id) | display name, id",
            expect,
        );
        check(
            "parse @message /user=(?<name>\\w+), id=(?<id>\\d+)/ | filter ispresent(id) | display name, id",
            expect,
        );
        check(
            "filter @message like 'took' | parse 'took *' as t | display t * 2 as twice",
            &["twice=24"],
        );
    }

    #[test]
    fn figures_are_computed_by_group() {
        check(
            "stats count(*) as n by level | sort n desc, level asc",
            &["level=INFO n=2", "n=2", "level=ERROR n=1"],
        );
        check(
            "stats sum(ms), avg(ms), min(ms), max(ms), pct(ms, 50), count(ms)",
            &[
                "sum(ms)=60.5 avg(ms)=20.166666666666668 min(ms)=10 max(ms)=30 pct(ms, 50)=20.5 count(ms)=3",
            ],
        );
        check(
            "stats count(*) by bin(2m)",
            &[
                "bin(2m)=2026-11-20 17:00:00.000 count(*)=2",
                "bin(2m)=2026-11-20 17:02:00.000 count(*)=2",
                "bin(2m)=2026-11-20 17:04:00.000 count(*)=1",
            ],
        );
        check(
            "filter ispresent(ms) | stats sum(ms) / count(*) as mean, count_distinct(user.id) as users",
            &["mean=20.166666666666668 users=2"],
        );
        check(
            "stats latest(ms) as last, earliest(ms) as first",
            &["last=20.5 first=10"],
        );
        check(
            "stats count(*) as n by level | filter n > 1 | stats sum(n) as all",
            &["all=4"],
        );
        check("filter level = 'NONE' | stats count(*)", &[]);
    }

    #[test]
    fn what_is_no_query_says_where() {
        let deep = format!("filter {}", "(".repeat(500));
        for query in [
            "nope",
            "fields",
            "filter",
            "filter a =",
            "limit x",
            "limit 0",
            "limit 20000",
            "parse @message '*'",
            "parse 'a' as b",
            "filter a like",
            "filter a like /(/",
            "fields nope(a)",
            "sort",
            "filter 'a",
            "fields a b",
            "| stats",
            "filter a in 1",
            &deep,
        ] {
            assert!(Query::parse(query).is_err(), "{query}");
        }
        assert_eq!(Query::parse("fields @timestamp | nope").unwrap_err().at, 20);
    }
}
