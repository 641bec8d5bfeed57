//! `DescribeParameters`, and the filters it shares with `GetParametersByPath`.

use passo_json::{Json, ObjectBuilder};
use passo_records::page;
use passo_service::Fault;

use crate::faults;
use crate::parameter::Parameter;
use crate::request::{Answer, Request};

/// `ParameterFilters`, all of which a parameter has to pass.
pub(crate) struct Filters<'a>(Vec<Filter<'a>>);

struct Filter<'a> {
    key: &'a str,
    option: &'a str,
    values: Vec<&'a str>,
}

/// `DescribeParameters`
pub(crate) fn describe(request: &Request<'_>) -> Answer {
    let filters = Filters::read(request)?;
    let mut parameters = request.all()?;
    parameters.retain(|parameter| filters.pass(parameter));
    let limit = request.limit(50, 50)?;
    let (parameters, next) = page(
        parameters,
        |parameter| &parameter.name,
        request.given.text("NextToken"),
        limit,
    );
    let place = request.place();
    let shown = parameters.iter().filter_map(|parameter| {
        let entry = parameter
            .latest()?
            .described(&place, &parameter.name)
            .build();
        Some(Json::from(entry))
    });
    let mut answer = ObjectBuilder::new();
    answer
        .insert("Parameters", shown.collect::<Vec<_>>())
        .insert_some("NextToken", next);
    Ok(Json::from(answer.build()))
}

impl<'a> Filters<'a> {
    /// Reads `ParameterFilters`, or the older `Filters`.
    pub(crate) fn read(request: &Request<'a>) -> Result<Filters<'a>, Fault> {
        let new = request.given.list("ParameterFilters").iter();
        let old = request.given.list("Filters").iter();
        let filters = new.chain(old).map(|filter| {
            let text = |member: &str| filter.get(member).and_then(Json::as_str);
            let key = text("Key").unwrap_or_default();
            let known = ["Name", "Path", "Type", "KeyId", "Tier", "DataType", "Label"];
            if !known.contains(&key) && !key.starts_with("tag:") {
                return Err(faults::filter_key(key));
            }
            let values = filter.get("Values").and_then(Json::as_array);
            Ok(Filter {
                key,
                option: text("Option").unwrap_or(if key == "Path" { "OneLevel" } else { "Equals" }),
                values: values
                    .into_iter()
                    .flat_map(|values| values.iter())
                    .filter_map(Json::as_str)
                    .collect(),
            })
        });
        Ok(Filters(filters.collect::<Result<_, _>>()?))
    }

    /// Whether `parameter` passes all of them.
    pub(crate) fn pass(&self, parameter: &Parameter) -> bool {
        self.0.iter().all(|filter| filter.passes(parameter))
    }
}

impl Filter<'_> {
    fn passes(&self, parameter: &Parameter) -> bool {
        let Some(latest) = parameter.latest() else {
            return false;
        };
        let matches = |text: &str| self.values.iter().any(|value| self.matches(text, value));
        if let Some(tag) = self.key.strip_prefix("tag:") {
            let value = parameter.tags.get(tag);
            return value.is_some_and(|value| self.values.is_empty() || matches(value));
        }
        match self.key {
            "Name" => matches(&parameter.name) || matches(parameter.name.trim_start_matches('/')),
            "Path" => matches(&parameter.name),
            "Type" => matches(&latest.kind),
            "KeyId" => latest.key_id.as_deref().is_some_and(matches),
            "Tier" => matches(&latest.tier),
            "DataType" => matches(&latest.data_type),
            "Label" => latest.labels.iter().any(|label| matches(label)),
            _ => false,
        }
    }

    fn matches(&self, text: &str, value: &str) -> bool {
        let below = || {
            text.strip_prefix(value.trim_end_matches('/'))?
                .strip_prefix('/')
        };
        match self.option {
            "BeginsWith" => text.starts_with(value),
            "Contains" => text.contains(value),
            "Recursive" => below().is_some(),
            "OneLevel" => below().is_some_and(|rest| !rest.contains('/')),
            _ => text == value,
        }
    }
}
