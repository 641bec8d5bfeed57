//! Dashboards: kept as they are given.

use passo_json::{Json, ObjectBuilder};
use passo_records::page;

use crate::faults;
use crate::request::{Answer, Request, nothing, seconds};

/// Dashboards in one page.
const PAGE: usize = 1000;

fn arn(account: &str, name: &str) -> String {
    format!("arn:aws:cloudwatch::{account}:dashboard/{name}")
}

/// `PutDashboard`
pub(crate) fn put(request: &Request<'_>) -> Answer {
    let name = request.required("DashboardName")?;
    let body = request.required("DashboardBody")?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if !(1..=255).contains(&name.len()) || !name.chars().all(is_name) {
        return Err(faults::dashboard(
            "The value for parameter DashboardName is invalid.",
        ));
    }
    let parsed = Json::parse(body).ok();
    if parsed.is_none_or(|body| body.as_object().is_none()) {
        return Err(faults::dashboard(
            "The field DashboardBody must be a valid JSON object",
        ));
    }
    let mut row = ObjectBuilder::new();
    row.insert("format", 1)
        .insert("name", name)
        .insert("body", body)
        .insert("modified_at", request.now());
    let change = request.service.records.change();
    // Dashboards are of the account, whatever the region.
    let key = ["dashboard", request.given.account(), name];
    let kept = change.put(&key, &Json::from(row.build()));
    kept.map_err(|error| faults::store(&error))?;
    let mut answer = ObjectBuilder::new();
    answer.insert("DashboardValidationMessages", Vec::<Json>::new());
    Ok(Json::from(answer.build()))
}

/// `GetDashboard`
pub(crate) fn get(request: &Request<'_>) -> Answer {
    let name = request.required("DashboardName")?;
    let account = request.given.account();
    let row = request.service.records.find(&["dashboard", account, name]);
    let row = row.map_err(|error| faults::store(&error))?;
    let row = row.ok_or_else(|| faults::no_dashboard(name))?;
    let mut answer = ObjectBuilder::new();
    answer
        .insert("DashboardArn", arn(account, name))
        .insert(
            "DashboardBody",
            row.get("body").cloned().unwrap_or(Json::Null),
        )
        .insert("DashboardName", name);
    Ok(Json::from(answer.build()))
}

/// `ListDashboards`
pub(crate) fn list(request: &Request<'_>) -> Answer {
    let account = request.given.account();
    let prefix = request
        .given
        .text("DashboardNamePrefix")
        .unwrap_or_default();
    let rows = request.service.records.list(&["dashboard", account]);
    let mut rows = rows.map_err(|error| faults::store(&error))?;
    rows.retain(|(name, _)| name.starts_with(prefix));
    let after = request.given.text("NextToken");
    let (rows, next) = page(rows, |(name, _)| name, after, PAGE);
    let shown = rows.iter().map(|(name, row)| {
        let body = row.get("body").and_then(Json::as_str).unwrap_or_default();
        let modified = row.get("modified_at").and_then(Json::as_i64);
        let mut entry = ObjectBuilder::new();
        entry
            .insert("DashboardName", name.as_str())
            .insert("DashboardArn", arn(account, name))
            .insert("LastModified", seconds(modified.unwrap_or_default()))
            .insert("Size", i64::try_from(body.len()).unwrap_or(i64::MAX));
        Json::from(entry.build())
    });
    let mut answer = ObjectBuilder::new();
    answer
        .insert("DashboardEntries", shown.collect::<Vec<_>>())
        .insert_some("NextToken", next);
    Ok(Json::from(answer.build()))
}

/// `DeleteDashboards`: all of them, or none.
pub(crate) fn delete(request: &Request<'_>) -> Answer {
    let names = request.given.texts("DashboardNames");
    let account = request.given.account();
    let change = request.service.records.change();
    for name in &names {
        let row = request.service.records.find(&["dashboard", account, name]);
        if row.map_err(|error| faults::store(&error))?.is_none() {
            return Err(faults::no_dashboard(name));
        }
    }
    for name in names {
        let gone = change.remove(&["dashboard", account, name]);
        gone.map_err(|error| faults::store(&error))?;
    }
    Ok(nothing())
}
