//! Properties of every legal definition.

use passo_engine::Budget;
use passo_engine::journal::{Decoder, Encoder, decode_header, encode_header};
use passo_json::{Json, json};
use proptest::prelude::*;

use crate::definitions::definition;
use crate::driver::{Driver, compile, header};

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn ends_and_goes_on_from_any_event(definition in definition(), cut in any::<prop::sample::Index>()) {
        let program = compile(&Json::parse(&definition).unwrap());
        let header = header(&json!({"start": [1, 2]}));
        let mut whole = Driver::new(&program, header.clone());
        let status = whole.run();
        prop_assert!(!status.is_running(), "{status:?} {}", definition);

        // Any prefix, then going on, is as good as never having stopped.
        let cut = cut.index(whole.events.len() + 1);
        let mut again = Driver::recover(&program, header.clone(), &whole.events[..cut]);
        prop_assert_eq!(&again.run(), &status, "cut at {}", cut);
        prop_assert_eq!(first_difference(&again.history(), &whole.history()), None, "cut at {}", cut);

        // So is handing back control after every event.
        let mut slow = Driver::new(&program, header.clone());
        slow.budget = Budget::events(1);
        slow.run();
        prop_assert_eq!(first_difference(&slow.history(), &whole.history()), None);

        // The journal gives back what it was given.
        let mut bytes = Vec::new();
        encode_header(&header, &mut bytes);
        let mut encoder = Encoder::new(&header);
        whole.events.iter().for_each(|event| encoder.encode(event, &mut bytes));
        let (read, length) = decode_header(&bytes).unwrap();
        prop_assert_eq!(&read, &header);
        let mut rest = &bytes[length..];
        let mut decoder = Decoder::new(&read);
        for event in &whole.events {
            let read = decoder.decode(&mut rest).unwrap();
            prop_assert_eq!(read.as_ref(), Some(event));
        }
        prop_assert_eq!(decoder.decode(&mut rest).unwrap(), None);
    }
}

/// The first line that differs, in both texts.
fn first_difference(left: &str, right: &str) -> Option<(String, String)> {
    let mut lines = left.lines().zip(right.lines());
    let differs = lines.find(|(left, right)| left != right);
    let lengths = (left.lines().count(), right.lines().count());
    differs
        .map(|(left, right)| (left.to_owned(), right.to_owned()))
        .or_else(|| {
            (lengths.0 != lengths.1).then(|| {
                (
                    format!("{} lines", lengths.0),
                    format!("{} lines", lengths.1),
                )
            })
        })
}
