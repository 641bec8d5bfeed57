//! What an attempt's answer means.

use std::sync::Arc;

use passo_delivery::{Delivery, Judge, Plain, Verdict};
use passo_json::Json;
use passo_runtime::Clock;
use passo_service::{Fault, FaultKind};

use super::{Events, outcome};

/// A function that failed is tried again as often as it wants; where it could not be run, until the event is too old.
pub(in super::super) struct EventJudge {
    clock: Arc<dyn Clock>,
}

impl EventJudge {
    pub(in super::super) fn new(clock: Arc<dyn Clock>) -> EventJudge {
        EventJudge { clock }
    }
}

impl Judge for EventJudge {
    fn verdict(&self, delivery: &Delivery, answer: &Result<Json, Fault>) -> Verdict {
        if &*delivery.service != Events::NAME {
            return Plain.verdict(delivery, answer);
        }
        match answer {
            Ok(answer) if answer.get("FunctionError").is_some() => Verdict::Again,
            Ok(_) => Verdict::Arrived,
            Err(fault) if fault.status == 429 => Verdict::Later,
            Err(fault) => match fault.kind {
                FaultKind::Caller => Verdict::GiveUp,
                FaultKind::Service | FaultKind::Machine => Verdict::Later,
            },
        }
    }

    fn next(
        &self,
        delivery: &Delivery,
        attempts: u32,
        answer: &Result<Json, Fault>,
    ) -> Vec<Delivery> {
        if &*delivery.service != Events::NAME {
            return Vec::new();
        }
        outcome::deliveries(delivery, attempts, answer, self.clock.now())
    }
}

#[cfg(test)]
mod tests {
    use passo_delivery::Retry;
    use passo_json::json;
    use passo_runtime::SystemClock;
    use passo_service::Caller;
    use passo_vocab::{AccountId, Region};

    use super::*;

    #[test]
    fn only_a_function_that_ran_uses_up_a_retry() {
        let judge = EventJudge::new(Arc::new(SystemClock));
        let delivery = |service: &str| Delivery {
            service: service.into(),
            operation: "x".into(),
            parameters: json!({}),
            caller: Caller {
                account: AccountId::parse("000000000000").unwrap(),
                region: Region::parse("us-east-1").unwrap(),
            },
            retry: Retry::default(),
            dead_letter: None,
            group: None,
            note: Json::Null,
        };
        let busy = || Fault::caller("TooManyRequestsException", "").with_status(429);
        let table = [
            (Ok(json!({"StatusCode": 200})), Verdict::Arrived),
            (Ok(json!({"FunctionError": "Unhandled"})), Verdict::Again),
            (Err(busy()), Verdict::Later),
            (Err(Fault::service("x")), Verdict::Later),
            (
                Err(Fault::service("x").with_kind(FaultKind::Machine)),
                Verdict::Later,
            ),
            (Err(Fault::caller(Events::TOO_OLD, "")), Verdict::GiveUp),
            (
                Err(Fault::caller("ResourceNotFoundException", "")),
                Verdict::GiveUp,
            ),
        ];
        for (answer, expect) in table {
            assert_eq!(
                judge.verdict(&delivery(Events::NAME), &answer),
                expect,
                "{answer:?}"
            );
        }
        // Destinations are judged as others are.
        assert_eq!(
            judge.verdict(&delivery("sqs"), &Err(busy())),
            Verdict::Again
        );
    }
}
