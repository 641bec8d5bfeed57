//! A short run of every target, as an ordinary test.

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::fuzzer::Fuzzer;
    use crate::target::TargetName;
    use crate::worker::{on_thread, run_case};

    #[track_caller]
    fn check(name: TargetName, cases: u64) {
        let fuzzer = Fuzzer::new(name, 20_261_120, None).unwrap();
        on_thread(move || {
            let mut accepted = 0;
            let mut slowest = (Duration::ZERO, 0);
            for index in 0..cases {
                let case = fuzzer.case(index);
                let start = Instant::now();
                match run_case(fuzzer.target, &case) {
                    Ok(outcome) => accepted += u64::from(outcome == crate::case::Outcome::Accepted),
                    Err(reason) => panic!("case {index}: {reason}\n{case:?}"),
                }
                slowest = slowest.max((start.elapsed(), index));
            }
            // A fuzzer whose cases are all refused tests the parser only.
            assert!(accepted > cases / 20, "{accepted} of {cases} accepted");
            println!("{accepted} of {cases} accepted, slowest {slowest:?}");
            Ok(())
        })
        .unwrap();
    }

    #[test]
    fn jsonata() {
        check(TargetName::Jsonata, 3000);
    }

    #[test]
    fn jsonpath() {
        check(TargetName::Jsonpath, 3000);
    }

    #[test]
    fn intrinsics() {
        check(TargetName::Intrinsics, 3000);
    }

    #[test]
    fn asl() {
        check(TargetName::Asl, 2000);
    }
}
