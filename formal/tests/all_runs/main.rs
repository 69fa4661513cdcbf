//! Soundness: on small random designs, of several clock domains too, every verdict is what trying
//! all runs on the interpreter says. Nothing of the engines is used for that: no gates, no
//! clauses, no solver.

mod designs;
mod graph;
mod open;

use designs::random_design;
use graph::{Event, Graph};
use olivine_formal::{Counterexample, Engine, Options, Paths, Row, Verdict, prove};
use olivine_netlist::PropertyKind;
use std::collections::BTreeMap;

/// The longest runs that the engines search.
const DEPTH: u32 = 12;

/// The verdict's word if the graph agrees, else what is wrong.
fn judge(row: &Row, graph: &Graph, domain: usize) -> Result<&'static str, String> {
    let event = match row.kind {
        PropertyKind::Cover => Event::Cover,
        _ => Event::Fail,
    };
    let first = graph.first(event, DEPTH);
    let is = |right: bool, word| {
        right.then_some(word).ok_or_else(|| {
            format!("first {first:?}, ever {}, {} states", graph.ever(event), graph.states())
        })
    };
    match &row.verdict {
        Verdict::Proved { .. } => {
            is(!graph.ever(event) && graph.ever(Event::Sample(domain)), "proved")
        }
        Verdict::Bounded { depth } => is(*depth == DEPTH && first.is_none(), "bounded"),
        Verdict::Violated(run) => is(first == Some(samples_before(run)), "violated"),
        Verdict::Reached(run) => is(first == Some(samples_before(run)), "reached"),
        Verdict::Vacuous { samples } => {
            let ended = graph.longest(DEPTH) == *samples && *samples < DEPTH;
            let never = graph.first(Event::Sample(domain), *samples).is_none();
            is(first.is_none() && (ended || never), "vacuous")
        }
        Verdict::Unknown { .. } => Err("without limits everything is known".to_string()),
    }
}

fn samples_before(run: &Counterexample) -> u32 {
    run.stimulus.cycles.iter().filter(|cycle| !cycle.reset).count() as u32 - 1
}

/// How often each verdict was right, by its word; `deep` ones are those of proofs that need
/// induction and of runs of more than two samples; `domains` are those of designs with several.
fn judge_all(seeds: std::ops::Range<u64>, options: &Options) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for seed in seeds {
        let design = random_design(seed);
        assert_eq!(design.validate(), Ok(()), "seed {seed}\n{design}");
        let Some(graph) = Graph::explore(&design) else { continue };
        let report = prove(&design, options).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(report.rows.len(), 2);
        for row in &report.rows {
            let property = design.top().properties.iter().find(|p| p.name == row.property);
            let domain = property.unwrap().domain.index();
            let word = judge(row, &graph, domain)
                .unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}\n{row}\n{design}"));
            let deep = match &row.verdict {
                Verdict::Proved { k, .. } => *k > 0,
                Verdict::Violated(run) | Verdict::Reached(run) => samples_before(run) > 1,
                _ => false,
            };
            let several = design.top().domains.len() > 1;
            *counts.entry(format!("domains {word}")).or_default() += u32::from(several);
            *counts.entry(word.to_string()).or_default() += 1;
            *counts.entry(format!("deep {word}")).or_default() += u32::from(deep);
        }
    }
    counts
}

/// A run that judges too little shows nothing.
#[track_caller]
fn enough(counts: &BTreeMap<String, u32>, least: &[(&str, u32)]) {
    println!("{counts:?}");
    for (word, least) in least {
        let count = counts.get(*word).copied().unwrap_or_default();
        assert!(count >= *least, "only {count} of \"{word}\": {counts:?}");
    }
}

fn options(engine: Engine, paths: Paths) -> Options {
    Options { engine, paths, depth: DEPTH, time_limit: None, ..Options::default() }
}

#[test]
fn verdicts_are_what_all_runs_say() {
    let counts = judge_all(0..700, &options(Engine::KInduction, Paths::Distinct));
    let least = [("deep proved", 100), ("violated", 150), ("reached", 150), ("vacuous", 30)];
    enough(&counts, &least);
    enough(&counts, &[("domains proved", 80), ("domains violated", 40), ("deep violated", 1)]);
}

#[test]
fn so_are_those_of_bmc() {
    let counts = judge_all(1000..1300, &options(Engine::Bmc, Paths::Any));
    enough(&counts, &[("bounded", 100), ("violated", 60), ("reached", 60), ("vacuous", 10)]);
}

#[test]
fn so_are_those_of_induction_on_all_paths() {
    let counts = judge_all(2000..2300, &options(Engine::KInduction, Paths::Any));
    enough(&counts, &[("proved", 100), ("bounded", 10), ("violated", 60)]);
}

#[test]
fn so_are_those_of_pdr() {
    let counts = judge_all(3000..3500, &options(Engine::Pdr, Paths::Any));
    enough(&counts, &[("proved", 150), ("violated", 100), ("reached", 100), ("vacuous", 20)]);
}

#[test]
fn so_are_those_of_all_engines_together() {
    let counts = judge_all(4000..4300, &options(Engine::Auto, Paths::Distinct));
    enough(&counts, &[("proved", 100), ("violated", 60), ("reached", 60), ("vacuous", 10)]);
}
