//! The journal's bytes.

use std::collections::BTreeSet;

use passo_engine::journal::{
    Decoder, Encoder, JournalError, VERSION, decode_header, encode_header,
};
use passo_engine::{Data, Event, EventId, EventKind, ExecutionHeader, FrameId, Input, PayloadId};
use passo_json::{Json, Payload, json};
use passo_vocab::{ErrorName, Failure, Timestamp};
use proptest::prelude::*;

use crate::driver::{Driver, compile, header};
use crate::histories::scenarios;

/// Kinds of events.
const KINDS: usize = 43;

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
    let rare = rare_events();
    executions.push((executions[0].0.clone(), rare));
    executions
}

/// Kinds that no scenario has.
fn rare_events() -> Vec<Event> {
    let failure = || Box::new(Failure::new(ErrorName::new("Rare"), "because"));
    let output = Data::new(PayloadId::new(1), Payload::from(json!({"accepted": true})));
    let kinds = [
        EventKind::FrameAborted,
        EventKind::TaskScheduleFailed(failure()),
        EventKind::TaskStartFailed(failure()),
        EventKind::TaskSubmitted { output },
        EventKind::TaskSubmitFailed(failure()),
        EventKind::ExecutionTimedOut(Box::default()),
        EventKind::MapRunAborted,
        EventKind::MapRunRedriven {
            map_run_arn: "arn:aws:states:::mapRun:m/l:1".into(),
            count: 2,
        },
    ];
    let at = Timestamp::from_epoch_millis(1_700_000_000_500);
    let event = |kind| Event {
        at,
        frame: FrameId::new(300),
        previous: EventId::NONE,
        kind,
    };
    kinds.into_iter().map(event).collect()
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
fn mocks_are_kept_with_the_execution() {
    for (mut header, events) in executions() {
        header.mocks = Some("a test case".into());
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
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/journal_v1.bin");
    if std::env::var_os("PASSO_WRITE_GOLDEN").is_some() {
        let mut bytes = Vec::new();
        for (header, events) in executions() {
            let journal = encode(&header, &events);
            bytes.extend_from_slice(&u32::try_from(journal.len()).unwrap().to_le_bytes());
            bytes.extend_from_slice(&journal);
        }
        std::fs::write(golden, &bytes).unwrap();
    }
    let golden = std::fs::read(golden).unwrap();
    let mut rest = &golden[..];
    let mut shown = String::new();
    let mut kinds = BTreeSet::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (journal, after) = after.split_at(u32::from_le_bytes(*length).try_into().unwrap());
        assert_eq!(journal[0], VERSION);
        let (header, events) = decode(journal).unwrap();
        assert!(
            encode(&header, &events) == journal,
            "version 1 is written as before"
        );
        for event in events {
            let text = format!("{event:?}\n");
            kinds.extend(
                text.split("kind: ")
                    .nth(1)
                    .and_then(|kind| kind.split([' ', '(']).next())
                    .map(str::to_owned),
            );
            shown += &text;
        }
        rest = after;
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("journal_v1", shown);
    });
    assert_eq!(
        kinds.len(),
        KINDS,
        "every kind of event is there: {kinds:?}"
    );
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
