//! The tree on a terminal, or as lines that are only ever added.

use std::io::Write;

use anstyle::Style;
use passo_asl::program::{Program, State};
use passo_engine::MapRunId;
use passo_engine::map::Counts;
use passo_json::Json;
use passo_testkit::{ExecutionKey, Seen};
use passo_vocab::Timestamp;

use super::layout::{self, Layout};
use super::line::{Line, describe, name_of};
use super::model::Model;
use super::node::{NodeId, NodeStatus, Progress, Subject};
use crate::duration;
use crate::terminal::{Clean, TerminalSize, width_of};

/// Widest column of names.
const NAME_COLUMNS_MAX: usize = 40;
/// How much deeper a state of a Map or Parallel state stands: below its item or branch.
const COLUMNS_PER_SCOPE: usize = 4;

/// How the tree is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Not at all.
    Nothing,
    /// A line for each thing that happened.
    Lines,
    /// The tree itself, painted anew as it changes.
    Tree,
}

/// Where it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// On standard output, where it is what was asked for.
    Output,
    /// On standard error, beside what was asked for.
    Error,
}

/// Shows a [`Model`].
pub struct Screen<'a> {
    model: Model<'a>,
    show: Show,
    stream: Stream,
    name_columns: usize,
    /// Lines of the tree that will be painted over.
    painted: usize,
    begun: bool,
}

impl<'a> Screen<'a> {
    /// A screen for `model`, an execution of `program`, where that is known.
    pub fn new(
        model: Model<'a>,
        show: Show,
        stream: Stream,
        program: Option<&Program>,
    ) -> Screen<'a> {
        let states = program.into_iter().flat_map(|program| {
            let states = program.states().iter();
            states.map(move |state| (state, depth_of(program, state)))
        });
        let widths = states.filter_map(|(state, depth)| {
            let name = state.name.as_str().chars().map(width_of).sum::<usize>();
            match show {
                Show::Tree => Some(name.saturating_add(depth.saturating_mul(COLUMNS_PER_SCOPE))),
                // In a list, names of inner states are paths, and too long to align with.
                Show::Lines | Show::Nothing => (depth == 0).then_some(name),
            }
        });
        Screen {
            name_columns: widths.max().unwrap_or(0).min(NAME_COLUMNS_MAX),
            model,
            show,
            stream,
            painted: 0,
            begun: false,
        }
    }

    /// What is shown.
    pub fn model(&self) -> &Model<'a> {
        &self.model
    }

    /// Takes an event in, and shows it where lines are added.
    pub fn seen(&mut self, seen: &Seen<'_>) {
        self.model.seen(seen);
        self.show_news();
    }

    /// Takes an event of a server's history in, and shows it where lines are added.
    pub fn told(&mut self, event: &Json) {
        self.model.told(event);
        self.show_news();
    }

    /// Takes in how far a Map run of a server is.
    pub fn map_run_told(&mut self, arn: &str, progress: Progress) {
        self.model.map_run_told(arn, progress);
    }

    fn show_news(&mut self) {
        let news = self.model.take_news();
        match self.show {
            Show::Tree => return,
            Show::Lines => self.append(news),
            Show::Nothing => {}
        }
        // What is told is told: an endless loop must not fill the memory.
        for id in self.model.take_settled(false) {
            self.model.forget(id);
        }
    }

    /// Takes in how far a Map run is.
    pub fn map_run_moved(&mut self, execution: ExecutionKey, map_run: MapRunId, items: Counts) {
        self.model.map_run_moved(execution, map_run, items);
    }

    fn append(&mut self, news: Vec<NodeId>) {
        let mut lines = Vec::new();
        if !self.begun {
            self.begun = true;
            lines.extend(self.heading());
        }
        lines.extend(news.into_iter().filter_map(|id| self.news_line(id)));
        self.print(&lines);
    }

    /// Paints the tree anew, where it is painted. `now` is the time of the execution.
    pub fn repaint(&mut self, now: Timestamp) {
        if self.show == Show::Tree {
            self.paint(now, false, None);
        }
    }

    /// Shows a line of a function's log.
    pub fn log(&mut self, function: &str, line: &str, now: Timestamp) {
        let line = Line::default()
            .with(
                Style::new().dimmed(),
                format!("  {} | ", Clean::line(function)),
            )
            .with(Style::new(), Clean::line(line).to_string());
        match self.show {
            Show::Tree => self.paint(now, false, Some(&line)),
            Show::Lines | Show::Nothing => self.print(&[line]),
        }
    }

    /// Shows the end: what is left of the tree, and how the execution ended.
    pub fn finish(&mut self, now: Timestamp) {
        match self.show {
            Show::Nothing => return,
            Show::Lines => {}
            Show::Tree => self.paint(now, true, None),
        }
        let lines: Vec<Line> = self.ending(now).into_iter().collect();
        self.print(&lines);
    }

    fn heading(&self) -> Option<Line> {
        let root = self.model.node(self.model.root()?)?;
        let name = Clean::line(&name_of(root)).to_string();
        Some(Line::default().with(Style::new().bold(), name))
    }

    fn ending(&self, now: Timestamp) -> Option<Line> {
        let root = self.model.node(self.model.root()?)?;
        let word = match root.status {
            NodeStatus::Succeeded => "succeeded",
            NodeStatus::Failed => "failed",
            NodeStatus::Aborted => "aborted",
            NodeStatus::Caught
            | NodeStatus::Running
            | NodeStatus::Waiting { .. }
            | NodeStatus::BackingOff { .. } => return None,
        };
        let elapsed = duration::show(root.ended.unwrap_or(now).millis_since(root.started));
        let states = self.model.states_entered();
        let plural = if states == 1 { "" } else { "s" };
        Some(Line::text(format!(
            "{word} in {elapsed}, {states} state{plural} entered"
        )))
    }

    /// The line of a node in a list of lines: its name says what it is part of.
    fn news_line(&self, id: NodeId) -> Option<Line> {
        let node = self.model.node(id)?;
        let Subject::State(_) = node.subject else {
            return None;
        };
        if node.status == NodeStatus::Succeeded && self.is_one_of_many(id) {
            return None;
        }
        let path = self.model.path(id);
        let names: Vec<String> = path
            .iter()
            .skip(1)
            .filter_map(|part| self.model.node(*part).map(name_of))
            .collect();
        let line = describe(
            node,
            &names.join(" / "),
            self.name_columns,
            self.model.now(),
        );
        Some(line)
    }

    fn is_one_of_many(&self, id: NodeId) -> bool {
        let mut path = self.model.path(id);
        path.pop();
        path.iter().any(|part| {
            let progress = self.model.node(*part).and_then(|node| node.progress);
            progress.is_some_and(|progress| progress.total > layout::ITEMS_SHOWN_MAX)
        })
    }

    fn paint(&mut self, now: Timestamp, all: bool, above: Option<&Line>) {
        let frame = self.frame(now, all, above, TerminalSize::of_stderr());
        self.stream.write(&frame);
    }

    /// What makes a terminal show the tree as it is now, after it showed the last frame. States that are over are
    /// written once and stay; only what is below them is written again. `all` says that nothing will follow.
    fn frame(
        &mut self,
        now: Timestamp,
        all: bool,
        above: Option<&Line>,
        size: Option<TerminalSize>,
    ) -> String {
        let mut out = String::new();
        if self.painted > 0 {
            out.push_str(&format!("\x1b[{}A\r\x1b[J", self.painted));
        }
        let mut lines: Vec<Line> = above.into_iter().cloned().collect();
        if let (false, Some(heading)) = (self.begun, self.heading()) {
            self.begun = true;
            lines.push(heading);
        }
        for id in self.model.take_settled(all) {
            lines.extend(self.layout(now).lines(id));
            self.model.forget(id);
        }
        let root = self.model.root().and_then(|root| self.model.node(root));
        let mut moving = Vec::new();
        for id in root
            .map(|root| root.children.as_slice())
            .unwrap_or_default()
        {
            moving.extend(self.layout(now).lines(*id));
        }
        let room = size.map_or(24, |size| size.rows).saturating_sub(3).max(1);
        let hidden = moving.len().saturating_sub(room);
        moving.truncate(room);
        if hidden > 0 {
            moving.push(Line::text(format!("  … {hidden} more lines")));
        }
        self.painted = moving.len();
        lines.append(&mut moving);
        let columns = size.map(|size| size.columns.saturating_sub(1));
        for line in &lines {
            out.push_str(&line.paint(columns));
            out.push('\n');
        }
        out
    }

    fn layout(&self, now: Timestamp) -> Layout<'_, 'a> {
        Layout {
            model: &self.model,
            name_columns: self.name_columns,
            now,
        }
    }

    fn print(&self, lines: &[Line]) {
        let mut out = String::new();
        for line in lines {
            out.push_str(&line.paint(None));
            out.push('\n');
        }
        self.stream.write(&out);
    }
}

impl Stream {
    /// A reader that went away is no problem of ours.
    fn write(self, text: &str) {
        match self {
            Stream::Output => {
                let mut out = anstream::stdout().lock();
                let _ = out.write_all(text.as_bytes());
                let _ = out.flush();
            }
            Stream::Error => {
                let mut out = anstream::stderr().lock();
                let _ = out.write_all(text.as_bytes());
                let _ = out.flush();
            }
        }
    }
}

/// How many Map and Parallel states a state is inside of.
fn depth_of(program: &Program, state: &State) -> usize {
    let mut depth = 0;
    let mut block = state.block;
    while let Some(owner) = program.block(block).and_then(|block| block.owner) {
        let Some(state) = program.state(owner) else {
            break;
        };
        depth += 1;
        block = state.block;
    }
    depth
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use insta::assert_snapshot;
    use passo_asl::{CompileOptions, Format};
    use passo_engine::{History, TaskUpdate};
    use passo_testkit::{ClockKind, Driver, Observer, TaskAnswer, TaskCall, TaskHandler};
    use passo_vocab::{ErrorName, Failure};

    use super::*;
    use crate::run::execution_header;

    /// A terminal that knows as much as the frames need.
    #[derive(Default)]
    struct Terminal(Vec<String>);

    impl Terminal {
        fn write(&mut self, frame: &str) {
            let mut rest = frame;
            if let Some((up, after)) = frame.split_once("A\r\x1b[J") {
                let up = up.strip_prefix("\x1b[").unwrap().parse::<usize>().unwrap();
                self.0.truncate(self.0.len() - up);
                rest = after;
            }
            let plain = anstream::adapter::strip_str(rest).to_string();
            self.0.extend(plain.lines().map(str::to_owned));
        }

        fn text(&self) -> String {
            self.0.join("\n")
        }
    }

    struct Painter<'a> {
        screen: Screen<'a>,
        /// What a server's history of the same execution makes.
        told: Screen<'a>,
        history: History<'a>,
        terminal: Terminal,
        /// The text after each event.
        texts: Vec<String>,
    }

    impl Observer for Painter<'_> {
        fn seen(&mut self, seen: Seen<'_>) {
            self.screen.seen(&seen);
            if seen.execution == ExecutionKey::ROOT
                && let Some(event) = self.history.next_event(seen.event)
            {
                self.told.told(&event.to_json(true));
            }
            let now = self.screen.model().now();
            let size = TerminalSize {
                columns: 70,
                rows: 24,
            };
            let frame = self.screen.frame(now, false, None, Some(size));
            self.terminal.write(&frame);
            self.texts.push(self.terminal.text());
        }
    }

    /// Fails the first attempt of the state `Pay`, and item 3.
    struct Tasks;

    impl TaskHandler for Tasks {
        fn start(&self, call: TaskCall) -> TaskAnswer {
            let fails = match call.task.state_name.as_str() {
                "Pay" => call.task.retry_count == 0,
                _ => call.task.parameters.text() == "3",
            };
            TaskAnswer::now(if fails {
                TaskUpdate::Failed(Failure::new(ErrorName::new("Busy"), "later"))
            } else {
                TaskUpdate::Succeeded(call.task.parameters)
            })
        }
    }

    fn paint(definition: &str, input: &str) -> (Vec<String>, String) {
        let compiled = passo_asl::compile(definition, Format::Yaml, &CompileOptions::default());
        let program = compiled.unwrap().program;
        let model = Model::new(Some(&program), "orders".into());
        let header = execution_header(input);
        let told = Model::new(Some(&program), "orders".into());
        let mut painter = Painter {
            screen: Screen::new(model, Show::Tree, Stream::Error, Some(&program)),
            told: Screen::new(told, Show::Tree, Stream::Error, Some(&program)),
            history: History::new(&program, &header),
            terminal: Terminal::default(),
            texts: Vec::new(),
        };
        let driver = Driver::new(Arc::new(Tasks), ClockKind::Virtual, 1);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let _ = runtime
            .block_on(driver.run(&program, header.clone(), &mut painter))
            .unwrap();
        let now = painter.screen.model().now();
        let last = painter.screen.frame(now, true, None, None);
        painter.terminal.write(&last);
        let mut told = Terminal::default();
        told.write(&painter.told.frame(now, true, None, None));
        assert_eq!(
            told.text(),
            painter.terminal.text(),
            "the history says it differently"
        );
        (painter.texts, painter.terminal.text())
    }

    const ORDERS: &str = "
StartAt: Fulfil
States:
  Fulfil:
    Type: Parallel
    Next: Notify
    Branches:
      - StartAt: Pay
        States:
          Pay:
            Type: Task
            Resource: arn:aws:lambda:us-east-1:000000000000:function:pay
            Retry: [{ErrorEquals: [Busy], MaxAttempts: 5}]
            End: true
      - StartAt: Reserve
        States:
          Reserve:
            Type: Map
            ItemsPath: $.items
            MaxConcurrency: 2
            End: true
            Catch: [{ErrorEquals: [Busy], Next: Apologise}]
            ItemProcessor:
              StartAt: Take
              States:
                Take: {Type: Task, Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f', Next: Pack}
                Pack: {Type: Wait, Seconds: 2, End: true}
          Apologise: {Type: Pass, End: true}
  Notify: {Type: Pass, End: true}
";

    #[test]
    fn the_tree_shows_what_runs_and_what_is_over() {
        let (texts, last) = paint(ORDERS, r#"{"items": [1, 2, 3, 4]}"#);
        let backing_off = texts
            .iter()
            .find(|text| text.contains("retry") && text.contains("waiting"));
        assert_snapshot!("while_it_runs", backing_off.unwrap());
        assert_snapshot!("when_it_is_over", last);
    }

    #[test]
    fn many_items_are_folded() {
        let (texts, last) = paint(
            ORDERS,
            r#"{"items": [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 3]}"#,
        );
        let half = texts.iter().find(|text| text.contains(" 8/15"));
        assert_snapshot!("many_items_half_done", half.unwrap());
        assert_snapshot!("many_items_done", last);
    }
}
