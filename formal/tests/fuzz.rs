//! Verdicts on random designs, compared with visiting every state.

mod common;

use common::{
    explicit::Explicit,
    random::{machine, reset_at_once},
    short,
};
use olivine_formal::{Certificate, Engine, Evidence, Options, Row, Start, Verdict, prove};
use olivine_netlist::arbitrary::{self, designs};
use olivine_netlist::{Design, PropertyKind};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

const STATE_BITS: u32 = 6;
const INPUT_BITS: u32 = 5;

/// Runs that visit no state twice are not longer.
const DEPTH: u32 = (1 << STATE_BITS) + 2;

/// What the verdict has to be; `None` if two are right.
fn expected(
    row: &Row,
    hit: Option<u32>,
    longest: Option<u32>,
    (resets, engine): (u32, Engine),
) -> Option<String> {
    let cover = row.kind == PropertyKind::Cover;
    match (hit, longest) {
        (Some(_), Some(samples)) if engine == Engine::Sweep && samples < 8 => {
            Some(format!("vacuous {samples}"))
        }
        (Some(_), _) if engine == Engine::Sweep => Some("unknown".to_string()),
        (Some(sample), _) => {
            Some(format!("{} {}", if cover { "reached" } else { "violated" }, resets + sample))
        }
        // Nobody looks for contradictions far beyond what the proof needs.
        (None, Some(samples)) => (samples < 8).then(|| format!("vacuous {samples}")),
        (None, None) => match row.verdict {
            Verdict::Proved { .. } => Some(short(row)),
            // Sweeping alone finds no run and proves what it can.
            Verdict::Unknown { .. } if engine == Engine::Sweep => Some(short(row)),
            _ => Some("proved".to_string()),
        },
    }
}

/// What is proved has a certificate that the checker takes; of what is wrong it takes none.
fn certified(design: &Design, row: &Row, options: &Options) -> Result<(), TestCaseError> {
    match &row.verdict {
        Verdict::Proved { certificate, .. } => {
            let checked = certificate.check(design, None);
            prop_assert_eq!(checked, Ok(()), "{}\n{:?}\n{}", row, certificate, design);
        }
        Verdict::Violated(_) | Verdict::Reached(_) => {
            for k in 0..4 {
                let wrong = Certificate {
                    design: design.digest(),
                    start: options.start,
                    properties: vec![row.property.clone()],
                    evidence: Evidence::Induction { k, distinct_states: k % 2 == 1 },
                    given: Vec::new(),
                };
                prop_assert!(wrong.check(design, None).is_err(), "{}\n{}", row, design);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Compares; the verdicts, without their numbers.
fn agree(design: &Design, options: &Options) -> Result<Vec<String>, TestCaseError> {
    let Some(explicit) = Explicit::new(design, STATE_BITS, INPUT_BITS) else {
        return Ok(Vec::new());
    };
    let answer = explicit.search(options.start, DEPTH);
    let report = prove(design, options).map_err(|f| TestCaseError::fail(f.to_string()))?;
    let resets = if let Start::AfterReset { edges } = options.start { edges } else { 0 };
    prop_assert_eq!(report.rows.len(), explicit.targets.len());
    let mut words = Vec::new();
    for (row, &hit) in report.rows.iter().zip(&answer.hits) {
        let found = short(row);
        let word = found.split(' ').next().unwrap_or_default().to_string();
        match expected(row, hit, answer.longest, (resets, options.engine)) {
            Some(expected) if expected == "unknown" => {
                prop_assert_eq!(&word, &expected, "{}\n{}", row, design);
            }
            Some(expected) => prop_assert_eq!(&found, &expected, "{}\n{}", row, design),
            None => prop_assert!(["proved", "vacuous", "unreachable"].contains(&word.as_str())),
        }
        certified(design, row, options)?;
        words.push(word);
    }
    Ok(words)
}

fn options(which: u32) -> Options {
    let engines = [Engine::Auto, Engine::KInduction, Engine::Pdr, Engine::Sweep];
    let engine = engines[which as usize % 4];
    let start = if which < 8 { Start::AfterReset { edges: 1 } } else { Start::PowerUp };
    Options { engine, start, depth: DEPTH, ..Options::default() }
}

/// Designs with hierarchy, memories and every operator. Most of them are too large to visit.
fn general() -> impl Strategy<Value = Design> {
    designs(arbitrary::Options {
        modules: 2,
        operators: 8,
        width: 2,
        domains: 1,
        elements: 2,
        ..arbitrary::Options::default()
    })
}

fn machines() -> impl Strategy<Value = Design> {
    vec(any::<u32>(), 20..120).prop_map(|choices| machine(&choices))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn general_designs(design in general(), which in 0..12u32, resets in 0..16u64) {
        agree(&arbitrary::with_resets(design, resets), &options(which))?;
    }

    #[test]
    fn small_machines(design in machines(), which in 0..12u32, at_once: bool) {
        let design = if at_once { reset_at_once(design) } else { design };
        agree(&design, &options(which))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Too large to visit, of two clock domains: what is proved is checked, what is violated has
    /// been replayed.
    #[test]
    fn larger_designs(
        design in designs(arbitrary::Options { operators: 10, width: 6, ..Default::default() }),
        resets in 0..16u64,
    ) {
        let design = arbitrary::with_resets(design, resets);
        let options = Options { depth: 5, ..Options::default() };
        let Ok(report) = prove(&design, &options) else { return Ok(()) };
        for row in &report.rows {
            certified(&design, row, &options)?;
            prop_assert!(!matches!(row.verdict, Verdict::Unknown { .. }), "{}", row);
        }
    }
}

/// The comparison is worth its name only if every verdict occurs in it often.
#[test]
fn every_verdict_occurs() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..1500 {
        let design = machines().new_tree(&mut runner).unwrap().current();
        for word in agree(&design, &options(0)).unwrap() {
            *seen.entry(word).or_default() += 1;
        }
    }
    for word in ["proved", "violated", "reached", "unreachable", "vacuous"] {
        let count = seen.get(word).copied().unwrap_or(0);
        assert!(count >= 50, "{word} occurs {count} times: {seen:?}");
    }
}
