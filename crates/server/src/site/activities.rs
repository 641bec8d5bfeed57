//! Activities: who polls them, and what waits for them.

use std::collections::BTreeMap;

use passo_json::{Json, ObjectBuilder, json};

use super::Refusal;
use super::backstage::{Asked, Backstage};
use super::query::Query;
use super::tasks::TasksPage;

/// Every activity of the caller, with the workers that ask for its tasks now and the tasks that are open.
pub(super) async fn answer(
    backstage: &Backstage,
    tasks: &TasksPage,
    asked: &Asked,
) -> Result<Json, Refusal> {
    let open = tasks.list(backstage, &Query::of(""), asked).await?;
    let mut by_activity: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
    let open = open.get("tasks").and_then(Json::as_array);
    for task in open.into_iter().flat_map(|tasks| tasks.iter()) {
        if let Some(resource) = task.get("resource").and_then(Json::as_str) {
            by_activity.entry(resource).or_default().push(task);
        }
    }
    let mut shown = Vec::new();
    let mut parameters = json!({"maxResults": 1000});
    loop {
        let page = backstage
            .states("ListActivities", parameters, asked)
            .await?;
        let activities = page.get("activities").and_then(Json::as_array);
        for activity in activities
            .into_iter()
            .flat_map(|activities| activities.iter())
        {
            let text = |member: &str| activity.get(member).and_then(Json::as_str);
            let Some(arn) = text("activityArn") else {
                continue;
            };
            let tasks = by_activity.get(arn).map_or(&[][..], Vec::as_slice);
            let workers = tasks.iter().filter_map(|task| task.get("worker")?.as_str());
            let taken = workers.clone().count();
            let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            let mut one = ObjectBuilder::new();
            one.insert("activityArn", arn)
                .insert("name", text("name").unwrap_or_default())
                .insert_some("creationDate", activity.get("creationDate").cloned())
                .insert("pollers", count(backstage.runtime()?.pollers(arn)))
                .insert("waiting", count(tasks.len().saturating_sub(taken)))
                .insert("taken", count(taken))
                .insert("workers", workers.map(Json::from).collect::<Vec<_>>())
                .insert_some(
                    "oldest",
                    tasks.first().and_then(|task| task.get("since")).cloned(),
                );
            shown.push(Json::from(one.build()));
        }
        let Some(token) = page.get("nextToken").and_then(Json::as_str) else {
            return Ok(json!({"activities": shown}));
        };
        parameters = json!({"maxResults": 1000, "nextToken": token});
    }
}
