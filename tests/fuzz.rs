//! The fuzzer: engines agree on random designs and on the corpus, and planted faults are found.

use olivine::fuzz::{Campaign, check, run};
use olivine::netlist::Design;
use std::path::Path;

const QUIET: Campaign = Campaign { designs: 250, seed: 11, verilator: 0, plant: false };

#[test]
fn engines_agree_on_random_designs() {
    let tally = run(QUIET, |_| ()).expect("no tool is needed");
    let shown = tally.findings.iter().map(|f| format!("{}\n{}", f.difference, f.design));
    assert!(tally.findings.is_empty(), "{}", shown.collect::<String>());
    // It has compared something.
    assert!(tally.designs == 250 && tally.edges >= 250 * 24, "{tally:?}");
    assert!(tally.verdicts >= 100 && tally.violated >= 20, "{tally:?}");
}

#[test]
fn verilator_agrees_on_some_of_them() {
    let campaign = Campaign { designs: 8, verilator: 8, ..QUIET };
    let tally = run(campaign, |_| ()).unwrap_or_else(|error| panic!("{error}"));
    let shown = tally.findings.iter().map(|f| format!("{}\n{}", f.difference, f.design));
    assert!(tally.findings.is_empty(), "{}", shown.collect::<String>());
    assert_eq!(tally.verilator, 8);
}

/// Most faults can be seen in a few random cycles; what shows them is made small.
#[test]
fn planted_faults_are_found_and_minimized() {
    let campaign = Campaign { designs: 40, plant: true, ..QUIET };
    let tally = run(campaign, |_| ()).expect("no tool is needed");
    assert!(tally.planted >= 30, "{tally:?}");
    let found = tally.findings.len() as u64;
    assert!(found * 3 >= tally.planted, "{found} of {}", tally.planted);
    let cells: usize = tally.findings.iter().map(|f| f.cells_before).sum();
    let left: usize =
        tally.findings.iter().flat_map(|f| &f.design.modules).map(|m| m.cells.len()).sum();
    assert!(left * 3 < cells, "{left} of {cells} cells are left");
    assert!(tally.findings.iter().all(|f| !f.difference.is_empty() && f.design.validate().is_ok()));
}

/// What campaigns have kept: minimized designs, in each of which a planted fault showed.
#[test]
fn the_corpus_is_replayed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(entry.path()).expect("a file");
        let design = Design::parse(&text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!(design.validate(), Ok(()), "{name}");
        for seed in 0..20 {
            if let Some(difference) = check(&design, seed) {
                panic!("{name}, seed {seed}: {difference}");
            }
        }
        count += 1;
    }
    assert!(count >= 10, "{count} designs in the corpus");
}
