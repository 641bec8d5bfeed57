//! What a state's data looks like between the steps of its flow.

use passo_json::Payload;

/// The values between the steps, as far as a state came and as far as its type has them.
///
/// Source: AWS Step Functions API Reference, `InspectionData`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// After `InputPath`.
    pub after_input_path: Option<Payload>,
    /// After `Parameters`.
    pub after_parameters: Option<Payload>,
    /// After `Arguments`.
    pub after_arguments: Option<Payload>,
    /// The raw result of the state's work.
    pub result: Option<Payload>,
    /// After `ResultSelector`.
    pub after_result_selector: Option<Payload>,
    /// After `ResultPath`.
    pub after_result_path: Option<Payload>,
    /// After `ItemsPath`.
    pub after_items_path: Option<Payload>,
    /// The inputs of a Map's iterations, where it has an `ItemSelector`.
    pub after_item_selector: Option<Payload>,
    /// The inputs of a Map's children, where it has an `ItemBatcher`.
    pub after_item_batcher: Option<Payload>,
    /// `ToleratedFailureCount`, where it is given.
    pub tolerated_failure_count: Option<u64>,
    /// `ToleratedFailurePercentage`, where it is given, 0 to 100.
    pub tolerated_failure_percentage: Option<f64>,
    /// `MaxConcurrency` of a Map; 0 where it is not given.
    pub max_concurrency: Option<i64>,
}

impl Inspection {
    /// Whether more iterations failed than a Map tolerates; recorded on AWS: without a given tolerance, never.
    pub(crate) fn tolerance_is_exceeded(&self, failed: u64, count: u64) -> bool {
        let by_count = self
            .tolerated_failure_count
            .is_some_and(|most| failed > most);
        let share = if count == 0 {
            0.0
        } else {
            failed as f64 * 100.0 / count as f64
        };
        let by_share = self
            .tolerated_failure_percentage
            .is_some_and(|most| share > most);
        by_count || by_share
    }
}
