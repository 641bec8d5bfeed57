//! The walls between crates: `architecture.toml` against what cargo sees.
//!
//! Entry points: [`Architecture::parse`] for the table, [`Workspace::load`] for cargo's view, [`check`] to compare them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::finding::Finding;

/// Where the table is, from the root of the repository.
pub const TABLE: &str = "architecture.toml";

/// The table of allowed edges.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Architecture {
    pure: Pure,
    crates: BTreeMap<String, Rules>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pure {
    forbidden: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    folder: String,
    may_use: BTreeSet<String>,
    #[serde(default)]
    pure: bool,
    #[serde(default)]
    leaf: bool,
}

impl Architecture {
    /// Reads the text of the table.
    ///
    /// # Errors
    /// When it is not TOML, or has a key that means nothing here.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).with_context(|| format!("`{TABLE}` cannot be read"))
    }

    /// The folders of the pure crates.
    pub fn pure_folders(&self) -> impl Iterator<Item = &str> {
        self.crates
            .values()
            .filter(|rules| rules.pure)
            .map(|rules| rules.folder.as_str())
    }
}

/// The crates of the workspace and everything they reach.
#[derive(Debug, Default)]
pub struct Workspace {
    members: BTreeMap<String, Member>,
    /// Direct dependencies of every package outside the workspace, development ones left out.
    externals: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Default)]
struct Member {
    folder: String,
    /// Crates of the workspace it depends on, for whatever purpose.
    internal: BTreeSet<String>,
    /// External crates that its product code depends on.
    external: BTreeSet<String>,
}

impl Workspace {
    /// Asks cargo about the workspace at `root`.
    ///
    /// # Errors
    /// When cargo fails, `Cargo.lock` is not up to date, or the answer cannot be read.
    pub fn load(root: &Path) -> Result<Self> {
        let host = host_triple()?;
        let output = Command::new(env!("CARGO"))
            .args([
                "metadata",
                "--format-version",
                "1",
                "--locked",
                "--filter-platform",
                &host,
            ])
            .current_dir(root)
            .output()
            .context("failed to run cargo metadata")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "cargo metadata failed: {errors}");
        let metadata = serde_json::from_slice(&output.stdout)
            .context("the answer of cargo metadata cannot be read")?;
        Ok(Self::new(&metadata))
    }

    fn new(metadata: &Metadata) -> Self {
        let packages: BTreeMap<_, _> = metadata.packages.iter().map(|it| (&it.id, it)).collect();
        let name = |id: &String| packages.get(id).map(|package| package.name.clone());
        let is_member = |id: &String| metadata.workspace_members.contains(id);
        let root = format!("{}/", metadata.workspace_root);
        let mut workspace = Self::default();
        for node in &metadata.resolve.nodes {
            let Some(package) = packages.get(&node.id) else {
                continue;
            };
            let names = |keep: &dyn Fn(&Dependency) -> bool| {
                let kept = node.deps.iter().filter(|dependency| keep(dependency));
                kept.filter_map(|dependency| name(&dependency.pkg))
                    .collect()
            };
            let external = names(&|it| !is_member(&it.pkg) && it.is_for_product());
            if !is_member(&node.id) {
                // Two versions of one crate are one name here.
                workspace
                    .externals
                    .entry(package.name.clone())
                    .or_default()
                    .extend(external);
                continue;
            }
            let manifest = package.manifest_path.strip_prefix(&root);
            let folder = manifest.and_then(|path| path.strip_suffix("/Cargo.toml"));
            let member = Member {
                folder: folder.unwrap_or_default().to_owned(),
                internal: names(&|it| is_member(&it.pkg)),
                external,
            };
            workspace.members.insert(package.name.clone(), member);
        }
        workspace
    }

    /// A way from `member` through product dependencies to the external crate `target`.
    fn path_to(&self, member: &str, target: &str) -> Option<Vec<String>> {
        let mut seen = BTreeSet::new();
        let mut open = vec![vec![member.to_owned()]];
        while let Some(path) = open.pop() {
            let last = path.last()?;
            let next = match self.members.get(last) {
                Some(member) => &member.external,
                None => self.externals.get(last)?,
            };
            for name in next {
                let extended: Vec<_> = path.iter().chain([name]).cloned().collect();
                if name == target {
                    return Some(extended);
                }
                if seen.insert(name) {
                    open.push(extended);
                }
            }
        }
        None
    }
}

fn host_triple() -> Result<String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .context("failed to run rustc")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

// What `cargo metadata` answers, as far as it is needed.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    workspace_root: String,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

impl Dependency {
    /// Whether it ends up in the product: neither for tests nor for build scripts.
    fn is_for_product(&self) -> bool {
        self.dep_kinds.iter().any(|kind| kind.kind.is_none())
    }
}

/// Crates that the table does not know (or knows wrongly), edges it does not allow, and what pure crates must not reach.
pub fn check(table: &str, architecture: &Architecture, workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    let line_of = |name: &str| {
        let header = format!("[crates.{name}]");
        (1..)
            .zip(table.lines())
            .find(|(_, line)| *line == header)
            .map_or(1, |(line, _)| line)
    };
    for name in architecture
        .crates
        .keys()
        .filter(|name| !workspace.members.contains_key(*name))
    {
        let message = format!("there is no crate `{name}`: remove it from the table");
        findings.push(Finding::new(TABLE, line_of(name), message));
    }
    for (name, member) in &workspace.members {
        let manifest = format!("{}/Cargo.toml", member.folder);
        let Some(rules) = architecture.crates.get(name) else {
            let message = format!("`{name}` is not in `{TABLE}`: say there what it may use");
            findings.push(Finding::new(manifest, 1, message));
            continue;
        };
        if rules.folder != member.folder {
            let message = format!("`{name}` is in `{}`: correct its folder", member.folder);
            findings.push(Finding::new(TABLE, line_of(name), message));
        }
        check_internal(architecture, name, member, rules, &manifest, &mut findings);
        if rules.pure {
            check_external(architecture, workspace, name, &manifest, &mut findings);
        }
    }
    findings
}

fn check_internal(
    architecture: &Architecture,
    name: &str,
    member: &Member,
    rules: &Rules,
    manifest: &str,
    findings: &mut Vec<Finding>,
) {
    for used in &member.internal {
        let allowed = rules.may_use.contains(used) || rules.may_use.contains("*");
        let is_leaf = architecture
            .crates
            .get(used)
            .is_some_and(|rules| rules.leaf);
        if is_leaf {
            let message =
                format!("`{name}` depends on `{used}`, a leaf: move the shared part down");
            findings.push(Finding::new(manifest, 1, message));
        } else if !allowed {
            findings.push(Finding::new(
                manifest,
                1,
                format!(
                    "`{name}` may not depend on `{used}`: pass the value in, move the part, \
                     or decide on the edge in `{TABLE}`"
                ),
            ));
        }
    }
}

fn check_external(
    architecture: &Architecture,
    workspace: &Workspace,
    name: &str,
    manifest: &str,
    findings: &mut Vec<Finding>,
) {
    for target in &architecture.pure.forbidden {
        if let Some(path) = workspace.path_to(name, target) {
            findings.push(Finding::new(
                manifest,
                1,
                format!(
                    "`{name}` is pure and reaches `{target}` ({}): leave it out, or switch off the feature that brings it",
                    path.join(" -> ")
                ),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE_TEXT: &str = "
[pure]
forbidden = ['tokio']
[crates.low]
folder = 'crates/low'
pure = true
may_use = []
[crates.high]
folder = 'crates/high'
may_use = ['low']
[crates.top]
folder = 'top'
leaf = true
may_use = ['*']
";

    fn member(folder: &str, internal: &[&str], external: &[&str]) -> Member {
        let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Member {
            folder: folder.to_owned(),
            internal: own(internal),
            external: own(external),
        }
    }

    fn workspace(change: impl Fn(&mut Workspace)) -> Workspace {
        let mut workspace = Workspace::default();
        for (name, member) in [
            ("low", member("crates/low", &[], &["fine"])),
            ("high", member("crates/high", &["low"], &["tokio"])),
            ("top", member("top", &["low", "high"], &[])),
        ] {
            workspace.members.insert(name.to_owned(), member);
        }
        workspace
            .externals
            .insert("fine".to_owned(), BTreeSet::new());
        change(&mut workspace);
        workspace
    }

    fn messages(change: impl Fn(&mut Workspace)) -> Vec<String> {
        let architecture = Architecture::parse(TABLE_TEXT).unwrap();
        let findings = check(TABLE_TEXT, &architecture, &workspace(change));
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_workspace_inside_its_walls_passes() {
        assert!(messages(|_| {}).is_empty());
    }

    #[test]
    fn every_kind_of_breach_is_found() {
        let set = |name: &'static str, member: fn() -> Member| {
            move |workspace: &mut Workspace| {
                workspace.members.insert(name.to_owned(), member());
            }
        };
        let upwards = messages(set("low", || member("crates/low", &["high"], &[])));
        assert_eq!(upwards.len(), 1);
        assert!(upwards[0].starts_with("crates/low/Cargo.toml:1: `low` may not depend on `high`"));

        let on_leaf = messages(set("high", || member("crates/high", &["top"], &[])));
        assert!(on_leaf[0].contains("`top`, a leaf"), "{on_leaf:?}");

        let unknown = messages(set("new", || member("crates/new", &[], &[])));
        assert!(
            unknown[0].starts_with("crates/new/Cargo.toml:1: `new` is not in"),
            "{unknown:?}"
        );

        let moved = messages(set("low", || member("crates/lower", &[], &[])));
        assert!(
            moved[0].starts_with("architecture.toml:4: `low` is in `crates/lower`"),
            "{moved:?}"
        );

        let gone = messages(|workspace| {
            workspace.members.remove("top");
        });
        assert!(
            gone[0].starts_with("architecture.toml:11: there is no crate `top`"),
            "{gone:?}"
        );
    }

    #[test]
    fn a_pure_crate_reaches_nothing_impure_through_others() {
        let found = messages(|workspace| {
            let direct = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
            workspace
                .externals
                .insert("fine".to_owned(), direct(&["loop", "deep"]));
            workspace
                .externals
                .insert("loop".to_owned(), direct(&["fine"]));
            workspace
                .externals
                .insert("deep".to_owned(), direct(&["tokio"]));
        });
        assert_eq!(found.len(), 1);
        assert!(
            found[0].contains("(low -> fine -> deep -> tokio)"),
            "{found:?}"
        );
    }

    #[test]
    fn cargo_metadata_is_read_with_its_kinds() {
        let metadata = r#"{
            "workspace_root": "/r", "workspace_members": ["a", "b"],
            "packages": [
                {"id": "a", "name": "low", "manifest_path": "/r/crates/low/Cargo.toml"},
                {"id": "b", "name": "high", "manifest_path": "/r/high/Cargo.toml"},
                {"id": "c", "name": "ext", "manifest_path": "/c/Cargo.toml"},
                {"id": "d", "name": "dev", "manifest_path": "/d/Cargo.toml"}],
            "resolve": {"nodes": [
                {"id": "a", "deps": [{"pkg": "c", "dep_kinds": [{"kind": null}]}, {"pkg": "d", "dep_kinds": [{"kind": "dev"}]}]},
                {"id": "b", "deps": [{"pkg": "a", "dep_kinds": [{"kind": "dev"}]}]},
                {"id": "c", "deps": []}, {"id": "d", "deps": []}]}}"#;
        let workspace = Workspace::new(&serde_json::from_str(metadata).unwrap());
        let low = &workspace.members["low"];
        assert_eq!(low.folder, "crates/low");
        assert_eq!(low.external.iter().collect::<Vec<_>>(), ["ext"]);
        assert_eq!(
            workspace.members["high"]
                .internal
                .iter()
                .collect::<Vec<_>>(),
            ["low"]
        );
        assert_eq!(workspace.path_to("low", "dev"), None);
    }

    #[test]
    fn a_key_that_means_nothing_is_an_error() {
        assert!(Architecture::parse("[pure]\nforbidden = []\ntypo = 1\n[crates]").is_err());
    }
}
