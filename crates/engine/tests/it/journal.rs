//! The journal's bytes.

use passo_engine::journal::{
    Decoder, Encoder, JournalError, VERSION, decode_header, encode_header,
};
use passo_engine::{Event, ExecutionHeader, Input};
use passo_json::{Json, json};
use passo_vocab::Failure;
use proptest::prelude::*;

use crate::driver::{Driver, compile, header};
use crate::histories::scenarios;

/// Executions that have, together, events of every kind.
fn executions() -> Vec<(ExecutionHeader, Vec<Event>)> {
    let mut executions = Vec::new();
    for scenario in scenarios() {
        let program = compile(&scenario.definition);
        let mut driver = Driver::new(&program, header(&scenario.input));
        driver.run();
        driver.give(Input::Redrive);
        driver.give(Input::Stop {
            failure: Failure::default(),
        });
        executions.push((driver.execution.header().clone(), driver.events));
    }
    executions
}

fn encode(header: &ExecutionHeader, events: &[Event]) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_header(header, &mut bytes);
    let mut encoder = Encoder::new(header);
    events
        .iter()
        .for_each(|event| encoder.encode(event, &mut bytes));
    bytes
}

fn decode(bytes: &[u8]) -> Result<(ExecutionHeader, Vec<Event>), JournalError> {
    let (header, length) = decode_header(bytes)?;
    let mut rest = &bytes[length..];
    let mut decoder = Decoder::new(&header);
    let mut events = Vec::new();
    while let Some(event) = decoder.decode(&mut rest)? {
        events.push(event);
    }
    Ok((header, events))
}

#[test]
fn gives_back_what_it_was_given() {
    for (header, events) in executions() {
        assert_eq!(decode(&encode(&header, &events)), Ok((header, events)));
    }
}

#[test]
fn goes_on_after_it_was_read() {
    for (header, events) in executions() {
        let whole = encode(&header, &events);
        let half = events.len() / 2;
        let mut bytes = encode(&header, &events[..half]);
        let (read, length) = decode_header(&bytes).unwrap();
        let mut decoder = Decoder::new(&read);
        let mut rest = &bytes.clone()[length..];
        while decoder.decode(&mut rest).unwrap().is_some() {}
        let mut encoder = decoder.encoder();
        events[half..]
            .iter()
            .for_each(|event| encoder.encode(event, &mut bytes));
        assert_eq!(bytes, whole);
    }
}

/// Bytes that version 1 has written stay readable and are still what it writes. When a version 2 comes, this file
/// stays and only its reading is tested.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the golden file is written on demand"
)]
fn version_1_is_as_it_was() {
    let mut bytes = Vec::new();
    for (header, events) in executions() {
        let journal = encode(&header, &events);
        bytes.extend_from_slice(&u32::try_from(journal.len()).unwrap().to_le_bytes());
        bytes.extend_from_slice(&journal);
    }
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/journal_v1.bin");
    if std::env::var_os("PASSO_WRITE_GOLDEN").is_some() {
        std::fs::write(golden, &bytes).unwrap();
    }
    let golden = std::fs::read(golden).unwrap();
    let mut rest = &golden[..];
    for (header, events) in executions() {
        let (length, after) = rest.split_first_chunk::<4>().unwrap();
        let (journal, after) = after.split_at(u32::from_le_bytes(*length).try_into().unwrap());
        assert_eq!(journal[0], VERSION);
        assert_eq!(decode(journal), Ok((header, events)));
        rest = after;
    }
    assert!(rest.is_empty());
    assert!(bytes == golden, "version 1 is written as before");
}

#[test]
fn a_payload_stands_there_once() {
    let marker = "a payload that is easy to find";
    let states = json!({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Wait", "Seconds": 1, "Next": "C"},
        "C": {"Type": "Parallel", "Branches": [{"StartAt": "D", "States": {"D": {"Type": "Pass", "End": true}}}],
            "ResultPath": Json::Null, "Next": "E"},
        "E": {"Type": "Succeed"}});
    let program = compile(&json!({"StartAt": "A", "States": states}));
    let mut driver = Driver::new(&program, header(&json!({"text": marker})));
    driver.run();
    let bytes = encode(driver.execution.header(), &driver.events);
    assert_eq!(String::from_utf8_lossy(&bytes).matches(marker).count(), 1);
    assert!(driver.history().matches(marker).count() > 8);
}

#[test]
fn other_versions_are_refused() {
    let (header, events) = executions().remove(0);
    let mut bytes = encode(&header, &events);
    bytes[0] = VERSION + 1;
    assert_eq!(
        decode(&bytes),
        Err(JournalError::UnknownVersion(VERSION + 1))
    );
}

proptest! {
    #[test]
    fn damaged_bytes_are_errors_or_other_events(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (header, events) = executions().swap_remove(12);
        let mut bytes = encode(&header, &events);
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = decode(&bytes);
        let _ = decode(&bytes[..place]);
    }
}
