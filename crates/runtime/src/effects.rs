//! What happens once a turn is durable: tasks begin, callers are answered, listeners are told.

use std::sync::Arc;

use crate::activities::Activities;
use crate::partition::turn::Effect;
use crate::ports::{DataPort, Listener, ReadRequest, TaskPort, TaskRequest, WriteRequest};
use crate::{InFlight, UnderWay};

/// Performs effects.
pub(crate) struct Performer {
    pub(crate) tasks: Arc<dyn TaskPort>,
    pub(crate) data: Arc<dyn DataPort>,
    pub(crate) listeners: Vec<Arc<dyn Listener>>,
    pub(crate) in_flight: InFlight,
    pub(crate) activities: Arc<Activities>,
}

impl Performer {
    /// Performs one effect while `_turn` keeps virtual time still.
    pub(crate) fn perform(&self, effect: Effect, _turn: &UnderWay) {
        match effect {
            Effect::StartTask {
                execution,
                header,
                task,
            } => {
                let under_way = Arc::new(self.in_flight.begin());
                self.tasks.start(TaskRequest {
                    execution,
                    header,
                    task,
                    under_way,
                });
            }
            Effect::CancelTask { execution, task } => self.tasks.cancel(execution, task),
            Effect::ReadItems {
                owner,
                after,
                cursor,
            } => self.data.read(ReadRequest {
                owner,
                after,
                cursor,
                under_way: Arc::new(self.in_flight.begin()),
            }),
            Effect::WriteResults { owner, results } => self.data.write(WriteRequest {
                owner,
                results,
                under_way: Arc::new(self.in_flight.begin()),
            }),
            Effect::OfferActivityTask(task) => self.activities.offer(task),
            Effect::WithdrawActivityTask {
                activity,
                execution,
                task,
            } => {
                self.activities.withdraw(activity, execution, task);
            }
            Effect::Answer(answer) => answer(),
            Effect::Recorded {
                header,
                program,
                events,
            } => {
                for listener in &self.listeners {
                    listener.recorded(&header, &program, &events);
                }
            }
        }
    }
}
