//! Tasks against services that answer from a script.

use std::collections::VecDeque;
use std::future::Future as _;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use passo_asl::program::{IntegrationPattern, StateId, TaskResource};
use passo_engine::{StartTask, TaskId, TaskProgress, TaskUpdate};
use passo_json::{Json, Payload, json};
use passo_service::{BoxFuture, Call, Caller, Directory, Fault, RequestId, Service};
use passo_vocab::{AccountId, ErrorName, Region, StateName, Timestamp};

use crate::{Host, TaskContext, Wait, run};

/// What a service is asked, and what it answers: `null` for a resource that is not there.
type Script = Vec<(&'static str, Json, Json)>;

struct Scripted(Mutex<VecDeque<(&'static str, Json, Json)>>);

impl Service for Scripted {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        let next = self.0.lock().unwrap().pop_front();
        let (operation, parameters, answer) = next.unwrap_or_else(|| panic!("{call:?}"));
        assert_eq!(
            (&*call.operation, &call.parameters),
            (operation, &parameters)
        );
        let answer = match answer {
            Json::Null => Err(Fault::caller("ResourceNotFoundException", "gone").with_status(404)),
            answer => Ok(answer),
        };
        Box::pin(async { answer })
    }
}

/// Hears what becomes of a task; whoever waits is called off once `pauses` are over.
struct Heard {
    updates: Mutex<Vec<TaskUpdate>>,
    pauses: Mutex<usize>,
}

impl Host for Heard {
    fn report(&self, update: TaskUpdate) {
        self.updates.lock().unwrap().push(update);
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_epoch_millis(0)
    }

    fn ended(&self, _: &str) -> BoxFuture<'static, Wait> {
        Box::pin(async { Wait::Cancelled })
    }

    fn pause(&self, _: Duration) -> BoxFuture<'static, Wait> {
        let mut pauses = self.pauses.lock().unwrap();
        let wait = match *pauses {
            0 => Wait::Cancelled,
            _ => Wait::Ended,
        };
        *pauses = pauses.saturating_sub(1);
        Box::pin(async move { wait })
    }
}

/// How the task ends that does this, with the SDK's metadata left out, once its questions have been asked as the script says.
fn outcome(resource: &str, parameters: Json, script: Script, pauses: usize) -> String {
    let (resource_type, action) = resource.split_once(':').unwrap();
    let pattern = match action.split_once('.') {
        None => IntegrationPattern::RequestResponse,
        Some((_, "sync")) => IntegrationPattern::Sync,
        Some(_) => IntegrationPattern::WaitForTaskToken,
    };
    let task = StartTask {
        task: TaskId::new(3),
        resource: TaskResource::Service {
            arn: format!("arn:aws:states:::{resource}").into(),
            resource_type: resource_type.into(),
            resource: action.into(),
            pattern,
        },
        state: StateId::new(0),
        state_name: StateName::new("A"),
        parameters: Payload::from(parameters),
        credentials: None,
        token: None,
        timeout_seconds: None,
        heartbeat_seconds: None,
        retry_count: 0,
        invocation: 0,
        progress: TaskProgress::Scheduled,
    };
    let context = TaskContext {
        caller: Caller {
            account: AccountId::parse("123456789012").unwrap(),
            region: Region::parse("us-east-1").unwrap(),
        },
        execution_arn: "arn:aws:states:us-east-1:123456789012:execution:p:e".into(),
        request_id: RequestId::new("r"),
    };
    let scripted = Arc::new(Scripted(Mutex::new(script.into())));
    let service = Arc::clone(&scripted) as Arc<dyn Service>;
    let names = [
        "elasticmapreduce",
        "emr-serverless",
        "emr-containers",
        "codebuild",
        "eks",
        "ecs",
        "glue",
        "passo-kubernetes",
    ];
    let directory = names.into_iter().fold(Directory::new(), |all, name| {
        all.with_name(name, Arc::clone(&service))
    });
    let heard = Heard {
        updates: Mutex::default(),
        pauses: Mutex::new(pauses),
    };
    let mut waiting = Context::from_waker(Waker::noop());
    let polled = pin!(run(&task, &context, &directory, &heard)).poll(&mut waiting);
    assert_eq!(polled, Poll::Ready(()));
    assert!(scripted.0.lock().unwrap().is_empty(), "not all was asked");
    let mut updates = heard.updates.into_inner().unwrap();
    let without_metadata = |payload: &Payload| {
        let shown = payload.json().as_object().cloned().unwrap_or_default();
        Json::from(
            shown
                .without("SdkHttpMetadata")
                .without("SdkResponseMetadata"),
        )
        .to_text()
    };
    match updates.pop().unwrap() {
        TaskUpdate::Succeeded(result) => without_metadata(&result),
        TaskUpdate::Submitted(answer) => format!("submitted {}", without_metadata(&answer)),
        TaskUpdate::Failed(failure) | TaskUpdate::SubmitFailed(failure) => {
            let error = failure.error.as_ref().map_or("", ErrorName::as_str);
            format!("{error}: {}", failure.cause.as_deref().unwrap_or_default())
        }
        other => format!("{other:?}"),
    }
}

fn check(resource: &str, parameters: Json, script: Script, expect: &str) {
    assert_eq!(
        outcome(resource, parameters, script, 9),
        expect,
        "{resource}"
    );
}

/// What begins and does not fit: nothing is asked.
fn check_refused(resource: &str, parameters: Json, problem: &str) {
    let outcome = outcome(resource, parameters, Vec::new(), 9);
    assert!(outcome.starts_with("States.Runtime: "), "{outcome}");
    assert!(outcome.contains(problem), "{outcome}");
}

#[test]
fn a_cluster_is_created_used_and_terminated() {
    let keep = json!({"KeepJobFlowAliveWhenNoSteps": true});
    let begun = json!({"JobFlowId": "j-1", "ClusterArn": "arn"});
    let cluster = |state: &str| json!({"Cluster": {"Id": "j-1", "Status": {"State": state}}});
    let asked = || json!({"ClusterId": "j-1"});
    let create = json!({"Name": "c", "Instances": (keep.clone())});
    check(
        "elasticmapreduce:createCluster",
        create.clone(),
        vec![("RunJobFlow", create.clone(), begun.clone())],
        r#"{"ClusterArn":"arn","ClusterId":"j-1"}"#,
    );
    for (end, expect) in [
        (
            "WAITING",
            r#"{"Cluster":{"Id":"j-1","Status":{"State":"WAITING"}},"ClusterId":"j-1"}"#,
        ),
        (
            "TERMINATED_WITH_ERRORS",
            r#"States.TaskFailed: {"Cluster":{"Id":"j-1","Status":{"State":"TERMINATED_WITH_ERRORS"}},"ClusterId":"j-1"}"#,
        ),
    ] {
        let script = vec![
            ("RunJobFlow", create.clone(), begun.clone()),
            ("DescribeCluster", asked(), cluster("STARTING")),
            ("DescribeCluster", asked(), cluster("RUNNING")),
            ("DescribeCluster", asked(), cluster(end)),
        ];
        check(
            "elasticmapreduce:createCluster.sync",
            create.clone(),
            script,
            expect,
        );
    }
    check(
        "elasticmapreduce:setClusterTerminationProtection",
        json!({"ClusterId": "j-1", "TerminationProtected": true}),
        vec![(
            "SetTerminationProtection",
            json!({"JobFlowIds": ["j-1"], "TerminationProtected": true}),
            json!({}),
        )],
        "{}",
    );
    check(
        "elasticmapreduce:terminateCluster.sync",
        json!({"ClusterId": "j-1"}),
        vec![
            (
                "TerminateJobFlows",
                json!({"JobFlowIds": ["j-1"]}),
                json!({}),
            ),
            ("DescribeCluster", asked(), cluster("TERMINATING")),
            ("DescribeCluster", asked(), cluster("TERMINATED")),
        ],
        r#"{"Cluster":{"Id":"j-1","Status":{"State":"TERMINATED"}},"ClusterId":"j-1"}"#,
    );
    check_refused(
        "elasticmapreduce:createCluster",
        json!({"Name": "c", "Instances": {}}),
        "'Instances.KeepJobFlowAliveWhenNoSteps' must be true",
    );
    check_refused(
        "elasticmapreduce:createCluster",
        json!({"Name": "c", "Instances": (keep), "Steps": []}),
        "The field 'Steps' is not supported",
    );
}

#[test]
fn steps_are_added_one_by_one_and_cancelled() {
    let step = json!({"Name": "s", "HadoopJarStep": {"Jar": "a.jar"}});
    let given = json!({"ClusterId": "j-1", "Step": (step.clone())});
    let sent = json!({"JobFlowId": "j-1", "Steps": [(step)]});
    let begun = || ("AddJobFlowSteps", sent.clone(), json!({"StepIds": ["s-1"]}));
    let asked = || json!({"ClusterId": "j-1", "StepId": "s-1"});
    let state = |state: &str| {
        (
            "DescribeStep",
            asked(),
            json!({"Step": {"Status": {"State": state}}}),
        )
    };
    check(
        "elasticmapreduce:addStep",
        given.clone(),
        vec![begun()],
        r#"{"StepId":"s-1"}"#,
    );
    check(
        "elasticmapreduce:addStep.sync",
        given.clone(),
        vec![begun(), state("PENDING"), state("COMPLETED")],
        r#"{"Step":{"Status":{"State":"COMPLETED"}},"StepId":"s-1"}"#,
    );
    check(
        "elasticmapreduce:addStep.sync",
        given.clone(),
        vec![begun(), state("FAILED")],
        r#"States.TaskFailed: {"Step":{"Status":{"State":"FAILED"}},"StepId":"s-1"}"#,
    );
    let cancelled = json!({"ClusterId": "j-1", "StepIds": ["s-1"]});
    let info = json!({"CancelStepsInfoList": [{"StepId": "s-1", "Status": "SUBMITTED"}]});
    check(
        "elasticmapreduce:cancelStep",
        json!({"ClusterId": "j-1", "StepId": "s-1"}),
        vec![("CancelSteps", cancelled.clone(), info.clone())],
        r#"{"CancelStepsInfo":{"StepId":"s-1","Status":"SUBMITTED"}}"#,
    );
    // A step that nobody waits for any more is cancelled.
    let script = vec![begun(), ("CancelSteps", cancelled, info)];
    let left = outcome("elasticmapreduce:addStep.sync", given, script, 0);
    assert_eq!(left, r#"submitted {"StepId":"s-1"}"#);
    for (parameters, problem) in [
        (
            json!({"ClusterId": "j-1"}),
            "The field 'Step' is required but was missing",
        ),
        (
            json!({"ClusterId": "j-1", "Step": {}, "Steps": []}),
            "The field 'Steps' is not supported",
        ),
    ] {
        check_refused("elasticmapreduce:addStep", parameters, problem);
    }
}

#[test]
fn fleets_and_groups_are_found_by_their_names() {
    let cluster = json!({"ClusterId": "j-1"});
    let page = |marker: &str| json!({"ClusterId": "j-1", "Marker": marker});
    let fleets = |name: &str| json!({"InstanceFleets": [{"Id": "if-1", "Name": name}]});
    let given = json!({"ClusterId": "j-1", "InstanceFleetName": "core", "InstanceFleet": {"TargetOnDemandCapacity": 8}});
    let fleet = json!({"TargetOnDemandCapacity": 8, "InstanceFleetId": "if-1"});
    check(
        "elasticmapreduce:modifyInstanceFleetByName",
        given.clone(),
        vec![
            ("ListInstanceFleets", cluster.clone(), fleets("core")),
            (
                "ModifyInstanceFleet",
                json!({"ClusterId": "j-1", "InstanceFleet": (fleet)}),
                json!({}),
            ),
        ],
        "{}",
    );
    check(
        "elasticmapreduce:modifyInstanceFleetByName",
        given,
        vec![("ListInstanceFleets", cluster.clone(), fleets("other"))],
        "ElasticMapReduce.InvalidRequestException: Instance fleet with name 'core' does not exist.",
    );
    let group = json!({"InstanceCount": 8, "InstanceGroupId": "ig-2"});
    check(
        "elasticmapreduce:modifyInstanceGroupByName",
        json!({"ClusterId": "j-1", "InstanceGroupName": "core", "InstanceGroup": {"InstanceCount": 8}}),
        vec![
            (
                "ListInstanceGroups",
                cluster,
                json!({"InstanceGroups": [{"Id": "ig-1", "Name": "main"}], "Marker": "m"}),
            ),
            (
                "ListInstanceGroups",
                page("m"),
                json!({"InstanceGroups": [{"Id": "ig-2", "Name": "core"}]}),
            ),
            (
                "ModifyInstanceGroups",
                json!({"ClusterId": "j-1", "InstanceGroups": [(group)]}),
                json!({}),
            ),
        ],
        "{}",
    );
    check_refused(
        "elasticmapreduce:modifyInstanceGroupByName",
        json!({"ClusterId": "j", "InstanceGroupName": "n", "InstanceGroup": {"InstanceGroupId": "i"}}),
        "The field 'InstanceGroupId' is not supported",
    );
}

#[test]
fn applications_and_virtual_clusters_reach_their_states() {
    let given = json!({"ApplicationId": "a"});
    let sent = json!({"applicationId": "a"});
    let state = |state: &str| {
        let application = json!({"applicationId": "a", "state": state});
        (
            "GetApplication",
            json!({"applicationId": "a"}),
            json!({"application": (application)}),
        )
    };
    check(
        "emr-serverless:startApplication",
        given.clone(),
        vec![("StartApplication", sent.clone(), json!({}))],
        r#"{"ApplicationId":"a"}"#,
    );
    for (action, operation, path, end) in [
        ("start", "StartApplication", "STARTING", "STARTED"),
        ("stop", "StopApplication", "STOPPING", "STOPPED"),
        ("delete", "DeleteApplication", "STOPPED", "TERMINATED"),
    ] {
        check(
            &format!("emr-serverless:{action}Application.sync"),
            given.clone(),
            vec![
                (operation, sent.clone(), json!({})),
                state(path),
                state(end),
            ],
            &format!(r#"{{"ApplicationId":"a","State":"{end}"}}"#),
        );
    }
    check(
        "emr-serverless:cancelJobRun.sync",
        json!({"ApplicationId": "a", "JobRunId": "r"}),
        vec![
            (
                "CancelJobRun",
                json!({"applicationId": "a", "jobRunId": "r"}),
                json!({"jobRunId": "r"}),
            ),
            (
                "GetJobRun",
                json!({"applicationId": "a", "jobRunId": "r"}),
                json!({"jobRun": {"state": "CANCELLED"}}),
            ),
        ],
        r#"{"State":"CANCELLED"}"#,
    );
    check(
        "emr-containers:deleteVirtualCluster.sync",
        json!({"Id": "v"}),
        vec![
            (
                "DeleteVirtualCluster",
                json!({"id": "v"}),
                json!({"id": "v"}),
            ),
            (
                "DescribeVirtualCluster",
                json!({"id": "v"}),
                json!({"virtualCluster": {"state": "TERMINATED"}}),
            ),
        ],
        r#"{"State":"TERMINATED"}"#,
    );
}

#[test]
fn what_is_deleted_is_gone() {
    let asked = || json!({"name": "c"});
    let cluster = || json!({"cluster": {"name": "c", "status": "DELETING"}});
    check(
        "eks:deleteCluster.sync",
        json!({"Name": "c"}),
        vec![
            ("DeleteCluster", asked(), cluster()),
            ("DescribeCluster", asked(), cluster()),
            ("DescribeCluster", asked(), Json::Null),
        ],
        r#"{"Cluster":{"Name":"c","Status":"DELETING"}}"#,
    );
    check(
        "eks:deleteNodegroup.sync",
        json!({"ClusterName": "c", "NodegroupName": "n"}),
        vec![
            (
                "DeleteNodegroup",
                json!({"clusterName": "c", "nodegroupName": "n"}),
                json!({}),
            ),
            (
                "DescribeNodegroup",
                json!({"clusterName": "c", "nodegroupName": "n"}),
                json!({"nodegroup": {"status": "DELETE_FAILED"}}),
            ),
        ],
        r#"States.TaskFailed: {"Nodegroup":{"Status":"DELETE_FAILED"}}"#,
    );
}

#[test]
fn builds_are_shown_under_their_name() {
    check(
        "codebuild:retryBuildBatch.sync",
        json!({"Id": "b"}),
        vec![
            (
                "RetryBuildBatch",
                json!({"id": "b"}),
                json!({"buildBatch": {"id": "b:2"}}),
            ),
            (
                "BatchGetBuildBatches",
                json!({"ids": ["b:2"]}),
                json!({"buildBatches": [{"id": "b:2", "buildBatchStatus": "SUCCEEDED"}]}),
            ),
        ],
        r#"{"BuildBatch":{"BuildBatchStatus":"SUCCEEDED","Id":"b:2"}}"#,
    );
    check(
        "codebuild:startBuild.sync",
        json!({"ProjectName": "p"}),
        vec![
            (
                "StartBuild",
                json!({"projectName": "p"}),
                json!({"build": {"id": "p:1"}}),
            ),
            (
                "BatchGetBuilds",
                json!({"ids": ["p:1"]}),
                json!({"builds": [{"id": "p:1", "buildStatus": "SUCCEEDED"}]}),
            ),
        ],
        r#"{"Build":{"BuildStatus":"SUCCEEDED","Id":"p:1"}}"#,
    );
}

#[test]
fn jobs_are_asked_for_until_they_end() {
    let given = json!({"JobName": "j", "Arguments": {"--a": 1}});
    let begun = || {
        (
            "StartJobRun",
            json!({"JobName": "j", "Arguments": {"--a": "1"}}),
            json!({"JobRunId": "r"}),
        )
    };
    let state = |run: Json| {
        (
            "GetJobRun",
            json!({"JobName": "j", "RunId": "r"}),
            json!({"JobRun": (run)}),
        )
    };
    check(
        "glue:startJobRun",
        given.clone(),
        vec![begun()],
        r#"{"JobName":"j","JobRunId":"r"}"#,
    );
    let done = json!({"JobRunState": "SUCCEEDED", "StartedOn": 1.5});
    check(
        "glue:startJobRun.sync",
        given.clone(),
        vec![
            begun(),
            state(json!({"JobRunState": "RUNNING"})),
            state(done),
        ],
        r#"{"JobRunState":"SUCCEEDED","StartedOn":1500}"#,
    );
    check(
        "glue:startJobRun.sync",
        given,
        vec![begun(), state(json!({"JobRunState": "TIMEOUT"}))],
        r#"States.TaskFailed: {"JobRunState":"TIMEOUT"}"#,
    );
}

#[test]
fn containers_that_fail_fail_their_task() {
    let given = json!({"TaskDefinition": "t"});
    let run = |answer: Json| ("RunTask", json!({"taskDefinition": "t"}), answer);
    let begun = json!({"tasks": [{"taskArn": "a", "clusterArn": "c"}], "failures": []});
    for (code, error) in [(0, ""), (1, "States.TaskFailed: ")] {
        let task =
            json!({"tasks": [{"lastStatus": "STOPPED", "containers": [{"exitCode": code}]}]});
        let asked = json!({"cluster": "c", "tasks": ["a"]});
        let script = vec![run(begun.clone()), ("DescribeTasks", asked, task)];
        let expect =
            format!(r#"{error}{{"Containers":[{{"ExitCode":{code}}}],"LastStatus":"STOPPED"}}"#);
        check("ecs:runTask.sync", given.clone(), script, &expect);
    }
    let refused = json!({"tasks": [], "failures": [{"reason": "AGENT"}]});
    let outcome = outcome("ecs:runTask.sync", given.clone(), vec![run(refused)], 9);
    assert!(outcome.starts_with("AmazonECS.Unknown: "), "{outcome}");
    check(
        "ecs:runTask.waitForTaskToken",
        given,
        vec![run(begun)],
        r#"submitted {"Failures":[],"Tasks":[{"TaskArn":"a","ClusterArn":"c"}]}"#,
    );
}

#[test]
fn only_what_is_listed_is_optimised() {
    for resource in [
        "glue:startCrawler.sync",
        "glue:startCrawler",
        "glue:startJobRun.waitForTaskToken",
        "elasticmapreduce:cancelStep.sync",
        "elasticmapreduce:runJobFlow",
        "quantum:leap",
    ] {
        check_refused(resource, json!({}), "is not supported here");
    }
}

/// A request to a cluster and its answer, as the script has them.
fn kubernetes(
    method: &str,
    path: &str,
    body: Option<&Json>,
    status: i64,
    answer: &str,
) -> (&'static str, Json, Json) {
    let mut request = cluster();
    request = request.with("Method", method).with("Path", path);
    if let Some(body) = body {
        request = request.with("Body", body.to_text());
    }
    let answered = json!({"Status": status, "StatusText": "Text", "Headers": {}, "Body": answer});
    ("Send", Json::from(request), answered)
}

fn cluster() -> passo_json::Object {
    let cluster =
        json!({"ClusterName": "c", "CertificateAuthority": "Q0E=", "Endpoint": "https://k"});
    cluster.as_object().unwrap().clone()
}

#[test]
fn clusters_are_asked() {
    let given = cluster().with("Method", "GET").with("Path", "/api/v1/pods");
    let given = given.with("QueryParameters", json!({"labelSelector": ["job-name=j"]}));
    let path = "/api/v1/pods?labelSelector=job-name%3Dj";
    for (status, answer, expect) in [
        (
            200,
            r#"{"kind":"PodList"}"#,
            r#"{"ResponseBody":{"kind":"PodList"},"StatusCode":200,"StatusText":"Text"}"#,
        ),
        (
            401,
            r#"{"code":401}"#,
            r#"EKS.401: {"ResponseBody":{"code":401},"StatusCode":401,"StatusText":"Text"}"#,
        ),
    ] {
        let script = vec![kubernetes("GET", path, None, status, answer)];
        check("eks:call", Json::from(given.clone()), script, expect);
    }
    let without = Json::from(given.without("Endpoint"));
    check_refused("eks:call", without, "The field 'Endpoint' is required");
    let head = Json::from(given.with("Method", "TRACE"));
    check_refused("eks:call", head, "'Method' is not supported: TRACE");
}

#[test]
fn jobs_of_clusters_end_with_their_logs() {
    const JOBS: &str = "/apis/batch/v1/namespaces/ns/jobs";
    let job = json!({"kind": "Job", "metadata": {"name": "j"}});
    let given = cluster().with("Namespace", "ns").with("Job", job.clone());
    let begun = || {
        kubernetes(
            "POST",
            JOBS,
            Some(&job),
            201,
            r#"{"metadata":{"name":"j"}}"#,
        )
    };
    let one = format!("{JOBS}/j");
    let asked = |answer: &str| kubernetes("GET", &one, None, 200, answer);
    let complete = r#"{"status":{"conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]}}"#;
    let failed = r#"{"status":{"conditions":[{"type":"Failed","status":"True"}]}}"#;
    check(
        "eks:runJob.sync",
        Json::from(given.clone()),
        vec![
            begun(),
            asked(r#"{"status":{"active":1}}"#),
            asked(complete),
        ],
        complete,
    );
    check(
        "eks:runJob.sync",
        Json::from(given.clone()),
        vec![begun(), asked(failed)],
        &format!("States.TaskFailed: {failed}"),
    );
    let options = json!({"RetrieveLogs": true, "LogParameters": {"tailLines": ["6"]}});
    let pods = r#"{"items":[{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a"},{"name":"b"}]}}]}"#;
    let pod = "/api/v1/namespaces/ns/pods";
    let log = |container: &str| format!("{pod}/p/log?container={container}&tailLines=6");
    check(
        "eks:runJob.sync",
        Json::from(given.clone().with("LogOptions", options)),
        vec![
            begun(),
            asked(failed),
            kubernetes(
                "GET",
                &format!("{pod}?labelSelector=job-name%3Dj"),
                None,
                200,
                pods,
            ),
            kubernetes("GET", &log("a"), None, 200, r#"{"pi": 3}"#),
            kubernetes("GET", &log("b"), None, 404, "none"),
        ],
        r#"States.TaskFailed: {"status":{"conditions":[{"type":"Failed","status":"True"}]},"logs":{"pods":{"p":{"containers":{"a":{"log":{"pi":3}},"b":{"error":"EKS.404","cause":"{\"ResponseBody\":\"none\",\"StatusCode\":404,\"StatusText\":\"Text\"}"}}}}}}"#,
    );
    // Nobody waits for it any more.
    let deleted = format!("{one}?propagationPolicy=Background");
    let script = vec![begun(), kubernetes("DELETE", &deleted, None, 200, "{}")];
    let left = outcome("eks:runJob.sync", Json::from(given.clone()), script, 0);
    assert!(left.starts_with("submitted "), "{left}");
    check(
        "eks:runJob",
        Json::from(given),
        vec![kubernetes("POST", JOBS, Some(&job), 409, "{}")],
        r#"EKS.409: {"ResponseBody":{},"StatusCode":409,"StatusText":"Text"}"#,
    );
}
