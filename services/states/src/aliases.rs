//! Aliases: their ARNs and how they share executions between versions.

use std::sync::Arc;

use passo_json::{Json, json};
use passo_service::{Caller, Fault};

use crate::faults;
use crate::model::{Alias, Owned, Route, StateMachine};
use crate::request::Request;
use crate::resource::{self, Part};
use crate::tables::View;

/// An alias that a caller named.
pub(crate) struct Named {
    /// Its state machine.
    pub(crate) owned: Owned,
    /// Its own name.
    pub(crate) name: Arc<str>,
}

/// The alias at `stateMachineAliasArn`.
///
/// # Errors
/// `InvalidArn` where it is no alias's, `ResourceNotFound` where it is somebody else's.
pub(crate) fn named(request: &Request) -> Result<Named, Fault> {
    let (arn, caller) = (
        request.required_text("stateMachineAliasArn"),
        request.caller(),
    );
    let reference = resource::state_machine_ref(arn)?;
    let Part::Alias(name) = reference.part else {
        return Err(faults::invalid_arn(&format!("Alias ARN expected: {arn}")));
    };
    if !resource::is_of(arn, caller) {
        return Err(faults::resource_not_found());
    }
    Ok(Named {
        owned: Owned::new(caller, &reference.name),
        name,
    })
}

impl Named {
    /// The alias with its state machine.
    ///
    /// # Errors
    /// `ResourceNotFound`
    pub(crate) fn find(&self, view: &View) -> Result<(StateMachine, Alias), Fault> {
        let machine = view.machine(&self.owned)?;
        let alias = view.alias(&self.owned, &self.name)?;
        machine.zip(alias).ok_or_else(faults::resource_not_found)
    }
}

/// The routes of a request, and the state machine that all of them belong to.
///
/// # Errors
/// `ValidationException` where they do not fit together; `InvalidArn`.
pub(crate) fn routing(given: &[Json], caller: &Caller) -> Result<(Owned, Vec<Route>), Fault> {
    let mut machine: Option<Owned> = None;
    let mut routes: Vec<Route> = Vec::new();
    for item in given {
        let arn = item
            .get("stateMachineVersionArn")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let weight = item
            .get("weight")
            .and_then(Json::as_i64)
            .unwrap_or_default();
        let reference = resource::state_machine_ref(arn)?;
        let Part::Version(version) = reference.part else {
            return Err(invalid(
                "Routing configuration must contain state machine version ARNs",
            ));
        };
        if !resource::is_of(arn, caller) {
            return Err(faults::resource_not_found());
        }
        let owned = Owned::new(caller, &reference.name);
        if machine.as_ref().is_some_and(|machine| *machine != owned) {
            return Err(invalid(
                "Routing configuration must contain versions of the same state machine",
            ));
        }
        if routes.iter().any(|route| route.version == version) {
            return Err(invalid(
                "Routing configuration must contain distinct state machine versions",
            ));
        }
        machine = Some(owned);
        routes.push(Route {
            version,
            weight: u64::try_from(weight).unwrap_or_default(),
        });
    }
    if routes.iter().map(|route| route.weight).sum::<u64>() != 100 {
        return Err(invalid(
            "Sum of routing configuration weights must equal 100",
        ));
    }
    let machine = machine.ok_or_else(|| invalid("Routing configuration must not be empty"))?;
    Ok((machine, routes))
}

/// Checks that every version of the routes is there.
///
/// # Errors
/// `ResourceNotFound`
pub(crate) fn check_versions(view: &View, owned: &Owned, routes: &[Route]) -> Result<(), Fault> {
    for route in routes {
        if view.version(owned, route.version)?.is_none() {
            return Err(faults::resource_not_found());
        }
    }
    Ok(())
}

/// The routes as the API shows them.
pub(crate) fn shown(machine: &StateMachine, routes: &[Route]) -> Json {
    let routes = routes.iter().map(|route| {
        json!({
            "stateMachineVersionArn": machine.version_arn(route.version),
            "weight": i64::try_from(route.weight).unwrap_or_default()
        })
    });
    Json::from(routes.collect::<Vec<_>>())
}

fn invalid(message: &str) -> Fault {
    faults::validation_because("INVALID_ROUTING_CONFIGURATION", message)
}

#[cfg(test)]
mod tests {
    use passo_vocab::{AccountId, Region};

    use super::*;

    fn routing_of(routes: &[(&str, i64)]) -> Result<Vec<(u64, u64)>, String> {
        let caller = Caller {
            account: AccountId::parse("123456789012").unwrap(),
            region: Region::parse("us-east-1").unwrap(),
        };
        let given: Vec<Json> = routes
            .iter()
            .map(|(part, weight)| {
                let arn = format!("arn:aws:states:us-east-1:123456789012:stateMachine:{part}");
                json!({"stateMachineVersionArn": arn, "weight": *weight})
            })
            .collect();
        let routes = routing(&given, &caller)
            .map_err(|fault| fault.code.into_owned())?
            .1;
        Ok(routes
            .iter()
            .map(|route| (route.version, route.weight))
            .collect())
    }

    #[test]
    fn routes_share_a_hundred_percent_of_one_machine() {
        assert_eq!(routing_of(&[("m:1", 100)]), Ok(vec![(1, 100)]));
        assert_eq!(
            routing_of(&[("m:1", 90), ("m:3", 10)]),
            Ok(vec![(1, 90), (3, 10)])
        );
        for wrong in [
            &[("m:1", 99)][..],
            &[("m:1", 60), ("m:2", 60)],
            &[("m:1", 50), ("m:1", 50)],
            &[("m:1", 50), ("n:2", 50)],
            &[("m", 100)],
            &[("m:prod", 100)],
            &[],
        ] {
            assert_eq!(
                routing_of(wrong),
                Err("ValidationException".into()),
                "{wrong:?}"
            );
        }
    }
}
