//! Right definitions compile, without a warning.

use std::collections::BTreeSet;

use passo_asl::program::{MapMode, Program, StateKind, Transition};
use passo_asl::{Compiled, Format, compile, compile_state};

use crate::{definitions, format_of, options_of};

fn right(name: &str) -> Compiled {
    let found = definitions("right").into_iter().find(|(path, _)| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with(name)
    });
    let (path, text) = found.unwrap();
    compile(&text, format_of(&path), &options_of(&path)).unwrap()
}

#[test]
fn right_definitions_compile() {
    for (path, text) in definitions("right") {
        let compiled = compile(&text, format_of(&path), &options_of(&path));
        let name = path.display();
        match compiled {
            Ok(compiled) => assert_eq!(compiled.warnings, [], "{name}"),
            Err(findings) => panic!("{name}: {findings:#?}"),
        }
    }
}

#[test]
fn names_become_ids() {
    let program = right("parallel").program;
    let names = |block| -> Vec<&str> {
        let states = &program.block(block).unwrap().states;
        states
            .iter()
            .map(|id| program.state(*id).unwrap().name.as_str())
            .collect()
    };
    assert_eq!(names(Program::ROOT), ["A", "D"]);
    let start = program.block(Program::ROOT).unwrap().start;
    let state = program.state(start).unwrap();
    let StateKind::Parallel(parallel) = &state.kind else {
        panic!("{state:?}");
    };
    assert_eq!(parallel.branches.len(), 2);
    assert_eq!(names(parallel.branches[0]), ["B"]);
    assert_eq!(names(parallel.branches[1]), ["C"]);
    for branch in &parallel.branches {
        assert_eq!(program.block(*branch).unwrap().owner, Some(start));
    }
    let Transition::Next(next) = parallel.transition else {
        panic!("{:?}", parallel.transition);
    };
    assert_eq!(program.state(next).unwrap().name.as_str(), "D");
    assert_eq!(parallel.catch[0].next, next);
}

#[test]
fn every_state_belongs_to_the_block_that_lists_it() {
    for (path, text) in definitions("right") {
        let compiled = compile(&text, format_of(&path), &options_of(&path)).unwrap();
        let program = &compiled.program;
        let mut listed = BTreeSet::new();
        for (index, block) in program.blocks().iter().enumerate() {
            assert!(block.states.contains(&block.start));
            for id in &block.states {
                assert!(listed.insert(*id));
                let block = program.state(*id).unwrap().block;
                assert_eq!(usize::try_from(block.index()).unwrap(), index);
            }
        }
        assert_eq!(listed.len(), program.states().len());
    }
}

#[test]
fn variables_and_labels_are_known() {
    let compiled = right("jsonata");
    let mentioned: Vec<String> = compiled
        .variable_references
        .iter()
        .map(|(state, names)| format!("{state}: {}", names.join(" ")))
        .collect();
    assert_eq!(mentioned, ["B: x", "F: x", "M: x"]);
    let compiled = right("distributed");
    assert_eq!(compiled.labels.len(), 1);
    assert_eq!(&*compiled.labels[0].label, "label");
    assert_eq!(
        compiled.labels[0]
            .definition
            .get("StartAt")
            .unwrap()
            .as_str(),
        Some("I")
    );
}

#[test]
fn labels_are_made_where_there_are_none() {
    let map = |inner: &str| {
        format!(
            r#"{{"Type": "Map", "End": true, "ItemProcessor": {{
                "ProcessorConfig": {{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}},
                "StartAt": "{inner}", "States": {{"{inner}": {{"Type": "Pass", "End": true}}}}}}}}"#
        )
    };
    let branch = |name: &str, map: &str| {
        format!(r#"{{"StartAt": "{name}", "States": {{"{name}": {map}}}}}"#)
    };
    let branches = [
        branch("Each order?", &map("I")),
        branch("Each*order", &map("J")),
        branch("***", &map("K")),
    ];
    let text = format!(
        r#"{{"StartAt": "P", "States": {{"P": {{"Type": "Parallel", "End": true, "Branches": [{}]}}}}}}"#,
        branches.join(",")
    );
    let compiled = compile(&text, Format::Json, &passo_asl::CompileOptions::default()).unwrap();
    let labels: Vec<&str> = compiled.labels.iter().map(|map| &*map.label).collect();
    assert_eq!(labels, ["Eachorder", "Eachorder-2", "Map"]);
    for state in compiled.program.states() {
        if let StateKind::Map(map) = &state.kind {
            assert!(matches!(map.mode, MapMode::Distributed(_)));
        }
    }
}

#[test]
fn a_state_compiles_alone() {
    let options = passo_asl::CompileOptions::default();
    let text = r#"{"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "B"}], "Default": "C"}"#;
    let program = compile_state(text, Format::Json, &options).unwrap().program;
    let names: Vec<&str> = program
        .states()
        .iter()
        .map(|state| state.name.as_str())
        .collect();
    assert_eq!(names, ["StateName", "B", "C"]);
    let refused = compile_state(
        r#"{"Type": "Parallel", "Branches": [], "End": true}"#,
        Format::Json,
        &options,
    );
    let told: Vec<String> = refused
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        ["SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches"]
    );
}
