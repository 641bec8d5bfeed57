//! Which rules and archives want an event. Patterns are compiled once and kept until one of their bus changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use passo_event_pattern::Pattern;
use passo_json::Json;
use passo_records::Records;
use passo_service::Fault;

use crate::archive::Archive;
use crate::faults;
use crate::names::DEFAULT_BUS;
use crate::records::{Bus, Rule};

/// Buses and rules, and the patterns of the rules.
pub(crate) struct Tables {
    /// `bus`, account, region and name to a [`Bus`]; `rule`, account, region, bus and name to a [`Rule`]; `archive`,
    /// `replay`, `connection` and `destination` with account, region and name to what they say.
    pub(crate) records: Records,
    compiled: Mutex<BTreeMap<BusKey, Arc<Compiled>>>,
}

type BusKey = (String, String, String);

/// What a bus has.
struct Compiled {
    rules: Vec<(Rule, Pattern)>,
    archives: Vec<(Archive, Option<Pattern>)>,
}

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
        let compiled = self.patterns(account, region, bus)?;
        let wanting = compiled
            .rules
            .iter()
            .filter(|(_, pattern)| pattern.matches(event));
        Ok(wanting.map(|(rule, _)| rule.clone()).collect())
    }

    /// The archives of a bus that keep `event`.
    pub(crate) fn keeping(
        &self,
        account: &str,
        region: &str,
        bus: &str,
        event: &Json,
    ) -> Result<Vec<Archive>, Fault> {
        let compiled = self.patterns(account, region, bus)?;
        let archives = compiled.archives.iter();
        let keeping = archives.filter(|(_, pattern)| Archive::wants(pattern.as_ref(), event));
        Ok(keeping.map(|(archive, _)| archive.clone()).collect())
    }

    /// The archives of an account.
    pub(crate) fn archives(&self, account: &str, region: &str) -> Result<Vec<Archive>, Fault> {
        let rows = self.records.list(&["archive", account, region]);
        let rows = rows.map_err(|error| faults::store(&error))?;
        let archives = rows.iter().filter_map(|(_, row)| Archive::decode(row));
        Ok(archives.collect())
    }

    /// Whether any enabled rule of a bus has a pattern, or any archive keeps its events.
    pub(crate) fn has_rules(&self, account: &str, region: &str, bus: &str) -> bool {
        let compiled = self.patterns(account, region, bus);
        compiled.is_ok_and(|it| !it.rules.is_empty() || !it.archives.is_empty())
    }

    fn patterns(&self, account: &str, region: &str, bus: &str) -> Result<Arc<Compiled>, Fault> {
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
        let archives = self.archives(account, region)?.into_iter();
        let archives = archives
            .filter(|archive| archive.bus() == bus)
            .map(|archive| {
                let pattern = archive
                    .pattern
                    .as_deref()
                    .and_then(|text| Json::parse(text).ok());
                let pattern = pattern.and_then(|pattern| Pattern::parse(&pattern).ok());
                (archive, pattern)
            });
        let all = Arc::new(Compiled {
            rules: rules.collect(),
            archives: archives.collect(),
        });
        compiled.insert(key, Arc::clone(&all));
        Ok(all)
    }

    fn compiled(&self) -> MutexGuard<'_, BTreeMap<BusKey, Arc<Compiled>>> {
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
