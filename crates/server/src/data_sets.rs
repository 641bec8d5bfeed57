//! The runtime's data port: data sets are read from S3, and results written to it, on threads that may wait.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use passo_engine::map::{ChildRecord, ItemReaderSpec, MapItems, MapRunInput};
use passo_integrations::data_sets::{self, Calls, Outcomes, Reader};
use passo_json::Json;
use passo_runtime::{
    DataOwner, DataPort, Entropy, Key, Message, ReadRequest, Refused, Results, Runtime, UnderWay,
    WriteRequest,
};
use passo_service::{Call, Caller, Directory, Fault, RequestId};
use passo_vocab::{AccountId, Arn, ErrorName, Failure, Region};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};

use crate::tasks::Ready;

/// Pages and results at work at the same time, a thread each; further ones wait.
const AT_WORK_MAX: usize = 16;
/// Readers that are kept between two pages.
const READERS_MAX: usize = 64;
/// How long an answer waits when the runtime takes none.
const RETRY_AFTER: Duration = Duration::from_millis(20);

/// Reads and writes.
pub(crate) struct DataSets {
    shared: Arc<Shared>,
}

struct Shared {
    handle: Handle,
    ready: watch::Sender<Option<Ready>>,
    places: Arc<Semaphore>,
    entropy: Arc<dyn Entropy>,
    /// Readers between two pages, by Map run. Any of them may be dropped: another goes on where it was.
    readers: Mutex<BTreeMap<Key, Reader>>,
}

impl DataSets {
    /// A port whose work runs on the current tokio runtime.
    pub(crate) fn new(entropy: Arc<dyn Entropy>) -> DataSets {
        DataSets {
            shared: Arc::new(Shared {
                handle: Handle::current(),
                ready: watch::Sender::new(None),
                places: Arc::new(Semaphore::new(AT_WORK_MAX)),
                entropy,
                readers: Mutex::default(),
            }),
        }
    }

    /// Lets work begin: that of recovered Map runs has waited for it.
    pub(crate) fn begin(&self, ready: Ready) {
        self.shared.ready.send_replace(Some(ready));
    }

    /// Begins nothing more. What is not answered is asked for again after the next start.
    pub(crate) fn stop(&self) {
        self.shared.places.close();
        // The runtime holds the port, and the port the runtime.
        self.shared.ready.send_replace(None);
        self.shared.readers().clear();
    }

    /// Does `work` on a thread of its own, once there are services, and tells the Map run what came of it.
    fn perform(
        &self,
        owner: DataOwner,
        under_way: Arc<UnderWay>,
        work: impl FnOnce(&Shared, &DataOwner, Arc<dyn Calls>) -> MapRunInput + Send + 'static,
    ) {
        let shared = Arc::clone(&self.shared);
        self.shared.handle.spawn(async move {
            let mut ready = shared.ready.subscribe();
            let Ok(ready) = ready
                .wait_for(Option::is_some)
                .await
                .map(|ready| ready.clone())
            else {
                return;
            };
            let Some(Ready { runtime, directory }) = ready else {
                return;
            };
            let Ok(_place) = Arc::clone(&shared.places).acquire_owned().await else {
                return;
            };
            let (execution, map_run) = (owner.execution, owner.map_run);
            let done = tokio::task::spawn_blocking(move || {
                let Some(calls) = shared.calls(&owner, directory) else {
                    let cause = "The execution's ARN names no account and region.";
                    let failure = Failure::new(ErrorName::RUNTIME, cause);
                    return MapRunInput::ReadFailed(failure);
                };
                work(&shared, &owner, Arc::new(calls))
            });
            // A thread that panicked has told why; the run waits for the next start.
            if let Ok(input) = done.await {
                tell(&runtime, execution, map_run, input).await;
            }
            drop(under_way);
        });
    }
}

impl DataPort for DataSets {
    fn read(&self, request: ReadRequest) {
        let ReadRequest {
            owner,
            after,
            cursor,
            under_way,
        } = request;
        self.perform(owner, under_way, move |shared, owner, calls| {
            shared.read(owner, after, cursor.as_deref(), calls)
        });
    }

    fn write(&self, request: WriteRequest) {
        let WriteRequest {
            owner,
            results,
            under_way,
        } = request;
        self.perform(owner, under_way, move |_, owner, calls| {
            let spec = &owner.spec;
            let Some(writer) = &spec.result_writer else {
                let cause = "The Map state has no ResultWriter.";
                return MapRunInput::WriteFailed(Failure::new(
                    ErrorName::RESULT_WRITER_FAILED,
                    cause,
                ));
            };
            match data_sets::write(&spec.map_run_arn, writer, &Records(results), &*calls) {
                Ok(details) => MapRunInput::ResultsWritten(details),
                Err(failure) => MapRunInput::WriteFailed(failure),
            }
        });
    }
}

impl Shared {
    fn readers(&self) -> std::sync::MutexGuard<'_, BTreeMap<Key, Reader>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(
        &self,
        owner: &DataOwner,
        after: u64,
        cursor: Option<&str>,
        calls: Arc<dyn Calls>,
    ) -> MapRunInput {
        let MapItems::Reader(spec) = &owner.spec.items else {
            let failure = Failure::new(ErrorName::ITEM_READER_FAILED, "There is no ItemReader.");
            return MapRunInput::ReadFailed(failure);
        };
        let mut reader = match self.reader(owner.map_run, spec, cursor, calls) {
            Ok(reader) => reader,
            Err(failure) => return MapRunInput::ReadFailed(failure),
        };
        match reader.page() {
            Err(failure) => MapRunInput::ReadFailed(failure),
            Ok(page) => {
                let last = page.cursor.is_none();
                if !last {
                    self.keep(owner.map_run, reader);
                }
                MapRunInput::ItemsRead {
                    after,
                    items: page.items,
                    source: page.source,
                    cursor: page.cursor,
                    last,
                }
            }
        }
    }

    /// The reader that stands at `cursor`: the one that was kept, or another one.
    fn reader(
        &self,
        map_run: Key,
        spec: &ItemReaderSpec,
        cursor: Option<&str>,
        calls: Arc<dyn Calls>,
    ) -> Result<Reader, Failure> {
        let kept = self.readers().remove(&map_run);
        match kept.filter(|kept| cursor.is_some() && kept.cursor() == cursor) {
            Some(reader) => Ok(reader),
            None => Reader::open(spec, cursor, calls),
        }
    }

    fn keep(&self, map_run: Key, reader: Reader) {
        let mut readers = self.readers();
        if readers.len() >= READERS_MAX {
            readers.pop_first();
        }
        readers.insert(map_run, reader);
    }

    fn calls(&self, owner: &DataOwner, directory: Directory) -> Option<S3Calls> {
        let header = &owner.header;
        let arn = Arn::parse(&header.execution_arn).ok()?;
        let entropy = passo_vocab::Entropy::from_seed(self.entropy.seed());
        Some(S3Calls {
            handle: self.handle.clone(),
            directory,
            caller: Caller {
                account: AccountId::parse(arn.account()).ok()?,
                region: Region::parse(&header.region).ok()?,
            },
            request_id: RequestId::new(entropy.uuid_v4()),
        })
    }
}

/// Calls of S3 on behalf of one execution.
struct S3Calls {
    handle: Handle,
    directory: Directory,
    caller: Caller,
    request_id: RequestId,
}

impl Calls for S3Calls {
    fn call(&self, operation: &str, parameters: Json) -> Result<Json, Fault> {
        let Some(service) = self.directory.by_name("s3") else {
            return Err(Fault::service("The service 's3' is not available here."));
        };
        self.handle.block_on(service.call(Call {
            operation: operation.into(),
            parameters,
            caller: self.caller.clone(),
            request_id: self.request_id.clone(),
        }))
    }

    fn request_id(&self) -> RequestId {
        self.request_id.clone()
    }
}

/// The children of a Map run, out of the store.
struct Records(Results);

impl Outcomes for Records {
    fn visit(&self, visit: &mut dyn FnMut(ChildRecord) -> ControlFlow<()>) -> Result<(), String> {
        self.0.visit(visit).map_err(|error| error.to_string())
    }

    fn json(&self, record: &ChildRecord) -> Json {
        self.0.json(record)
    }
}

/// Hands an answer on, however long that takes; a runtime that stops asks again after the next start.
async fn tell(runtime: &Runtime, execution: Key, map_run: Key, input: MapRunInput) {
    loop {
        let message = Message::MapRun {
            execution,
            map_run,
            input: input.clone(),
        };
        match runtime.send(execution, message) {
            Ok(()) | Err(Refused::Stopping | Refused::NoToken) => return,
            Err(Refused::Busy | Refused::Full) => tokio::time::sleep(RETRY_AFTER).await,
        }
    }
}
