//! Which rules want an event. Patterns are compiled once and kept until a rule of their bus changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_event_pattern::Pattern;
use passo_json::Json;
use passo_records::Records;
use passo_service::Fault;

use crate::faults;
use crate::names::DEFAULT_BUS;
use crate::records::{Bus, Rule};

/// Buses and rules, and the patterns of the rules.
pub(crate) struct Tables {
    /// `bus`, account, region and name to a [`Bus`]; `rule`, account, region, bus and name to a [`Rule`].
    pub(crate) records: Records,
    compiled: Mutex<BTreeMap<BusKey, Compiled>>,
}

type BusKey = (String, String, String);
type Compiled = Arc<[(Rule, Pattern)]>;

impl Tables {
    pub(crate) fn new(records: Records) -> Tables {
        Tables {
            records,
            compiled: Mutex::default(),
        }
    }

    pub(crate) fn bus(
        &self,
        account: &str,
        region: &str,
        name: &str,
    ) -> Result<Option<Bus>, Fault> {
        let row = self.records.find(&["bus", account, region, name]);
        let row = row.map_err(|error| faults::store(&error))?;
        let kept = row.as_ref().and_then(Bus::decode);
        Ok(kept.or_else(|| (name == DEFAULT_BUS).then(default_bus)))
    }

    pub(crate) fn buses(&self, account: &str, region: &str) -> Result<Vec<Bus>, Fault> {
        let rows = self.records.list(&["bus", account, region]);
        let rows = rows.map_err(|error| faults::store(&error))?;
        let mut buses: Vec<Bus> = rows
            .iter()
            .filter_map(|(_, row)| Bus::decode(row))
            .collect();
        if !buses.iter().any(|bus| bus.name == DEFAULT_BUS) {
            buses.push(default_bus());
            buses.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(buses)
    }

    pub(crate) fn rules(&self, account: &str, region: &str, bus: &str) -> Result<Vec<Rule>, Fault> {
        self.rules_under(&["rule", account, region, bus])
    }

    /// The rules with schedules that are enabled, of every account.
    pub(crate) fn scheduled(&self) -> Result<Vec<Rule>, Fault> {
        let mut rules = self.rules_under(&["rule"])?;
        rules.retain(|rule| rule.is_enabled() && rule.schedule.is_some());
        Ok(rules)
    }

    fn rules_under(&self, prefix: &[&str]) -> Result<Vec<Rule>, Fault> {
        let rows = self.records.list(prefix);
        let rows = rows.map_err(|error| faults::store(&error))?;
        Ok(rows
            .iter()
            .filter_map(|(_, row)| Rule::decode(row))
            .collect())
    }

    /// Forgets the patterns of a bus: one of its rules is another now.
    pub(crate) fn changed(&self, account: &str, region: &str, bus: &str) {
        self.compiled().remove(&key(account, region, bus));
    }

    /// The enabled rules of a bus that want `event`.
    pub(crate) fn wanting(
        &self,
        account: &str,
        region: &str,
        bus: &str,
        event: &Json,
    ) -> Result<Vec<Rule>, Fault> {
        let rules = self.patterns(account, region, bus)?;
        let wanting = rules.iter().filter(|(_, pattern)| pattern.matches(event));
        Ok(wanting.map(|(rule, _)| rule.clone()).collect())
    }

    /// Whether any enabled rule of a bus has a pattern.
    pub(crate) fn has_rules(&self, account: &str, region: &str, bus: &str) -> bool {
        let rules = self.patterns(account, region, bus);
        rules.is_ok_and(|rules| !rules.is_empty())
    }

    fn patterns(&self, account: &str, region: &str, bus: &str) -> Result<Compiled, Fault> {
        let key = key(account, region, bus);
        // Held while rules are read, so that a change in between is not overwritten by what was before.
        let mut compiled = self.compiled();
        if let Some(known) = compiled.get(&key) {
            return Ok(known.clone());
        }
        let rules = self.rules(account, region, bus)?.into_iter();
        let rules = rules.filter(Rule::is_enabled).filter_map(|rule| {
            let pattern = Json::parse(rule.pattern.as_deref()?).ok()?;
            Some((rule, Pattern::parse(&pattern).ok()?))
        });
        let rules: Compiled = rules.collect();
        compiled.insert(key, rules.clone());
        Ok(rules)
    }

    fn compiled(&self) -> MutexGuard<'_, BTreeMap<BusKey, Compiled>> {
        self.compiled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(account: &str, region: &str, bus: &str) -> BusKey {
    (account.to_owned(), region.to_owned(), bus.to_owned())
}

fn default_bus() -> Bus {
    Bus {
        name: DEFAULT_BUS.to_owned(),
        ..Bus::default()
    }
}
