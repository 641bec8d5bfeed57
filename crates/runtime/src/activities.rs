//! Activities: tasks that wait for workers, and workers that wait for tasks.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use passo_engine::TaskId;

use crate::Key;
use crate::tables::activity::ActivityTask;

/// Takes a task, or gives it back because its worker has gone.
pub(crate) type Waiter = Box<dyn FnOnce(ActivityTask) -> Option<ActivityTask> + Send>;

/// Names a worker that waits, so that it can stop waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WaiterId(u64);

/// Who waits for whom, for all activities of a process.
#[derive(Default)]
pub(crate) struct Activities {
    queues: Mutex<Queues>,
}

#[derive(Default)]
struct Queues {
    tasks: BTreeMap<Key, BTreeSet<ActivityTask>>,
    waiters: BTreeMap<Key, VecDeque<(WaiterId, Waiter)>>,
    last_waiter: u64,
}

impl Activities {
    /// A task waits for a worker; one that waits for it already gets it at once.
    pub(crate) fn offer(&self, task: ActivityTask) {
        let mut task = task;
        loop {
            let mut queues = self.queues();
            let waiting = queues
                .waiters
                .get_mut(&task.activity)
                .and_then(VecDeque::pop_front);
            let Some((_, waiter)) = waiting else {
                queues.tasks.entry(task.activity).or_default().insert(task);
                return;
            };
            // A waiter may come back to this queue, so the lock is not held while it is called.
            drop(queues);
            match waiter(task) {
                None => return,
                Some(given_back) => task = given_back,
            }
        }
    }

    /// A worker waits for a task; the oldest that waits for one is given at once.
    pub(crate) fn wait(&self, activity: Key, waiter: Waiter) -> WaiterId {
        let mut queues = self.queues();
        queues.last_waiter += 1;
        let id = WaiterId(queues.last_waiter);
        match queues
            .tasks
            .get_mut(&activity)
            .and_then(BTreeSet::pop_first)
        {
            None => queues
                .waiters
                .entry(activity)
                .or_default()
                .push_back((id, waiter)),
            Some(task) => {
                drop(queues);
                if let Some(given_back) = waiter(task) {
                    self.offer(given_back);
                }
            }
        }
        id
    }

    /// A worker no longer waits.
    pub(crate) fn leave(&self, activity: Key, id: WaiterId) {
        let mut queues = self.queues();
        if let Some(waiters) = queues.waiters.get_mut(&activity) {
            waiters.retain(|(other, _)| *other != id);
            if waiters.is_empty() {
                queues.waiters.remove(&activity);
            }
        }
    }

    /// A task no longer waits for a worker.
    pub(crate) fn withdraw(&self, activity: Key, execution: Key, task: TaskId) {
        let mut queues = self.queues();
        if let Some(tasks) = queues.tasks.get_mut(&activity) {
            tasks.retain(|other| (other.execution, other.task) != (execution, task));
            if tasks.is_empty() {
                queues.tasks.remove(&activity);
            }
        }
    }

    /// Workers that wait for tasks of one activity.
    pub(crate) fn waiters(&self, activity: Key) -> usize {
        self.queues()
            .waiters
            .get(&activity)
            .map_or(0, VecDeque::len)
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use passo_vocab::Timestamp;

    use super::*;

    fn task(number: u64) -> ActivityTask {
        ActivityTask {
            activity: Key::of("activity"),
            scheduled_at: Timestamp::from_epoch_millis(i64::try_from(number).unwrap()),
            execution: Key::of("execution"),
            task: TaskId::new(number),
        }
    }

    fn taker(taken: &Arc<Mutex<Vec<u64>>>) -> Waiter {
        let taken = taken.clone();
        Box::new(move |task| {
            taken.lock().unwrap().push(task.task.number());
            None
        })
    }

    #[test]
    fn the_oldest_task_goes_to_the_worker_that_waited_longest() {
        let (activities, taken) = (Activities::default(), Arc::default());
        activities.offer(task(2));
        activities.offer(task(1));
        activities.wait(Key::of("activity"), taker(&taken));
        activities.wait(Key::of("activity"), taker(&taken));
        activities.wait(Key::of("activity"), taker(&taken));
        assert_eq!(activities.waiters(Key::of("activity")), 1);
        activities.offer(task(3));
        assert_eq!(*taken.lock().unwrap(), [1, 2, 3]);
    }

    #[test]
    fn a_worker_that_left_gets_nothing() {
        let (activities, taken) = (Activities::default(), Arc::default());
        let id = activities.wait(Key::of("activity"), taker(&taken));
        activities.leave(Key::of("activity"), id);
        activities.wait(Key::of("activity"), Box::new(Some));
        activities.offer(task(1));
        activities.withdraw(Key::of("activity"), Key::of("execution"), TaskId::new(1));
        activities.offer(task(2));
        activities.wait(Key::of("activity"), taker(&taken));
        assert_eq!(*taken.lock().unwrap(), [2]);
    }
}
