//! Test cases behind a state machine's ARN.

use passo_json::{Json, json};
use passo_server::{Configuration, Data};
use passo_testkit::mock::MockFile;

use crate::functions;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_test_case_answers_for_services() {
    let file = MockFile::parse(
        r#"{"StateMachines":{"m":{"TestCases":{"Happy":{"Invoke":"Fine"}}}},
            "MockedResponses":{"Fine":{"0":{"Return":{"Payload":"mocked"}}}}}"#,
    );
    let configuration = Configuration::new(Data::Ephemeral);
    let world = World::open(Configuration {
        mocks: Some(file.unwrap()),
        ..configuration
    })
    .await;
    let machine = world.machine("m", &functions::invoking()).await;
    let execution = world.start(&format!("{machine}#Happy"), &json!({})).await;
    assert_eq!(
        world.ended(&execution).await.get("output"),
        Some(&Json::from("\"mocked\""))
    );
    // Without a case, nothing is mocked.
    let execution = world.start(&machine, &json!({})).await;
    assert_eq!(
        world.ended(&execution).await.get("error"),
        Some(&Json::from("Lambda.ResourceNotFoundException"))
    );
    let parameters = json!({"stateMachineArn": format!("{machine}#None")});
    assert_eq!(
        world.states("StartExecution", &parameters).await.status,
        400
    );
    world.stop().await;
}
