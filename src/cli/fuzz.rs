//! `olivine fuzz`: random designs on every engine.

use crate::exit::{CommandError, Exit, write_file};
use crate::fuzz::{Campaign, ProofTally, Tally, prove_random, run as campaign};
use indicatif::{ProgressBar, ProgressStyle};
use olivine_sim::Tier;
use std::path::PathBuf;
use std::time::Instant;

#[derive(clap::Args)]
pub(super) struct Options {
    /// How many random designs
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    designs: u64,
    /// Makes the designs and their stimulus
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Run so many of the designs in Verilator, too (without a number 200)
    #[arg(long, default_value_t = 0, default_missing_value = "200", num_args = 0..=1)]
    verilator: u64,
    /// Plant a fault in each design first, and show what is found of them
    #[arg(long)]
    plant: bool,
    /// Keep the minimized designs that show a difference in this folder
    #[arg(long)]
    corpus: Option<PathBuf>,
    /// Instead: prove the properties of so many designs that are small enough for every state to
    /// be visited, and hold each verdict against that
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..),
        conflicts_with_all = ["designs", "verilator", "plant", "corpus"])]
    proofs: Option<u64>,
}

/// Findings that are printed with their waves.
const SHOWN: usize = 3;

pub(super) fn run(options: &Options) -> Result<Exit, CommandError> {
    let Options { designs, seed, verilator, plant, .. } = *options;
    if let Some(proofs) = options.proofs {
        return Ok(run_proofs(seed, proofs));
    }
    let what = Campaign { designs, seed, verilator, plant };
    let bar = progress(designs + verilator.min(designs));
    let start = Instant::now();
    let tally = campaign(what, |done| bar.set_position(done))?;
    bar.finish_and_clear();
    report(&tally, start.elapsed().as_secs_f64());
    keep(options, &tally)?;
    Ok(match (plant, tally.findings.is_empty()) {
        (false, true) | (true, false) => Exit::Done,
        _ => Exit::Failed,
    })
}

fn progress(designs: u64) -> ProgressBar {
    let bar = ProgressBar::new(designs);
    let style = ProgressStyle::with_template("{elapsed:>4} {wide_bar} {pos}/{len} designs");
    bar.set_style(style.unwrap_or(ProgressStyle::default_bar()));
    bar
}

/// Fails if a verdict is wrong.
fn run_proofs(seed: u64, designs: u64) -> Exit {
    let bar = progress(designs);
    let start = Instant::now();
    let tally = prove_random(seed, designs, &|judged| bar.set_position(judged));
    bar.finish_and_clear();
    let ProofTally { designs, too_large, verdicts, wrong } = tally;
    for (number, why) in wrong.iter().take(SHOWN) {
        println!("design {number}: {why}");
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("seed         {seed}");
    println!("designs      {designs} with every state visited, {seconds:.1} s");
    println!("too large    {too_large}, not counted");
    for (word, count) in &verdicts {
        println!("{word:12} {count}");
    }
    println!("wrong        {}", wrong.len());
    if wrong.is_empty() { Exit::Done } else { Exit::Failed }
}

fn report(tally: &Tally, seconds: f64) {
    let Tally { designs, cells, edges, verdicts, violated, verilator, planted, findings } = tally;
    for finding in findings.iter().take(SHOWN) {
        println!("design {}: {}", finding.number, finding.difference);
        println!("{}", finding.design);
    }
    println!("designs      {designs} with {cells} cells, {seconds:.1} s");
    let tiers = Tier::ALL.into_iter().filter(|tier| tier.is_available());
    let tiers: Vec<String> = tiers.map(|tier| tier.to_string()).collect();
    println!(
        "simulators   {edges} edges compared: interpreter, compiled in two forms on {}",
        tiers.join(", ")
    );
    println!("proof        {verdicts} verdicts, {violated} violations held against them");
    println!("verilator    {verilator} designs");
    if *planted > 0 {
        println!("planted      {planted} faults");
    }
    println!("differences  {}", findings.len());
}

fn keep(options: &Options, tally: &Tally) -> Result<(), CommandError> {
    let Some(folder) = &options.corpus else { return Ok(()) };
    for finding in &tally.findings {
        let kind = if options.plant { "planted" } else { "found" };
        let name = format!("{kind}_{}_{}.nl", options.seed, finding.number);
        write_file(&folder.join(name), finding.design.to_string().as_bytes())?;
    }
    Ok(())
}
