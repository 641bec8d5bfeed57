//! `passo deploy` against a real server: deployed, changed, deployed again, removed.

use std::path::Path;

use passo_json::{Json, json};
use tempfile::TempDir;

use crate::server::World;

const TEMPLATE: &str = r#"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Retries: {Type: Number, Default: 3}
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: code
      Environment: {Variables: {TABLE: !Ref Items}}
      Events:
        Upload:
          Type: S3
          Properties: {Bucket: !Ref Inbox, Events: "s3:ObjectCreated:*"}
        Jobs:
          Type: SQS
          Properties: {Queue: !GetAtt Jobs.Arn}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Task, Resource: !GetAtt Work.Arn, End: true}}}
      Events:
        Order:
          Type: EventBridgeRule
          Properties: {Pattern: {source: [shop]}}
  Items:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: jobs
      VisibilityTimeout: 40
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: !Ref Retries}
  Dead: {Type: AWS::SQS::Queue}
  News: {Type: AWS::SNS::Topic}
  ToJobs:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref News, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}
  Inbox: {Type: AWS::S3::Bucket, Properties: {BucketName: inbox}}
  Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
Outputs:
  Url: {Value: !Ref Jobs}
"#;

struct Project {
    directory: TempDir,
}

impl Project {
    fn new() -> Project {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("code")).unwrap();
        let code = "def handler(event, context):\n    return event\n";
        std::fs::write(directory.path().join("code/app.py"), code).unwrap();
        let project = Project { directory };
        project.write(TEMPLATE);
        project
    }

    fn write(&self, template: &str) {
        std::fs::write(self.directory.path().join("template.yaml"), template).unwrap();
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    /// What `passo deploy` does, as `name outcome` of each resource that it does something about.
    fn deploy(&self, world: &World, more: &[&str]) -> Vec<String> {
        let path = self.path().to_str().unwrap();
        let command = [
            &["deploy", path, "--stack-name", "shop", "-o", "text"],
            more,
        ]
        .concat();
        let said = world.output(&command);
        let changes = said.lines().filter_map(|line| {
            let mut cells = line.split('\t');
            let (name, _, change) = (cells.next()?, cells.next()?, cells.next()?);
            (change != "unchanged").then(|| format!("{name} {change}"))
        });
        changes.collect()
    }
}

fn attribute(world: &World, queue: &str, name: &str) -> Option<String> {
    let url = world.call("sqs", "GetQueueUrl", json!({"QueueName": queue}))?;
    let url = url.get("QueueUrl")?.clone();
    let parameters = json!({"QueueUrl": url, "AttributeNames": ["All"]});
    let answer = world.call("sqs", "GetQueueAttributes", parameters)?;
    Some(answer.get("Attributes")?.get(name)?.as_str()?.to_owned())
}

#[test]
fn a_template_is_deployed_changed_and_removed() {
    let world = World::open();
    let project = Project::new();
    let planned = project.deploy(&world, &["--dry-run"]);
    assert!(planned.contains(&"jobs create".to_owned()), "{planned:?}");
    assert_eq!(attribute(&world, "jobs", "VisibilityTimeout"), None);

    let done = project.deploy(&world, &[]);
    assert_eq!(done.len(), planned.len());
    assert!(done.contains(&"Network not supported".to_owned()));
    let timeout = attribute(&world, "jobs", "VisibilityTimeout");
    assert_eq!(timeout.as_deref(), Some("40"));
    let notified = world
        .call(
            "s3",
            "GetBucketNotificationConfiguration",
            json!({"Bucket": "inbox"}),
        )
        .unwrap();
    let functions = notified.get("LambdaFunctionConfigurations").unwrap();
    assert_eq!(functions.as_array().unwrap().len(), 1);
    let mappings = world
        .call("lambda", "ListEventSourceMappings", json!({}))
        .unwrap();
    let mappings = mappings.get("EventSourceMappings").unwrap();
    assert_eq!(mappings.as_array().unwrap().len(), 1);
    let run = ["run", "Flow", "-q", "-i", "{\"a\": 1}"];
    assert_eq!(Json::parse(&world.output(&run)).unwrap(), json!({"a": 1}));

    assert_eq!(project.deploy(&world, &[]), ["Network not supported"]);

    let changed = TEMPLATE
        .replace("VisibilityTimeout: 40", "VisibilityTimeout: 50")
        .replace("AttributeName: id", "AttributeName: key")
        .replace("  News: {Type: AWS::SNS::Topic}\n", "")
        .replace("  ToJobs:\n    Type: AWS::SNS::Subscription\n    Properties: {TopicArn: !Ref News, Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}\n", "");
    project.write(&changed);
    let expect = [
        "Items replaced",
        "jobs updated",
        "Network not supported",
        "ToJobs deleted",
        "News deleted",
    ];
    assert_eq!(project.deploy(&world, &[]), expect);
    let timeout = attribute(&world, "jobs", "VisibilityTimeout");
    assert_eq!(timeout.as_deref(), Some("50"));
    let topics = world.call("sns", "ListTopics", json!({})).unwrap();
    assert_eq!(topics.get("Topics"), Some(&json!([])));

    let renamed = changed.replace("QueueName: jobs", "QueueName: work");
    project.write(&renamed);
    let done = project.deploy(&world, &["-p", "Retries=5"]);
    assert!(done.contains(&"work replaced".to_owned()), "{done:?}");
    assert_eq!(attribute(&world, "jobs", "VisibilityTimeout"), None);
    let policy = attribute(&world, "work", "RedrivePolicy").unwrap();
    assert!(policy.contains("5"), "{policy}");

    project.write("Resources: {Other: {Type: AWS::SNS::Topic}}");
    let done = project.deploy(&world, &[]);
    assert_eq!(done.first().map(String::as_str), Some("Other created"));
    assert!(done.iter().skip(1).all(|line| line.ends_with(" deleted")));
    assert_eq!(attribute(&world, "work", "VisibilityTimeout"), None);
    let rules = world.call("events", "ListRules", json!({})).unwrap();
    assert_eq!(rules.get("Rules"), Some(&json!([])));
}

#[test]
fn a_deployment_that_fails_can_be_repeated() {
    let world = World::open();
    let project = Project::new();
    let template = "Resources:\n  \
                    Good: {Type: AWS::SQS::Queue}\n  \
                    Bad: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 99999999}}\n  \
                    After: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Bad}}\n";
    project.write(template);
    let path = project.path().to_str().unwrap();
    let said = world.says(&["deploy", path]);
    for part in [
        "exit 2",
        "Good  queue  created",
        "Bad  queue  refused",
        "After  topic  refused",
        "it needs `Bad`",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    project.write(&template.replace("99999999", "9"));
    let done = world.says(&["deploy", path]);
    for part in [
        "exit 0",
        "Good  queue  unchanged",
        "Bad  queue  created",
        "After  topic  created",
    ] {
        assert!(done.contains(part), "{part}: {done}");
    }
}

#[test]
fn what_cdk_wrote_is_deployed_with_its_assets() {
    let world = World::open();
    let project = tempfile::tempdir().unwrap();
    let out = project.path().join("cdk.out");
    std::fs::create_dir_all(out.join("asset.abc")).unwrap();
    let code = "def handler(event, context):\n    return 'from cdk'\n";
    let template = json!({
        "Parameters": {"BootstrapVersion": {
            "Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}},
        "Resources": {
            "Fn": {"Type": "AWS::Lambda::Function", "Properties": {
                "Runtime": "python3.12", "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Environment": {"Variables": {"KEY": "{{resolve:ssm:/shop/key}}"}},
                "Code": {"S3Bucket": {"Fn::Sub": "cdk-${AWS::AccountId}"}, "S3Key": "abc.zip"}}},
            "Role": {"Type": "AWS::IAM::Role", "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}}},
            "Flow": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
                "StateMachineName": "flow", "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "DefinitionString": {"Fn::Join": ["", [
                    "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Task\",\"End\":true,\"Resource\":\"",
                    {"Fn::GetAtt": ["Fn", "Arn"]}, "\"}}}"]]}}},
            "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {}},
        },
    });
    let assets = json!({"files": {"abc": {
        "source": {"path": "asset.abc", "packaging": "zip"},
        "destinations": {"here": {"bucketName": "cdk", "objectKey": "abc.zip"}},
    }}});
    let manifest = json!({"artifacts": {"Shop": {
        "type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"},
    }}});
    for (name, content) in [
        ("asset.abc/index.py", code.to_owned()),
        ("Shop.template.json", template.to_text()),
        ("Shop.assets.json", assets.to_text()),
        ("manifest.json", manifest.to_text()),
    ] {
        std::fs::write(out.join(name), content).unwrap();
    }
    let key = json!({"Name": "/shop/key", "Value": "secret", "Type": "SecureString"});
    world.call("ssm", "PutParameter", key).unwrap();
    let said = world.says(&["deploy", out.to_str().unwrap()]);
    assert!(said.contains("exit 0"), "{said}");
    let run = world.output(&["run", "flow", "-q"]);
    assert_eq!(run, "\"from cdk\"");
    let function = json!({"FunctionName": "Fn"});
    let function = world.call("lambda", "GetFunctionConfiguration", function);
    let environment = function.unwrap().get("Environment").unwrap().to_text();
    assert!(environment.contains("secret"), "{environment}");
}
