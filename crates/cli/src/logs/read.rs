//! Reading lines as they come, each once.

use std::collections::BTreeSet;

use anstyle::{AnsiColor, Style};
use passo_json::{Json, ObjectBuilder};
use passo_vocab::Timestamp;

use super::LogsArguments;
use crate::aws::Api;
use crate::aws::names::member;
use crate::output::{self, Cell, Column};
use crate::problem::Problem;
use crate::terminal::Clean;

/// Late lines are looked for this far back.
const OVERLAP_MILLIS: i64 = 10_000;

/// Reads some log groups.
pub(super) struct Reader<'a> {
    groups: &'a [String],
    arguments: &'a LogsArguments,
    from: i64,
    until: Option<i64>,
    /// The lines that were shown and may come again, by time and id.
    seen: BTreeSet<(i64, String)>,
    pub(super) has_shown: bool,
}

const COLUMNS: &[Column] = &[
    Column::new("TIME", |row| Cell::dim(member(row, "time"))),
    Column::new("LOG", |row| Cell::plain(short(member(row, "logGroupName")))),
    Column::new("MESSAGE", |row| {
        Cell::plain(member(row, "message").trim_end())
    }),
];

impl<'a> Reader<'a> {
    pub(super) fn new(
        groups: &'a [String],
        from: i64,
        until: Option<i64>,
        arguments: &'a LogsArguments,
    ) -> Reader<'a> {
        Reader {
            groups,
            arguments,
            from,
            until,
            seen: BTreeSet::new(),
            has_shown: false,
        }
    }

    /// The lines that are new, oldest first.
    pub(super) async fn next(&mut self, api: &Api) -> Result<Vec<Json>, Problem> {
        let mut lines = Vec::new();
        for group in self.groups {
            lines.extend(self.lines_of(api, group).await?);
        }
        lines.retain(|line| {
            self.seen
                .insert((at(line), member(line, "eventId").to_owned()))
        });
        lines.sort_by_key(at);
        if let Some(last) = lines.last().map(at) {
            self.from = self.from.max(last.saturating_sub(OVERLAP_MILLIS));
            let from = self.from;
            self.seen.retain(|(at, _)| *at >= from);
        }
        Ok(lines)
    }

    async fn lines_of(&self, api: &Api, group: &str) -> Result<Vec<Json>, Problem> {
        let mut lines: Vec<Json> = Vec::new();
        let mut token: Option<Json> = None;
        while lines.len() < self.arguments.limit {
            let mut parameters = ObjectBuilder::new();
            parameters
                .insert("logGroupName", group)
                .insert("startTime", self.from)
                .insert_some("endTime", self.until)
                .insert_some("filterPattern", self.arguments.filter.as_deref())
                .insert_some("nextToken", token);
            let parameters = Json::from(parameters.build());
            let page = match api.logs("FilterLogEvents", &parameters).await {
                Ok(page) => page,
                // A function that has not run yet has no log.
                Err(error) if error.is_not_found() => break,
                Err(error) => {
                    return Err(error.problem(format!("the log group `{group}` cannot be read")));
                }
            };
            let events = page.get("events").and_then(Json::as_array);
            let events = events.into_iter().flat_map(|events| events.iter());
            lines.extend(events.map(|event| {
                let event = event.as_object().cloned().unwrap_or_default();
                let time = event
                    .get("timestamp")
                    .and_then(Json::as_i64)
                    .unwrap_or_default();
                let time = Timestamp::from_epoch_millis(time).to_string();
                Json::from(event.with("logGroupName", group).with("time", time))
            }));
            token = page
                .get("nextToken")
                .filter(|token| token.as_str().is_some())
                .cloned();
            if token.is_none() {
                break;
            }
        }
        lines.truncate(self.arguments.limit);
        Ok(lines)
    }

    /// Prints lines: for people one by one, so that following needs no table.
    pub(super) fn print(&mut self, lines: &[Json]) -> Result<(), Problem> {
        self.has_shown |= !lines.is_empty();
        if lines.is_empty() {
            return Ok(());
        }
        if !self.arguments.output.is_for_people() {
            return self.arguments.output.rows(lines, COLUMNS, "");
        }
        let dim = Style::new().dimmed();
        let blue = Style::new().fg_color(Some(AnsiColor::Blue.into()));
        for line in lines {
            let time = member(line, "time").get(11..19).unwrap_or_default();
            let group = short(member(line, "logGroupName"));
            let message = member(line, "message").trim_end();
            output::line(&format!(
                "{dim}{time}{dim:#} {blue}{}{blue:#} | {}",
                Clean::line(&group),
                Clean::line(message)
            ));
        }
        Ok(())
    }
}

fn at(line: &Json) -> i64 {
    line.get("timestamp")
        .and_then(Json::as_i64)
        .unwrap_or_default()
}

/// A group's last part, which tells it from the others.
fn short(group: &str) -> String {
    group.rsplit('/').next().unwrap_or(group).to_owned()
}
