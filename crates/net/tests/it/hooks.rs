//! What stands beside the services: the server's own site, and who hears of requests.

use std::any::Any;
use std::sync::{Arc, Mutex};

use passo_net::{Answered, Gateway, Home, Server, Settings, Site, SiteAnswer, SiteRequest, Watch};
use passo_service::{BoxFuture, Call, Directory};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{oneshot, watch};

use crate::{Echo, post};

struct Own;

impl Site for Own {
    fn owns(&self, method: &str, path: &str) -> bool {
        method == "GET" && path == "/own"
    }

    fn is_open(&self, _: &str, _: &str) -> bool {
        false
    }

    fn answer(&self, request: SiteRequest) -> BoxFuture<'_, SiteAnswer> {
        Box::pin(std::future::ready(SiteAnswer {
            status: 203,
            content_type: "text/plain",
            body: request.path,
        }))
    }
}

/// What it heard, in order.
#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<String>>>);

impl Ear {
    fn hear(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }
}

struct End(Ear);

impl Drop for End {
    fn drop(&mut self) {
        self.0.hear("end".to_owned());
    }
}

impl Watch for Ear {
    fn begun(&self, call: &Call) -> Option<Box<dyn Any + Send>> {
        self.hear(format!("begun {}", call.operation));
        Some(Box::new(End(self.clone())))
    }

    fn answered(&self, request: &Answered<'_>) {
        self.hear(format!(
            "answered {:?} {:?} {:?} {}",
            request.service, request.operation, request.code, request.status
        ));
    }
}

async fn ask(address: std::net::SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn the_site_answers_before_there_are_services() {
    let ear = Ear::default();
    let (services, services_out) = watch::channel(None);
    let gateway = Gateway {
        services: services_out,
        site: Arc::new(Own),
        watch: Arc::new(ear.clone()),
        home: Home::default(),
        keys: None,
        objects: Arc::default(),
    };
    let free = || ([127, 0, 0, 1], 0).into();
    let server = Server::bind(free(), Settings::default()).await.unwrap();
    let address = server.local_address().unwrap();
    let server = server.and_on(free()).await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(server.serve(gateway, async {
        let _ = stopped.await;
    }));
    let request = post("Test_1.Echo", "{}");
    let call = tokio::spawn(async move { ask(address, &request).await });
    let own = b"GET /own HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answer = ask(address, own).await;
    assert!(
        answer.starts_with("HTTP/1.1 203") && answer.ends_with("/own"),
        "{answer}"
    );
    services.send_replace(Some(Directory::new().with_target("Test_1", Arc::new(Echo))));
    assert!(call.await.unwrap().starts_with("HTTP/1.1 200"));
    ask(address, &post("Test_1.Other", "{}")).await;
    ask(address, &post("Nobody.Other", "{}")).await;
    assert_eq!(
        *ear.0.lock().unwrap(),
        [
            "begun Echo",
            "end",
            "answered Some(\"Test_1\") Some(\"Echo\") None 200",
            "begun Other",
            "end",
            "answered Some(\"Test_1\") Some(\"Other\") Some(\"NotEcho\") 400",
            "answered None None Some(\"UnknownOperationException\") 400",
        ]
    );
    stop.send(()).unwrap();
    serving.await.unwrap();
}
