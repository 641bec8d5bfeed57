//! The history of one execution as it grows: server-sent events.
//!
//! It reads the journal again whenever there is news, so that what it sends is what is durable, and a client that comes back
//! says where it left off. A client that is slow gets larger pieces, not more of them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes, Frame};
use hyper::header::{CACHE_CONTROL, HeaderValue};
use passo_engine::History;
use passo_json::Json;
use passo_net::SiteAnswer;
use passo_runtime::{Definitions as _, ExecutionStatus, Key, Runtime};
use passo_states::Definitions;
use tokio::sync::mpsc;

use super::Refusal;
use crate::live::{Live, Look};

/// Events in one message, at most.
const EVENTS_MAX: usize = 400;
/// Messages that wait for a slow client.
const MESSAGES_MAX: usize = 4;
/// How long nothing is sent before the connection is shown to be alive.
const SILENCE: Duration = Duration::from_secs(15);
/// The least time between two readings. A reading that takes long is followed by a rest several times as long.
const REST: Duration = Duration::from_millis(40);

/// What streams are made from.
pub(crate) struct Streams {
    pub(crate) live: Arc<Live>,
    pub(crate) definitions: Arc<Definitions>,
}

/// A body that is written while it is sent.
struct Written(mpsc::Receiver<Bytes>);

impl Body for Written {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let received = self.0.poll_recv(context);
        received.map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}

impl Streams {
    /// The stream of an execution, of events after the one with the id `after`.
    pub(super) fn open(&self, runtime: &Runtime, execution_arn: &str, after: u64) -> SiteAnswer {
        let (messages, written) = mpsc::channel(MESSAGES_MAX);
        let telling = Telling {
            runtime: runtime.clone(),
            definitions: Arc::clone(&self.definitions),
            execution: Key::of(execution_arn),
            after,
            status: None,
            messages,
        };
        tokio::spawn(telling.run(self.live.look(execution_arn)));
        let mut answer = SiteAnswer::new(200, "text/event-stream", "");
        answer.body = Written(written).boxed_unsync();
        answer.with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
    }
}

/// One stream under way.
struct Telling {
    runtime: Runtime,
    definitions: Arc<Definitions>,
    execution: Key,
    /// The last event that was sent.
    after: u64,
    /// The status that was told last.
    status: Option<ExecutionStatus>,
    messages: mpsc::Sender<Bytes>,
}

/// What one reading has brought.
struct News {
    status: ExecutionStatus,
    messages: Vec<Bytes>,
    last: u64,
}

impl Telling {
    /// Sends until the execution has ended, or nobody reads any more.
    async fn run(mut self, mut look: Look) {
        loop {
            let begun = Instant::now();
            let Ok(news) = self.read().await else {
                return;
            };
            self.after = news.last;
            let is_over = news.status != ExecutionStatus::Running;
            for message in news.messages {
                if self.messages.send(message).await.is_err() {
                    return;
                }
            }
            if self.status.replace(news.status) != Some(news.status) {
                let name = news.status.name();
                let message = format!("event: status\ndata: \"{name}\"\n\n");
                if self.messages.send(message.into()).await.is_err() {
                    return;
                }
            }
            if is_over || !self.wait(&mut look).await {
                return;
            }
            tokio::time::sleep(REST.max(begun.elapsed().saturating_mul(3))).await;
        }
    }

    /// Waits for news, and shows now and then that the connection is alive; `false` where it is not.
    async fn wait(&self, look: &mut Look) -> bool {
        loop {
            tokio::select! {
                is_news = look.next() => return is_news,
                () = self.messages.closed() => return false,
                () = tokio::time::sleep(SILENCE) => {
                    if self.messages.send(Bytes::from_static(b": alive\n\n")).await.is_err() {
                        return false;
                    }
                }
            }
        }
    }

    async fn read(&self) -> Result<News, Refusal> {
        let (runtime, definitions) = (self.runtime.clone(), Arc::clone(&self.definitions));
        let (execution, after) = (self.execution, self.after);
        let reading =
            tokio::task::spawn_blocking(move || read(&runtime, &definitions, execution, after));
        reading.await.map_err(|_| Refusal::unavailable())?
    }
}

fn read(
    runtime: &Runtime,
    definitions: &Definitions,
    execution: Key,
    after: u64,
) -> Result<News, Refusal> {
    let found = runtime
        .execution(execution)
        .map_err(|error| Refusal::store(&error))?;
    let (summary, header) = found.ok_or_else(Refusal::unavailable)?;
    let text = runtime
        .definition(summary.definition)
        .map_err(|error| Refusal::store(&error))?;
    let program = definitions.program(text.as_deref().unwrap_or_default());
    let program = program.map_err(Refusal::conflict)?;
    let events = runtime
        .events(execution, &header)
        .map_err(|error| Refusal::store(&error))?;
    let shown = History::project(&program, &header, &events);
    let shown: Vec<_> = shown.filter(|event| event.id.number() > after).collect();
    let mut last = after;
    let messages = shown.chunks(EVENTS_MAX).map(|events| {
        last = events.last().map_or(last, |event| event.id.number());
        let events: Vec<Json> = events.iter().map(|event| event.to_json(true)).collect();
        Bytes::from(format!(
            "id: {last}\ndata: {}\n\n",
            Json::from(events).to_text()
        ))
    });
    let messages = messages.collect();
    Ok(News {
        status: summary.status,
        messages,
        last,
    })
}
