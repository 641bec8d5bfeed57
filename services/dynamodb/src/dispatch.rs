//! From an operation's name to dynoxide's function.

use dynoxide::Database;
use passo_service::Fault;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::faults;

type Result<T> = std::result::Result<T, Fault>;

/// Performs `operation` with `body`, and gives the body of the answer.
pub(crate) fn call(database: &Database, operation: &str, body: &str) -> Result<String> {
    let db = database;
    match operation {
        "CreateTable" => answer(body, |request| db.create_table(request)),
        "DeleteTable" => answer(body, |request| db.delete_table(request)),
        "DescribeTable" => answer(body, |request| db.describe_table(request)),
        "ListTables" => answer(body, |request| db.list_tables(request)),
        "UpdateTable" => answer(body, |request| db.update_table(request)),
        "PutItem" => answer(body, |request| db.put_item(request)),
        "GetItem" => answer(body, |request| db.get_item(request)),
        "DeleteItem" => answer(body, |request| db.delete_item(request)),
        "UpdateItem" => answer(body, |request| db.update_item(request)),
        "Query" => answer(body, |request| db.query(request)),
        "Scan" => answer(body, |request| db.scan(request)),
        "BatchGetItem" => answer(body, |request| db.batch_get_item(request)),
        "BatchWriteItem" => answer(body, |request| db.batch_write_item(request)),
        "TransactWriteItems" => answer(body, |request| db.transact_write_items(request)),
        "TransactGetItems" => answer(body, |request| db.transact_get_items(request)),
        "ListStreams" => answer(body, |request| db.list_streams(request)),
        "DescribeStream" => answer(body, |request| db.describe_stream(request)),
        "GetShardIterator" => answer(body, |request| db.get_shard_iterator(request)),
        "GetRecords" => answer(body, |request| db.get_records(request)),
        "UpdateTimeToLive" => answer(body, |request| db.update_time_to_live(request)),
        "DescribeTimeToLive" => answer(body, |request| db.describe_time_to_live(request)),
        "ExecuteStatement" => answer(body, |request| db.execute_statement(request)),
        "ExecuteTransaction" => answer(body, |request| db.execute_transaction(request)),
        "BatchExecuteStatement" => answer(body, |request| db.batch_execute_statement(request)),
        "TagResource" => answer(body, |request| db.tag_resource(request)),
        "UntagResource" => answer(body, |request| db.untag_resource(request)),
        "ListTagsOfResource" => answer(body, |request| db.list_tags_of_resource(request)),
        // Asked for by Terraform and the console, and always the same here.
        "DescribeContinuousBackups" => Ok(
            r#"{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED","PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"DISABLED"}}}"#
                .to_owned(),
        ),
        "DescribeEndpoints" => Ok(r#"{"Endpoints":[]}"#.to_owned()),
        "DescribeLimits" => Ok(
            r#"{"AccountMaxReadCapacityUnits":80000,"AccountMaxWriteCapacityUnits":80000,"TableMaxReadCapacityUnits":40000,"TableMaxWriteCapacityUnits":40000}"#
                .to_owned(),
        ),
        other => Err(faults::unknown(other)),
    }
}

fn answer<Request: DeserializeOwned, Answer: Serialize>(
    body: &str,
    perform: impl FnOnce(Request) -> dynoxide::Result<Answer>,
) -> Result<String> {
    let request = serde_json::from_str(body).map_err(|error| faults::unreadable(&error))?;
    let answer = perform(request).map_err(|error| faults::of(&error))?;
    // An answer that cannot be printed is our fault.
    serde_json::to_string(&answer).map_err(|_| faults::broken())
}
