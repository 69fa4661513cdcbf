//! A summary for people.

use crate::{Counts, Summary, TaskResult, Verdict};
use std::fmt;

/// Buckets that are shown in full; the rest are counted.
const BUCKETS_SHOWN: usize = 10;
/// Lines of a message that are shown.
const LINES_SHOWN: usize = 6;

impl fmt::Display for Summary {
    /// A line for each bench, then what went wrong, bucket by bucket, with the command that
    /// reproduces it.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut benches: Vec<&str> = Vec::new();
        for task in &self.tasks {
            if !benches.contains(&task.task.bench.as_str()) {
                benches.push(&task.task.bench);
            }
        }
        let width = benches.iter().map(|name| name.len()).max().unwrap_or(0).max(5);
        writeln!(
            f,
            "{:<width$}{:>8}{:>8}{:>8}{:>8}{:>9}{:>12}{:>10}",
            "bench", "tasks", "pass", "fail", "error", "timeout", "cycles", "seconds"
        )?;
        for bench in benches {
            let tasks = self.tasks.iter().filter(|task| task.task.bench == bench);
            line(f, bench, width, &tasks.collect::<Vec<_>>())?;
        }
        line(f, "all", width, &self.tasks.iter().collect::<Vec<_>>())?;
        self.write_buckets(f)?;
        let verdict = if self.exit_code() == 0 { Verdict::Pass } else { Verdict::Fail };
        let (plan, seconds, folder) = (&self.plan, self.seconds, self.folder.display());
        write!(f, "\n{plan}: {verdict} in {seconds:.1} s; files in {folder}")
    }
}

impl Summary {
    fn write_buckets(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for bucket in self.buckets.iter().take(BUCKETS_SHOWN) {
            let crate::Bucket { bench, verdict, signature, count, .. } = bucket;
            writeln!(f, "\n{count} × {verdict} {bench}: {signature}")?;
            let mut lines = bucket.message.lines();
            for line in lines.by_ref().take(LINES_SHOWN) {
                writeln!(f, "    {line}")?;
            }
            if lines.next().is_some() {
                writeln!(f, "    …")?;
            }
            writeln!(f, "    seed {}, {} cycles", bucket.seed, bucket.cycles)?;
            writeln!(f, "    reproduce: {}", bucket.reproduce)?;
        }
        let hidden = self.buckets.len().saturating_sub(BUCKETS_SHOWN);
        if hidden > 0 {
            writeln!(f, "\nand {hidden} more signatures: see summary.json")?;
        }
        Ok(())
    }
}

fn line(f: &mut fmt::Formatter, name: &str, width: usize, tasks: &[&TaskResult]) -> fmt::Result {
    let counts = Counts::of(tasks.iter().copied());
    let cycles: u64 = tasks.iter().map(|task| task.cycles).sum();
    let seconds: f64 = tasks.iter().map(|task| task.seconds).sum();
    let Counts { pass, fail, error, timeout } = counts;
    let total = counts.total();
    writeln!(
        f,
        "{name:<width$}{total:>8}{pass:>8}{fail:>8}{error:>8}{timeout:>9}{cycles:>12}{seconds:>10.1}"
    )
}
