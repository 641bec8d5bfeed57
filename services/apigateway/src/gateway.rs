//! The APIs of both generations, and the two services that change them.

use std::fmt;
use std::sync::Arc;

use passo_json::Json;
use passo_records::Parameters;
use passo_runtime::{Clock, Entropy};
use passo_service::{BoxFuture, Call, Fault, Peers, Service};
use passo_store::Store;

use crate::control::{Request, Style};
use crate::serve::{Address, Live, WebRequest, WebResponse};
use crate::sockets::Open;
use crate::table::Table;
use crate::{http, rest};

/// The letters of an id.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// What API Gateway is made of.
pub struct Ports {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub entropy: Arc<dyn Entropy>,
    /// The services that integrations call: `lambda`, `states`, `sqs` and whatever else there is, and `passo-http`, which sends
    /// HTTP requests.
    pub peers: Peers,
    /// The port under which APIs are reached, for the addresses that are shown.
    pub port: u16,
}

/// REST and HTTP APIs.
#[derive(Clone)]
pub struct ApiGateway {
    pub(crate) shared: Arc<Shared>,
}

/// The service `apigateway`.
pub struct RestApis(ApiGateway);

/// The service `apigatewayv2`.
pub struct HttpApis(ApiGateway);

pub(crate) struct Shared {
    pub(crate) table: Table,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) peers: Peers,
    pub(crate) port: u16,
    pub(crate) live: Live,
    pub(crate) open: Open,
}

impl fmt::Debug for ApiGateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiGateway").finish_non_exhaustive()
    }
}

impl fmt::Debug for RestApis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RestApis").field(&self.0).finish()
    }
}

impl fmt::Debug for HttpApis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HttpApis").field(&self.0).finish()
    }
}

impl ApiGateway {
    /// Everything that is kept in the store.
    pub fn open(ports: Ports) -> ApiGateway {
        ApiGateway {
            shared: Arc::new(Shared {
                table: Table::new(ports.store),
                clock: ports.clock,
                entropy: ports.entropy,
                peers: ports.peers,
                port: ports.port,
                live: Live::default(),
                open: Open::default(),
            }),
        }
    }

    /// The service `apigateway` over it.
    pub fn rest_apis(&self) -> RestApis {
        RestApis(self.clone())
    }

    /// The service `apigatewayv2` over it.
    pub fn http_apis(&self) -> HttpApis {
        HttpApis(self.clone())
    }

    /// Whether there is an API of that id.
    pub fn has(&self, api: &str) -> bool {
        matches!(self.shared.table.find(&["api", api]), Ok(Some(_)))
    }

    /// Answers a request to the API at `address`.
    pub async fn serve(&self, address: &Address, request: WebRequest) -> WebResponse {
        crate::serve::serve(&self.shared, address, request).await
    }
}

impl Shared {
    /// An id that nothing has.
    pub(crate) fn new_id(&self, characters: usize) -> String {
        let entropy = passo_vocab::Entropy::from_seed(self.entropy.seed());
        let letter = |_| {
            let at = usize::try_from(entropy.below(36)).unwrap_or(0);
            LETTERS.get(at).copied().map_or('a', char::from)
        };
        (0..characters).map(letter).collect()
    }

    /// A version 4 UUID.
    pub(crate) fn uuid(&self) -> String {
        passo_vocab::Entropy::from_seed(self.entropy.seed()).uuid_v4()
    }
}

impl Service for RestApis {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            let given = Parameters { call: &call };
            let request = Request::new(&self.0.shared, given, Style::Rest)?;
            match request.operation.name {
                "TestInvokeMethod" => rest::test_invoke(&self.0.shared, &request).await,
                _ => rest::answer(&request),
            }
        })
    }
}

impl Service for HttpApis {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            let given = Parameters { call: &call };
            let request = Request::new(&self.0.shared, given, Style::Http)?;
            http::answer(&request)
        })
    }
}
