//! [`Report`] as a table to read.

use super::report::{ChipReport, Report};
use std::fmt;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { workload, network, parameters, steps, batch, seed, engine, array, .. } = self;
        writeln!(
            f,
            "{workload}: MLP {network} ({parameters} parameters), {steps} steps of {batch} images, seed {seed}, {array}×{array} array on {engine}\n"
        )?;
        let (result, reference) = (&self.result, &self.reference);
        row(f, "", "chip", "float32")?;
        row(f, "test accuracy", percent(result.test_accuracy), percent(reference.test_accuracy))?;
        let (ours, theirs) = (result.training_accuracy, reference.training_accuracy);
        row(f, "training accuracy", percent(ours), percent(theirs))?;
        let loss = |loss: f32| format!("{loss:.4}");
        row(f, "loss, last 20 steps", loss(result.last_loss), loss(reference.last_loss))?;
        let difference = format!("{:.6}", self.loss_difference_first_10);
        row(f, "loss difference, steps 1–10", difference, "")?;
        writeln!(f)?;
        match &self.chip {
            Some(chip) => chip_rows(f, self, chip)?,
            None => line(f, "chip", "not simulated: golden arithmetic on the host")?,
        }
        line(f, "host multiply-accumulates", grouped(self.host.macs))?;
        line(f, "host's other work", self.host.work.join(", "))?;
        line(f, "weights digest", &self.weights_digest)
    }
}

fn chip_rows(f: &mut fmt::Formatter<'_>, report: &Report, chip: &ChipReport) -> fmt::Result {
    row(f, "", "training", "evaluation")?;
    let phases = [&chip.training, &chip.evaluation];
    let mut counted = |name: &str, figure: fn(&super::PhaseCounters) -> String| {
        let [training, evaluation] = phases.map(figure);
        row(f, name, training, evaluation)
    };
    counted("cycles", |p| grouped(p.cycles))?;
    counted("array fed, of all cycles", |p| percent(p.utilization))?;
    counted("array fed, of GEMM cycles", |p| percent(p.gemm_utilization))?;
    counted("LOAD busy", |p| grouped(p.load_busy))?;
    counted("STORE busy", |p| grouped(p.store_busy))?;
    counted("chip idle (host's turn)", |p| grouped(p.idle))?;
    counted("memory stalls", |p| grouped(p.stalled_load + p.stalled_store))?;
    counted("multiply-accumulates needed", |p| grouped(p.macs_needed))?;
    counted("done by the array", |p| grouped(p.macs_done))?;
    let timing = &report.timing;
    let seconds = |s: f64| format!("{s:.1} s");
    row(f, "time", seconds(timing.training_seconds), seconds(timing.evaluation_seconds))?;
    writeln!(f)?;
    line(f, "cycles a step", grouped(chip.training.cycles / report.steps))?;
    line(f, "simulated cycles a second", grouped(timing.cycles_per_second as u64))
}

fn row(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    first: impl fmt::Display,
    second: impl fmt::Display,
) -> fmt::Result {
    let text = format!("{name:<28}{first:>16}{second:>16}");
    writeln!(f, "{}", text.trim_end())
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, value: impl fmt::Display) -> fmt::Result {
    writeln!(f, "{name:<28}  {value}")
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// Decimal digits in groups of three.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_in_threes() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (161_792, "161,792")];
        cases.iter().for_each(|&(value, text)| assert_eq!(grouped(value), text));
    }
}
