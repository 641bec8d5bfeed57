//! APIs of API Gateway as their clients see them: names of headers, documents that are merged, WebSockets.

use futures_util::{SinkExt as _, StreamExt as _};
use passo_json::{Json, Object, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::client::{exchange, send};
use crate::world::World;

/// Calls an operation of `apigateway` or `apigatewayv2`.
async fn call(world: &World, line: &str, body: &str) -> Json {
    let line = format!("{line} HTTP/1.1");
    let headers = "Content-Type: application/json";
    let answer = send(world.address, &line, headers, "apigateway", body).await;
    answer.ok()
}

fn text(json: &Json, member: &str) -> String {
    json.get(member).unwrap().as_str().unwrap().to_owned()
}

/// A REST API whose methods tell the names of the headers that they get.
fn document(path: &str, method: &str) -> String {
    let template = "#foreach($name in $input.params().header.keySet())$name #end";
    let integration = json!({
        "type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"},
        "responses": {"default": {"statusCode": "200", "responseTemplates": {"application/json": template}}}
    });
    let operation = Object::default().with("x-amazon-apigateway-integration", integration);
    let item = Object::default().with(method, operation);
    let paths = Object::default().with(path, item);
    let document = json!({"openapi": "3.0.1", "info": {"title": "names"}, "paths": paths});
    document.to_text()
}

#[tokio::test]
async fn functions_see_headers_as_they_were_sent() {
    let world = World::ephemeral().await;
    let api = call(&world, "POST /restapis?mode=import", &document("/a", "get")).await;
    let id = text(&api, "id");
    let deployments = format!("POST /restapis/{id}/deployments");
    call(&world, &deployments, r#"{"stageName": "s"}"#).await;
    let request = format!(
        "GET /_aws/execute-api/{id}/s/a HTTP/1.1\r\nHost: x\r\nconnection: close\r\nX-MixedCase: 1\r\nx-lower: 2\r\n\r\n"
    );
    let names = exchange(world.address, request.as_bytes()).await.body;
    for name in ["Host", "connection", "X-MixedCase", "x-lower"] {
        assert!(names.split(' ').any(|it| it == name), "{names}");
    }
    world.stop().await;
}

#[tokio::test]
async fn documents_are_merged_or_take_the_place_of_what_there_was() {
    let world = World::ephemeral().await;
    let api = call(&world, "POST /restapis?mode=import", &document("/a", "get")).await;
    let id = text(&api, "id");
    for (mode, path, method, expect) in [
        ("merge", "/b", "get", vec!["/ 0", "/a 1", "/b 1"]),
        ("merge", "/a", "put", vec!["/ 0", "/a 2", "/b 1"]),
        ("overwrite", "/c", "get", vec!["/ 0", "/c 1"]),
    ] {
        let put = format!("PUT /restapis/{id}?mode={mode}");
        call(&world, &put, &document(path, method)).await;
        let found = call(&world, &format!("GET /restapis/{id}/resources"), "").await;
        let items = found
            .get("item")
            .or_else(|| found.get("_embedded"))
            .unwrap();
        let mut all: Vec<String> = items
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                let methods = item.get("resourceMethods").and_then(Json::as_object);
                format!(
                    "{} {}",
                    text(item, "path"),
                    methods.map_or(0, |it| it.len())
                )
            })
            .collect();
        all.sort();
        assert_eq!(all, expect, "{mode} {path}");
    }
    world.stop().await;
}

/// A WebSocket API whose route `who` answers with the connection's id.
async fn web_socket_api(world: &World) -> String {
    let create = async |path: &str, body: Json, member: &str| {
        let line = format!("POST /v2/apis{path}");
        text(&call(world, &line, &body.to_text()).await, member)
    };
    let api = json!({"name": "a", "protocolType": "WEBSOCKET", "routeSelectionExpression": "$request.body.action"});
    let id = create("", api, "apiId").await;
    let mock = json!({"integrationType": "MOCK", "requestTemplates": {"200": "{\"statusCode\": 200}"},
        "templateSelectionExpression": "200"});
    let integration = create(&format!("/{id}/integrations"), mock, "integrationId").await;
    let response = json!({"integrationResponseKey": "$default", "responseTemplates": {"$default": "$context.connectionId"}});
    let responses = format!("/{id}/integrations/{integration}/integrationresponses");
    create(&responses, response, "integrationResponseId").await;
    let route = json!({"routeKey": "who", "target": (format!("integrations/{integration}")),
        "routeResponseSelectionExpression": "$default"});
    let route = create(&format!("/{id}/routes"), route, "routeId").await;
    let response = json!({"routeResponseKey": "$default"});
    let responses = format!("/{id}/routes/{route}/routeresponses");
    create(&responses, response, "routeResponseId").await;
    let stage = json!({"stageName": "s", "autoDeploy": true});
    create(&format!("/{id}/stages"), stage, "stageName").await;
    id
}

async fn connect(world: &World, path: &str) -> WebSocketStream<TcpStream> {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
    WebSocketStream::from_raw_socket(stream, Role::Client, None).await
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Message {
    socket.next().await.unwrap().unwrap()
}

#[tokio::test]
async fn connections_answer_are_sent_to_and_are_closed() {
    let world = World::ephemeral().await;
    let api = web_socket_api(&world).await;
    let mut socket = connect(&world, &format!("/_aws/execute-api/{api}/s")).await;
    socket
        .send(Message::text(r#"{"action": "who"}"#))
        .await
        .unwrap();
    let id = next(&mut socket).await.into_text().unwrap().to_string();
    // No route fits, and there is no `$default`.
    socket.send(Message::text("hello")).await.unwrap();
    let refused = next(&mut socket).await.into_text().unwrap().to_string();
    assert!(
        refused.contains("\"Forbidden\"") && refused.contains(&id),
        "{refused}"
    );
    let id = id.replace('=', "%3D");
    for (line, status) in [
        (format!("POST /@connections/{id} HTTP/1.1"), 200),
        (
            format!("POST /_aws/execute-api/{api}/s/@connections/{id} HTTP/1.1"),
            200,
        ),
        ("POST /@connections/nobody HTTP/1.1".to_owned(), 410),
    ] {
        let answer = send(world.address, &line, "", "execute-api", "news").await;
        assert_eq!(answer.status, status, "{line} {}", answer.body);
        if status == 200 {
            assert_eq!(next(&mut socket).await, Message::text("news"));
        }
    }
    world.stop().await;
    let Message::Close(Some(frame)) = next(&mut socket).await else {
        unreachable!("a server that stops says so");
    };
    assert_eq!(u16::from(frame.code), 1001);
}

#[tokio::test]
async fn messages_that_are_too_large_end_the_connection() {
    let world = World::ephemeral().await;
    let api = web_socket_api(&world).await;
    let mut socket = connect(&world, &format!("/_aws/execute-api/{api}/s")).await;
    let large = Message::text("x".repeat((32 << 10) + 1));
    socket.send(large).await.unwrap();
    let Message::Close(Some(frame)) = next(&mut socket).await else {
        unreachable!("the server says why");
    };
    assert_eq!(u16::from(frame.code), 1009);
    world.stop().await;
}
