//! Verdicts on random designs, compared with visiting every state.

use olivine_formal::fuzz::machine::{
    endless_machine, machine, memory_machine, reset_at_once, twins,
};
use olivine_formal::fuzz::{CASES, certified, judge, options};
use olivine_formal::{Engine, Evidence, Options, Verdict, Work, prove, prove_with};
use olivine_netlist::Design;
use olivine_netlist::arbitrary::{self, designs};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};

fn agree(design: &Design, options: &Options) -> Result<Vec<&'static str>, TestCaseError> {
    judge(design, options).map_err(TestCaseError::fail)
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
    fn general_designs(design in general(), which in 0..CASES, resets in 0..16u64) {
        agree(&arbitrary::with_resets(design, resets), &options(which))?;
    }

    #[test]
    fn small_machines(design in machines(), which in 0..CASES, at_once: bool) {
        let design = if at_once { reset_at_once(design) } else { design };
        agree(&design, &options(which))?;
    }

    #[test]
    fn small_memories(choices in vec(any::<u32>(), 30..120), which in 0..CASES) {
        agree(&memory_machine(&choices), &options(which))?;
    }

    #[test]
    fn two_machines(choices in vec(any::<u32>(), 20..120), which in 0..CASES, at_once: bool) {
        let design = twins(&choices);
        agree(&if at_once { reset_at_once(design) } else { design }, &options(which))?;
    }

    #[test]
    fn runs_without_end(choices in vec(any::<u32>(), 20..120), which in 0..CASES) {
        agree(&endless_machine(&choices), &options(which))?;
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
            certified(&design, row, &options).map_err(TestCaseError::fail)?;
            prop_assert!(!matches!(row.verdict, Verdict::Unknown { .. }), "{}", row);
        }
    }
}

/// Many of the memories that are followed by word are so in a proof.
#[test]
fn words_occur_in_proofs() {
    let mut runner = TestRunner::deterministic();
    let memories = vec(any::<u32>(), 30..120).prop_map(|choices| memory_machine(&choices));
    let options = Options { engine: Engine::Track, ..options(0) };
    let mut by_word = 0;
    for _ in 0..600 {
        let design = memories.new_tree(&mut runner).unwrap().current();
        let report = prove(&design, &options).unwrap();
        let is_by_word = |verdict: &Verdict| match verdict {
            Verdict::Proved { certificate, .. } => {
                matches!(certificate.evidence, Evidence::Tracked { .. })
            }
            _ => false,
        };
        by_word += report.rows.iter().filter(|row| is_by_word(&row.verdict)).count();
    }
    assert!(by_word >= 50, "{by_word} proofs");
}

/// Many of the twins take over a proof: what PDR proves by itself raises a level while it is open,
/// and so is one number of open properties that is told.
#[test]
fn twins_share_proofs() {
    let mut runner = TestRunner::deterministic();
    let pairs = vec(any::<u32>(), 20..120).prop_map(|choices| twins(&choices));
    let options = Options { engine: Engine::Pdr, ..options(0) };
    let mut shared = 0;
    for _ in 0..600 {
        let design = pairs.new_tree(&mut runner).unwrap().current();
        let mut open = BTreeSet::new();
        let report = prove_with(&design, &options, &mut |progress| {
            if let Work::Level(_) = progress.work {
                open.insert(progress.open);
            }
        });
        let is_invariant = |verdict: &Verdict| match verdict {
            Verdict::Proved { certificate, .. } => {
                matches!(certificate.evidence, Evidence::Invariant { .. })
            }
            _ => false,
        };
        let rows = report.unwrap().rows;
        let proved = rows.iter().filter(|row| is_invariant(&row.verdict)).count();
        shared += proved.saturating_sub(open.len());
    }
    assert!(shared >= 50, "{shared} proofs");
}

/// The comparison is worth its name only if every verdict occurs in it often.
#[test]
fn every_verdict_occurs() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
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
