//! AWS's limits. Source: CloudWatch User Guide, "CloudWatch service quotas", and the API Reference of each action.

/// Metrics in one `PutMetricData`.
pub(crate) const DATA_MAX: usize = 1000;
/// Values of one metric in one `PutMetricData`.
pub(crate) const VALUES_MAX: usize = 150;
/// Dimensions of a metric.
pub(crate) const DIMENSIONS_MAX: usize = 30;
/// Queries in one `GetMetricData`.
pub(crate) const QUERIES_MAX: usize = 500;
/// Points in one answer of `GetMetricData`.
pub(crate) const POINTS_MAX: usize = 100_800;
/// Points in one answer of `GetMetricStatistics`.
pub(crate) const STATISTICS_POINTS_MAX: i64 = 1440;
/// Metrics in one page of `ListMetrics`.
pub(crate) const METRICS_PAGE: usize = 500;
/// Alarms in one page of `DescribeAlarms`.
pub(crate) const ALARMS_PAGE: i64 = 100;
/// Alarms of one account and region.
pub(crate) const ALARMS_MAX: usize = 5000;
/// Actions of an alarm for one state.
pub(crate) const ACTIONS_MAX: usize = 5;
/// Tags of a resource.
pub(crate) const TAGS_MAX: usize = 50;
/// Metrics that a search finds.
pub(crate) const SEARCH_MAX: usize = 500;
/// Milliseconds of the past and the future from which data is taken.
pub(crate) const PAST_MILLIS: i64 = 14 * 86_400_000;
pub(crate) const FUTURE_MILLIS: i64 = 2 * 3_600_000;
/// Milliseconds for which the history of alarms is kept.
pub(crate) const HISTORY_MILLIS: i64 = 30 * 86_400_000;
