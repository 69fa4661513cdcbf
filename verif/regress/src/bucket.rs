//! [`Bucket`]: failures with the same likely cause.

use crate::{TaskResult, Verdict};
use serde::{Deserialize, Serialize};

/// Failures of one bench with one verdict and one signature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// The bench.
    pub bench: String,
    /// How they ended.
    pub verdict: Verdict,
    /// What they share.
    pub signature: String,
    /// How many.
    pub count: usize,
    /// The one with the fewest cycles: look at it first.
    pub shortest: String,
    /// Its seed.
    pub seed: u64,
    /// Its cycles.
    pub cycles: u64,
    /// What it says.
    pub message: String,
    /// The command that runs it again.
    pub reproduce: String,
}

/// The buckets of everything that did not pass, the largest first.
pub(crate) fn buckets(tasks: &[TaskResult]) -> Vec<Bucket> {
    let mut buckets: Vec<Bucket> = Vec::new();
    for task in tasks.iter().filter(|task| task.verdict != Verdict::Pass) {
        let same = |b: &Bucket| {
            b.bench == task.task.bench && b.verdict == task.verdict && b.signature == task.signature
        };
        match buckets.iter_mut().find(|bucket| same(bucket)) {
            None => buckets.push(bucket(task)),
            Some(bucket) => {
                let count = bucket.count + 1;
                if task.cycles < bucket.cycles {
                    *bucket = self::bucket(task);
                }
                bucket.count = count;
            }
        }
    }
    // The sort is stable: equal ones keep the plan's order.
    buckets.sort_by_key(|bucket| std::cmp::Reverse(bucket.count));
    buckets
}

fn bucket(task: &TaskResult) -> Bucket {
    Bucket {
        bench: task.task.bench.clone(),
        verdict: task.verdict,
        signature: task.signature.clone(),
        count: 1,
        shortest: task.task.id.clone(),
        seed: task.task.seed,
        cycles: task.cycles,
        message: task.message.clone(),
        reproduce: task.reproduce.clone(),
    }
}
