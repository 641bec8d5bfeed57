//! Protocols besides AWS JSON, and what is refused.

use passo_server::{Configuration, Data, OpenError, Server};

use crate::client::send;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn iam_speaks_query() {
    let world = World::ephemeral().await;
    let form = "Content-Type: application/x-www-form-urlencoded; charset=utf-8";
    let body = "Action=CreateRole&Version=2010-05-08&RoleName=r&AssumeRolePolicyDocument=%7B%7D";
    let answer = send(world.address, "POST / HTTP/1.1", form, "iam", body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(
        answer
            .body
            .contains("<Arn>arn:aws:iam::123456789012:role/r</Arn>"),
        "{}",
        answer.body
    );
    let body = "Action=GetRole&Version=2010-05-08&RoleName=other";
    let answer = send(world.address, "POST / HTTP/1.1", form, "iam", body).await;
    assert_eq!(answer.status, 404);
    assert!(
        answer.body.contains("<Code>NoSuchEntity</Code>"),
        "{}",
        answer.body
    );
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let answer = send(world.address, "POST / HTTP/1.1", form, "sts", body).await;
    assert!(
        answer.body.contains("<Account>123456789012</Account>"),
        "{}",
        answer.body
    );
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_other_machines_are_refused() {
    let configuration = Configuration {
        listen: "0.0.0.0".parse().unwrap(),
        port: 0,
        ..Configuration::new(Data::Ephemeral)
    };
    assert!(matches!(
        Server::open(configuration).await,
        Err(OpenError::NotLoopback(_))
    ));
}
