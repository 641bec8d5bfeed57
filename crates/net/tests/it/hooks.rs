//! What stands beside the services: the server's own site, and who hears of requests.

use std::any::Any;
use std::sync::{Arc, Mutex};

use passo_net::{
    Answered, Gateway, Home, Server, Settings, Site, SiteAnswer, SiteHead, SiteRequest, Watch,
};
use passo_service::{BoxFuture, Call, Directory};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{oneshot, watch};

use crate::{Echo, post};

struct Own;

impl Site for Own {
    fn owns(&self, head: &SiteHead<'_>) -> bool {
        head.method == "GET" && head.path == "/own"
    }

    fn is_open(&self, _: &SiteHead<'_>) -> bool {
        false
    }

    fn answer(&self, request: SiteRequest) -> BoxFuture<'_, SiteAnswer> {
        let answer = SiteAnswer::new(203, "text/plain", request.path);
        Box::pin(std::future::ready(answer))
    }
}

/// What a user serves under a host of its own: it tells what it was asked.
struct Web;

impl Site for Web {
    fn owns(&self, head: &SiteHead<'_>) -> bool {
        head.host.starts_with("web.")
    }

    fn is_open(&self, _: &SiteHead<'_>) -> bool {
        true
    }

    fn body_bytes_max(&self) -> Option<usize> {
        Some(3)
    }

    fn answer(&self, request: SiteRequest) -> BoxFuture<'_, SiteAnswer> {
        let from = request.source_ip.map(|ip| ip.to_string());
        let body = format!(
            "{} {} {} {} {:?}",
            request.host,
            request.query,
            request.headers.get("x-a").unwrap().to_str().unwrap(),
            String::from_utf8_lossy(&request.body),
            from,
        );
        let headers = [("x-b", "1"), ("x-b", "2"), ("not\na header", "3")];
        let answer = SiteAnswer::with_headers(202, headers, body);
        Box::pin(std::future::ready(answer))
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
        web: Arc::new(vec![Arc::new(Web) as Arc<dyn Site>].into()),
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
    let web = |body: &str| {
        format!(
            "PUT /own?q=%20 HTTP/1.1\r\nHost: web.x:1\r\nX-A: a\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let answer = ask(address, web("b").as_bytes()).await;
    let wants = "web.x:1 q=%20 a b Some(\"127.0.0.1\")";
    assert!(
        answer.starts_with("HTTP/1.1 202") && answer.ends_with(wants),
        "{answer}"
    );
    assert!(
        answer.contains("x-b: 1\r\nx-b: 2") && !answer.contains("header"),
        "{answer}"
    );
    let answer = ask(address, web("long").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
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
