//! A partition: one owner of many executions. It decides, and says what must become durable; it waits for nothing,
//! and touches the store only to read. [`crate::processor`] turns it into something alive; a simulation
//! drives it step by step.

mod guard;
mod live;
mod load;
mod map_runs;
pub(crate) mod message;
mod retention;
mod tasks;
pub(crate) mod turn;

use std::collections::{BTreeMap, VecDeque};

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use passo_engine::map::{ChildOutcome, MapRunCommand, MapRunInput};
use passo_engine::{
    Budget, Command, Decision, Execution, ExecutionHeader, Input, Progress, TimerId,
};
use passo_expr::Environment;
use passo_json::Payload;
use passo_store::{Store, StoreError};
use passo_vocab::{Entropy, Timestamp};

use self::guard::guarded;
use self::live::{Live, Programs, StoredDefinitions};
use self::map_runs::{ChildOf, LiveMapRun};
use self::message::{Accepted, InputError, Message, Reply, Start, StartError, Started};
use self::turn::{Effect, Turn};
use crate::ports::Definitions;
use crate::tables::summary::{ExecutionStatus, Summary};
use crate::tables::timer::Timer;
use crate::tables::{closed, definition, journal, listing, open, summary, timer};
use crate::timers::Timers;
use crate::{Key, Settings, Share};

/// Messages between the executions and the Map runs of a partition.
pub(crate) enum Internal {
    /// An input of a Map run.
    MapRun {
        /// Which one.
        map_run: Key,
        /// What to tell it.
        input: MapRunInput,
    },
    /// A Map run, or the execution that it belongs to, has moved.
    Align {
        /// Which one.
        map_run: Key,
    },
    /// What a Map run asks for.
    MapRunCommand {
        /// Which one.
        map_run: Key,
        /// What.
        command: MapRunCommand,
    },
}

/// Starts of one millisecond that can be told apart without borrowing from the next: a million.
const ORDER_BITS: u32 = 20;

/// One owner of many executions.
pub struct Partition {
    store: Arc<dyn Store>,
    definitions: Arc<dyn Definitions>,
    settings: Settings,
    share: Share,
    live: BTreeMap<Key, Box<Live>>,
    timers: Timers,
    /// Executions that used up their budget.
    ready: VecDeque<Key>,
    /// What executions and Map runs have to tell each other.
    internal: VecDeque<Internal>,
    map_runs: BTreeMap<Key, LiveMapRun>,
    /// The executions of children that were started or found, by Map run and number.
    children: BTreeMap<(Key, u32), Key>,
    /// The same the other way round: which Map run hears of an execution's end. It outlasts the execution's stay in memory.
    places: BTreeMap<Key, ChildOf>,
    touched_map_runs: Vec<Key>,
    finished_map_runs: Vec<Key>,
    /// Map runs that may leave memory once the turn in which they ended is durable.
    ended_map_runs: VecDeque<(u64, Key)>,
    touched: Vec<Key>,
    /// Executions that may leave memory once the turn that they were last part of is durable.
    resting: VecDeque<(u64, Key)>,
    /// The same for executions that are over: nothing is gained by keeping them.
    over: VecDeque<(u64, Key)>,
    /// Executions that were forgotten, with the turn that says so, until it is durable.
    forgotten: BTreeMap<Key, u64>,
    programs: Programs,
    stored_definitions: StoredDefinitions,
    turn: Turn,
    turns: u64,
    decisions: u64,
    /// The last place in the order of starts, which all partitions share.
    last_order: Arc<AtomicU64>,
    /// Executions that have not ended, in memory or not.
    open: usize,
    /// Executions that were set aside since it was made.
    quarantined: u64,
}

/// How much a partition has to look after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Executions in memory.
    pub executions_in_memory: usize,
    /// Executions that have not ended, in memory or not.
    pub executions_open: usize,
    /// Timers that are set.
    pub timers: usize,
    /// Executions that were set aside since it was made.
    pub quarantined: u64,
}

impl Partition {
    /// A partition over `store` that owns every execution; call [`Partition::recover`] before anything else.
    pub fn new(
        store: Arc<dyn Store>,
        definitions: Arc<dyn Definitions>,
        settings: Settings,
    ) -> Partition {
        Partition {
            store,
            definitions,
            settings,
            share: Share::ALL,
            live: BTreeMap::new(),
            timers: Timers::default(),
            ready: VecDeque::new(),
            internal: VecDeque::new(),
            map_runs: BTreeMap::new(),
            children: BTreeMap::new(),
            places: BTreeMap::new(),
            touched_map_runs: Vec::new(),
            finished_map_runs: Vec::new(),
            ended_map_runs: VecDeque::new(),
            touched: Vec::new(),
            resting: VecDeque::new(),
            over: VecDeque::new(),
            forgotten: BTreeMap::new(),
            programs: Programs::new(),
            stored_definitions: StoredDefinitions::new(),
            turn: Turn::default(),
            turns: 0,
            decisions: 0,
            last_order: Arc::default(),
            open: 0,
            quarantined: 0,
        }
    }

    /// Partitions that share the executions of `store` between them: each is to be told only of what it owns, as
    /// [`Share::owner`] says, and leaves the rows of the others alone.
    pub fn several(
        store: &Arc<dyn Store>,
        definitions: &Arc<dyn Definitions>,
        settings: Settings,
        partitions: usize,
    ) -> Vec<Partition> {
        let last_order: Arc<AtomicU64> = Arc::default();
        let of_share = |share| Partition {
            share,
            last_order: last_order.clone(),
            ..Partition::new(store.clone(), definitions.clone(), settings)
        };
        Share::of_each(partitions).map(of_share).collect()
    }

    /// Takes one message. `seed` feeds everything random that follows from it.
    pub fn handle(&mut self, message: Message, now: Timestamp, seed: u64) {
        match message {
            Message::Start(start) => self.start(*start, now, seed),
            Message::Input {
                execution,
                input,
                reply,
            } => {
                let outcome = self.input(execution, input, now, seed);
                self.answer_some(reply, outcome);
            }
            Message::Token {
                token,
                update,
                reply,
            } => {
                let outcome = self.token(&token, update, now, seed);
                self.answer_some(reply, outcome);
            }
            Message::UpdateMapRun {
                execution,
                map_run,
                update,
                reply,
            } => {
                let outcome = self.update_map_run(execution, map_run, update, now, seed);
                self.answer(reply, outcome);
            }
            Message::MapRun { map_run, input, .. } => self.give_map_run(map_run, input),
            Message::TakeActivityTask {
                execution,
                task,
                worker,
                reply,
            } => {
                let taken = self.take_activity_task(execution, task, worker, now, seed);
                self.answer(reply, taken);
            }
        }
    }

    /// Goes on with executions that used up their budget, each once. Whether any is left.
    pub fn go_on(&mut self, now: Timestamp, seed: u64) -> bool {
        for _ in 0..self.ready.len() {
            let Some(key) = self.ready.pop_front() else {
                break;
            };
            if let Some(live) = self.live.get_mut(&key) {
                live.is_ready = false;
                self.drive(key, Input::Continue, now, seed);
            }
        }
        for _ in 0..self.settings.internal_messages_max {
            let Some(next) = self.internal.pop_front() else {
                break;
            };
            match next {
                Internal::MapRun { map_run, input } => {
                    self.drive_map_run(map_run, input, now, seed);
                }
                Internal::Align { map_run } => self.align(map_run, now, seed),
                Internal::MapRunCommand { map_run, command } => {
                    self.perform_for_map_run(map_run, command, now, seed);
                }
            }
        }
        !self.ready.is_empty() || !self.internal.is_empty()
    }

    /// The next place in the order of starts: by time, and by turn within one millisecond.
    fn next_order(&mut self, now: Timestamp) -> u64 {
        let by_time = now.epoch_millis().max(0).cast_unsigned() << ORDER_BITS;
        let after = |last: u64| by_time.max(last.saturating_add(1));
        let last = self
            .last_order
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                Some(after(last))
            });
        last.map_or(by_time, after)
    }

    /// The entropy of one decision. Many decisions may follow from one seed, and no two may draw the same numbers:
    /// tokens and names would not be unique.
    fn entropy(&mut self, seed: u64) -> Entropy {
        self.decisions = self.decisions.wrapping_add(1);
        let own = seed ^ self.decisions.wrapping_mul(0xD134_2543_DE82_EF95);
        Entropy::from_seed(Entropy::from_seed(own).next_u64())
    }

    /// Fires timers that are due, at most `most`. Whether more are due.
    ///
    /// # Errors
    /// Where an execution that is not in memory cannot be read.
    pub fn fire_timers(
        &mut self,
        now: Timestamp,
        seed: u64,
        most: usize,
    ) -> Result<bool, StoreError> {
        for _ in 0..most {
            let Some(due) = self.timers.take_due(now) else {
                return Ok(false);
            };
            if let Err(error) = self.load(due.execution) {
                self.timers.set(due);
                return Err(error);
            }
            // An execution that was just loaded has set its timers anew, this one among them.
            self.timers.cancel(due);
            if let Some(live) = self.live.get_mut(&due.execution)
                && live.timers.get(&due.id) == Some(&due.at)
            {
                live.timers.remove(&due.id);
                if live.is_stored_as_it_goes() {
                    timer::delete(&mut self.turn.batch, due);
                }
                self.drive(
                    due.execution,
                    Input::TimerFired { timer: due.id },
                    now,
                    seed,
                );
            } else {
                timer::delete(&mut self.turn.batch, due);
            }
        }
        Ok(self.timers.next().is_some_and(|at| at <= now))
    }

    /// When the next timer is due.
    pub fn next_timer(&self) -> Option<Timestamp> {
        self.timers.next()
    }

    /// How much there is to look after.
    pub fn load_figures(&self) -> Load {
        Load {
            executions_in_memory: self.live.len(),
            executions_open: self.open,
            timers: self.timers.len(),
            quarantined: self.quarantined,
        }
    }

    /// Whether nothing of any execution is in memory.
    pub fn is_empty(&self) -> bool {
        self.live.is_empty()
            && self.timers.len() == 0
            && self.ready.is_empty()
            && self.internal.is_empty()
            && self.map_runs.is_empty()
            && self.children.is_empty()
            && self.places.is_empty()
            && self.touched.is_empty()
            && self.resting.is_empty()
            && self.over.is_empty()
            && self.ended_map_runs.is_empty()
    }

    /// Ends the turn: everything since the last one, as one batch and its effects. `None` where nothing happened.
    pub fn end_turn(&mut self) -> Option<Turn> {
        let number = self.turns + 1;
        self.write_map_runs(number);
        for key in std::mem::take(&mut self.touched) {
            self.write(key, number);
        }
        if self.turn.batch.is_empty() && self.turn.effects.is_empty() {
            return None;
        }
        self.turns = number;
        self.turn.number = number;
        Some(std::mem::take(&mut self.turn))
    }

    /// Lets go of executions that are over or at rest, once the turns up to `durable` are.
    pub fn release(&mut self, durable: u64) {
        self.forgotten.retain(|_, turn| *turn > durable);
        // Where every turn is durable, whoever waits for the next one had nothing to write: none was handed on.
        let durable = if durable == self.turns {
            durable.saturating_add(1)
        } else {
            durable
        };
        self.release_map_runs(durable);
        while let Some((turn, key)) = self.over.front().copied()
            && turn <= durable
        {
            self.over.pop_front();
            self.let_go(turn, key);
        }
        while let Some((turn, key)) = self.resting.front().copied()
            && turn <= durable
        {
            // What has left memory already takes no room.
            let is_there = self.live.contains_key(&key);
            if is_there && self.resting.len() <= self.settings.resting_executions_max {
                return;
            }
            self.resting.pop_front();
            self.let_go(turn, key);
        }
    }

    /// Takes an execution out of memory unless something has happened to it since `turn`.
    fn let_go(&mut self, turn: u64, key: Key) {
        let idle = self
            .live
            .get(&key)
            .is_some_and(|live| live.last_turn == turn && live.is_at_rest() && !live.is_touched);
        if idle {
            self.live.remove(&key);
        }
    }

    fn start(&mut self, start: Start, now: Timestamp, seed: u64) {
        let key = Key::of(&start.header.execution_arn);
        if start.named_by.is_some() {
            match self.existing(key, &start) {
                Ok(None) => {}
                Ok(Some(outcome)) => return self.answer_some(start.started, outcome),
                Err(error) => {
                    return self.answer_some(start.started, Err(StartError::Store(error)));
                }
            }
        }
        self.start_as(start, now, seed);
    }

    /// Starts an execution that is known not to exist, for a caller or for a Map run.
    fn start_as(&mut self, start: Start, now: Timestamp, seed: u64) {
        let key = Key::of(&start.header.execution_arn);
        debug_assert!(self.share.owns(key), "an execution has one owner");
        let Start {
            mut header,
            program,
            definition: text,
            trace_header,
            named_by,
            started,
            finished,
        } = start;
        header.started_at = now;
        let header = Arc::new(header);
        let definition = Key::of(&text);
        let mut summary = new_summary(&header, definition, trace_header, named_by);
        summary.order = self.next_order(now);
        let execution = Execution::new(ExecutionHeader::clone(&header));
        let mut live = Live::new(
            execution,
            header.clone(),
            program.clone(),
            text.clone(),
            summary,
        );
        live.finished.extend(finished);
        if self.stored_definitions.insert(definition) {
            definition::put(&mut self.turn.batch, definition, &text);
        }
        self.remember(definition, (program, text));
        self.live.insert(key, Box::new(live));
        self.open = self.open.saturating_add(1);
        self.drive(key, Input::Start, now, seed);
        let outcome = Started {
            execution_arn: header.execution_arn.clone(),
            started_at: now,
        };
        self.answer_some(started, Ok(outcome));
    }

    fn answer_some<T: Send + 'static>(&mut self, reply: Option<Reply<T>>, answer: T) {
        if let Some(reply) = reply {
            self.answer(reply, answer);
        }
    }

    fn answer<T: Send + 'static>(&mut self, reply: Reply<T>, answer: T) {
        self.turn
            .effects
            .push(Effect::Answer(Box::new(move || reply(answer))));
    }

    /// What an execution of the same name means for a start: AWS answers the same again where it runs with the
    /// same input, and refuses otherwise.
    fn existing(
        &mut self,
        key: Key,
        start: &Start,
    ) -> Result<Option<Result<Started, StartError>>, StoreError> {
        let (header, named_by, is_open) = match self.live.get(&key) {
            Some(live) => {
                let named_by = live.summary.named_by.clone();
                (live.header.clone(), named_by, !live.is_closed())
            }
            None => match self.stored_header(key)? {
                Some((header, summary)) => {
                    let is_open = summary.status == ExecutionStatus::Running;
                    (Arc::new(header), summary.named_by, is_open)
                }
                None => return Ok(None),
            },
        };
        // A task that a crash made repeat its request asks for what it has started, whether that has ended or not.
        let is_repeated = named_by == start.named_by;
        if is_repeated || is_open && same_text(&header.input, &start.header.input) {
            let execution_arn = header.execution_arn.clone();
            return Ok(Some(Ok(Started {
                execution_arn,
                started_at: header.started_at,
            })));
        }
        Ok(Some(Err(StartError::AlreadyExists)))
    }

    fn input(
        &mut self,
        key: Key,
        input: Input,
        now: Timestamp,
        seed: u64,
    ) -> Result<Accepted, InputError> {
        let found = self.load(key).map_err(InputError::Store)?;
        let live = match self.live.get_mut(&key) {
            Some(live) if found => live,
            _ => return Err(InputError::NotFound),
        };
        let reopens = matches!(input, Input::Redrive);
        if live.is_closed() && !reopens {
            return Err(InputError::Closed);
        }
        if let Input::Task { task, update } = &input {
            live.task_updated(*task, update);
        }
        self.drive(key, input, now, seed);
        Ok(Accepted { at: now })
    }

    /// Lets one execution decide, and takes note of what it asks for.
    fn drive(&mut self, key: Key, input: Input, now: Timestamp, seed: u64) {
        let entropy = self.entropy(seed);
        let Some(live) = self.live.get_mut(&key) else {
            return;
        };
        if live.summary.quarantine.is_some() {
            return;
        }
        live.last_moved = live.last_moved.max(now);
        let environment = Environment {
            now: live.last_moved,
            entropy,
        };
        let events_max = self.settings.decision_events_max;
        let wait_scale = self.settings.wait_scale;
        let mut decision = Decision::default();
        let outcome = guarded(|| {
            let budget = Budget::events(events_max).with_wait_scale(wait_scale);
            live.execution
                .decide(&live.program, input, &environment, budget, &mut decision)
        });
        match outcome {
            Ok(progress) => {
                live.events.append(&mut decision.events);
                let was_closed = live.is_closed();
                live.update_summary(environment.now);
                match (was_closed, live.is_closed()) {
                    (false, true) => self.open = self.open.saturating_sub(1),
                    (true, false) => self.open = self.open.saturating_add(1),
                    (true, true) | (false, false) => {}
                }
                live.is_ready = progress == Progress::More;
                if live.is_ready {
                    self.ready.push_back(key);
                }
                for command in decision.commands {
                    self.perform(key, command);
                }
            }
            // What the step left behind is neither stored nor trusted: the journal still has everything before it.
            Err(reason) => return self.quarantine(key, &reason),
        }
        self.touch(key);
    }

    /// Sets an execution aside: it is not driven any further, its journal is kept.
    fn quarantine(&mut self, key: Key, reason: &str) {
        if let Some(live) = self.live.get_mut(&key) {
            live.summary.quarantine = Some(Arc::from(reason));
            live.is_changed = true;
            self.quarantined = self.quarantined.saturating_add(1);
            // The reason may quote what the execution carries: it stays with the execution.
            tracing::error!(
                execution_arn = &*live.header.execution_arn,
                "execution set aside: it broke an invariant"
            );
        }
        self.touch(key);
    }

    fn touch(&mut self, key: Key) {
        if let Some(live) = self.live.get_mut(&key)
            && !live.is_touched
        {
            live.is_touched = true;
            self.touched.push(key);
        }
    }

    fn perform(&mut self, key: Key, command: Command) {
        let Some(live) = self.live.get_mut(&key) else {
            return;
        };
        let stored = live.is_stored_as_it_goes();
        match command {
            Command::StartTask(task) => self.start_task(key, task),
            Command::CancelTask { task } => self.cancel_task(key, task),
            Command::SetTimer { timer, at } => self.set_timer(key, timer, at),
            Command::CancelTimer { timer: id } => {
                let Some(at) = live.timers.remove(&id) else {
                    return;
                };
                let timer = Timer {
                    at,
                    execution: key,
                    id,
                };
                self.timers.cancel(timer);
                if stored {
                    timer::delete(&mut self.turn.batch, timer);
                }
            }
            Command::Finish { status } => {
                for (reply, finished) in live.take_finished() {
                    self.answer(reply, finished);
                }
                let place = self.places.get(&key).copied();
                if let (Some(place), Some(outcome)) = (place, ChildOutcome::of(&status)) {
                    self.forget_place(place, key);
                    let input = MapRunInput::ChildFinished {
                        index: place.index,
                        outcome,
                    };
                    self.give_map_run(place.map_run, input);
                }
            }
            Command::StartMapRun { map_run, spec }
            | Command::RedriveMapRun { map_run, spec, .. } => {
                self.want_map_run(key, map_run, *spec);
            }
            Command::StopMapRun { map_run } => self.leave_map_run(key, map_run),
        }
    }

    fn set_timer(&mut self, key: Key, id: TimerId, at: Timestamp) {
        let Some(live) = self.live.get_mut(&key) else {
            return;
        };
        let stored = live.is_stored_as_it_goes();
        let timer = |at| Timer {
            at,
            execution: key,
            id,
        };
        // One that was set for another time gives way: an execution may be closed and redriven in one turn.
        if let Some(before) = live.timers.insert(id, at).filter(|before| *before != at) {
            self.timers.cancel(timer(before));
            timer::delete(&mut self.turn.batch, timer(before));
        }
        self.timers.set(timer(at));
        if stored {
            timer::put(&mut self.turn.batch, timer(at));
        }
    }

    /// Adds what changed in one execution to the turn.
    fn write(&mut self, key: Key, turn: u64) {
        let Some(live) = self.live.get_mut(&key) else {
            return;
        };
        live.is_touched = false;
        live.last_turn = turn;
        if live.is_stored_as_it_goes() || live.is_closed() {
            write_rows(&mut self.turn, key, live);
        }
        let over = live.is_closed() || live.summary.quarantine.is_some();
        if over {
            for (id, at) in std::mem::take(&mut live.timers) {
                let timer = Timer {
                    at,
                    execution: key,
                    id,
                };
                self.timers.cancel(timer);
                timer::delete(&mut self.turn.batch, timer);
            }
        }
        if live.is_at_rest() {
            let queue = if live.is_closed() {
                &mut self.over
            } else {
                &mut self.resting
            };
            queue.push_back((turn, key));
        }
    }
}

fn write_rows(turn: &mut Turn, key: Key, live: &mut Live) {
    let batch = &mut turn.batch;
    if !live.is_stored {
        journal::put_header(batch, key, &live.header);
        let parent = live
            .header
            .map_run
            .as_deref()
            .unwrap_or(&live.header.state_machine_arn);
        listing::put(batch, Key::of(parent), live.summary.order, key);
    }
    if !live.events.is_empty() {
        let events = std::mem::take(&mut live.events);
        journal::put_events(batch, key, live.first_event, &events, &mut live.encoder);
        live.first_event += events.len() as u64;
        let (header, program) = (live.header.clone(), live.program.clone());
        turn.effects.push(Effect::Recorded {
            header,
            program,
            events,
        });
    }
    let batch = &mut turn.batch;
    if let Some(stopped_at) = live.reopened_from.take() {
        closed::delete(batch, stopped_at, key);
        live.resume = None;
    }
    let resume = live.resume();
    match (live.is_closed(), live.summary.stopped_at) {
        (true, Some(stopped_at)) => {
            if live.is_stored {
                open::delete(batch, key);
            }
            closed::put(batch, stopped_at, key);
        }
        _ if live.resume != Some(resume) => open::put(batch, key, resume),
        _ => {}
    }
    live.is_stored = true;
    live.resume = Some(resume);
    if live.is_changed {
        summary::put(batch, key, &live.summary);
        live.is_changed = false;
    }
}

fn new_summary(
    header: &ExecutionHeader,
    definition: Key,
    trace_header: Option<Arc<str>>,
    named_by: Option<Arc<str>>,
) -> Summary {
    Summary {
        execution_arn: header.execution_arn.clone(),
        name: header.name.clone(),
        state_machine_arn: header.state_machine_arn.clone(),
        state_machine_version_arn: header.state_machine_version_arn.clone(),
        state_machine_alias_arn: header.state_machine_alias_arn.clone(),
        map_run_arn: header.map_run.clone(),
        status: ExecutionStatus::Running,
        started_at: header.started_at,
        order: 0,
        stopped_at: None,
        output: None,
        failure: None,
        redrive_count: 0,
        redriven_at: None,
        trace_header,
        named_by,
        definition,
        quarantine: None,
    }
}

/// AWS compares inputs as text.
fn same_text(one: &Payload, other: &Payload) -> bool {
    one.text() == other.text()
}
