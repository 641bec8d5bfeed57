//! The bounded queue between all functions and the sink, and the thread that empties it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::oneshot;

use super::{LogSink, LogSource, LogStream};

/// Text that may wait for a slow sink; what comes on top is dropped and counted.
const QUEUE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Of that, what one function may have: one that floods its log takes nothing from the others. Enough for a burst of several megabytes.
const SHARE_BYTES_MAX: usize = QUEUE_BYTES_MAX / 4;
/// What a line costs besides its text.
const LINE_OVERHEAD_BYTES: usize = 128;

/// The way in. Dropping the last clone lets the thread finish what is queued and end.
#[derive(Debug)]
pub(crate) struct LogQueue {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<Line>,
    bytes: usize,
    /// By the functions' ARNs; only of those that have printed since the queue was emptied.
    shares: BTreeMap<Arc<str>, Share>,
    closed: bool,
}

/// What one function has in the queue.
#[derive(Debug)]
struct Share {
    source: Arc<LogSource>,
    bytes: usize,
    dropped: u64,
}

#[derive(Debug)]
struct Line {
    source: Arc<LogSource>,
    stream: LogStream,
    text: String,
    at: SystemTime,
}

impl LogQueue {
    /// Starts the thread. The receiver resolves when the thread has given everything to the sink.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(
        sink: Arc<dyn LogSink>,
    ) -> std::io::Result<(LogQueue, oneshot::Receiver<()>)> {
        let shared = Arc::new(Shared::default());
        let (done, finished) = oneshot::channel();
        let of_thread = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("lambda-logs".to_owned())
            .spawn(move || {
                deliver(&of_thread, sink.as_ref());
                // Nobody may be waiting, which is fine.
                let _ = done.send(());
            })?;
        Ok((LogQueue { shared }, finished))
    }

    /// Queues a line, or drops it when the sink is too far behind. Never waits for the sink.
    pub(crate) fn push(&self, source: &Arc<LogSource>, stream: LogStream, text: &str) {
        let mut state = self.shared.lock();
        let bytes = text.len() + LINE_OVERHEAD_BYTES;
        let is_full = state.bytes + bytes > QUEUE_BYTES_MAX;
        let key = Arc::clone(&source.function_arn);
        let share = state.shares.entry(key).or_insert_with(|| Share {
            source: Arc::clone(source),
            bytes: 0,
            dropped: 0,
        });
        if is_full || share.bytes + bytes > SHARE_BYTES_MAX {
            share.dropped = share.dropped.saturating_add(1);
            drop(state);
            self.shared.changed.notify_one();
            return;
        }
        share.bytes += bytes;
        state.bytes += bytes;
        let source = Arc::clone(source);
        state.lines.push_back(Line {
            source,
            stream,
            text: text.to_owned(),
            at: SystemTime::now(),
        });
        drop(state);
        self.shared.changed.notify_one();
    }
}

impl Drop for LogQueue {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_one();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for lines; `None` when there will be no more.
    fn take(&self) -> Option<State> {
        let mut state = self.lock();
        while state.shares.is_empty() {
            if state.closed {
                return None;
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        let closed = state.closed;
        Some(std::mem::replace(
            &mut state,
            State {
                closed,
                ..State::default()
            },
        ))
    }
}

fn deliver(shared: &Shared, sink: &dyn LogSink) {
    while let Some(taken) = shared.take() {
        for line in &taken.lines {
            sink.write(&line.source, line.stream, &line.text, line.at);
        }
        for share in taken.shares.values().filter(|share| share.dropped > 0) {
            let text = format!(
                "{} log lines dropped: the log sink is slower than the functions",
                share.dropped
            );
            sink.write(&share.source, LogStream::Platform, &text, SystemTime::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// Blocks in the first line until told to go on.
    struct Gate {
        entered: mpsc::SyncSender<()>,
        go: Mutex<mpsc::Receiver<()>>,
        lines: Mutex<Vec<String>>,
    }

    impl LogSink for Gate {
        fn write(&self, _: &LogSource, _: LogStream, line: &str, _: SystemTime) {
            let mut lines = self.lines.lock().unwrap();
            lines.push(line.get(..line.len().min(40)).unwrap().to_owned());
            if lines.len() == 1 {
                self.entered.send(()).unwrap();
                self.go.lock().unwrap().recv().unwrap();
            }
        }
    }

    #[test]
    fn a_stuck_sink_costs_lines_and_not_memory() {
        let (entered, has_entered) = mpsc::sync_channel(1);
        let (go, may_go) = mpsc::channel();
        let sink = Arc::new(Gate {
            entered,
            go: Mutex::new(may_go),
            lines: Mutex::default(),
        });
        let (queue, finished) = LogQueue::start(Arc::clone(&sink) as Arc<dyn LogSink>).unwrap();
        let name = |text: &str| Arc::from(text);
        let source = |function: &str| {
            Arc::new(LogSource {
                function_arn: name(function),
                function_name: name(function),
                log_group: name("g"),
                log_stream: name("s"),
            })
        };
        let (source, other) = (source("f"), source("g"));
        queue.push(&source, LogStream::Stdout, "first");
        has_entered.recv().unwrap();
        let long = "x".repeat(SHARE_BYTES_MAX / 4 - LINE_OVERHEAD_BYTES);
        for _ in 0..10 {
            queue.push(&source, LogStream::Stdout, &long);
        }
        assert!(queue.shared.lock().bytes <= SHARE_BYTES_MAX);
        queue.push(&other, LogStream::Stdout, "of another function");
        go.send(()).unwrap();
        drop(queue);
        finished.blocking_recv().unwrap();
        let lines = sink.lines.lock().unwrap();
        assert_eq!(lines.len(), 1 + 4 + 1 + 1);
        assert_eq!(lines[5], "of another function");
        assert!(lines[6].starts_with("6 log lines dropped"), "{}", lines[6]);
    }
}
