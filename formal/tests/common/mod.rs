//! Reading designs and verdicts.

#![allow(dead_code)] // each test uses a part

use olivine_formal::{Evidence, Options, Report, Row, Verdict, prove};
use olivine_netlist::{Design, PropertyKind};

/// A design of one module `m` with this body; the unnamed clock domain is declared already.
pub fn module(body: &str) -> Design {
    let text = format!("netlist 1\ntop m\nmodule m {{\ndomain rising\n{body}\n}}\n");
    Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}\n{text}"))
}

/// A verdict in two words: `proved 1`, `violated 3` (the cycle), `unreachable 0`, …
pub fn short(row: &Row) -> String {
    let cycle = |run: &olivine_formal::Counterexample| run.stimulus.cycles.len() - 1;
    match &row.verdict {
        Verdict::Proved { certificate, .. } => {
            let cover = row.kind == PropertyKind::Cover;
            let how = how(&certificate.evidence);
            format!("{} {how}", if cover { "unreachable" } else { "proved" })
        }
        Verdict::Bounded { depth } => format!("bounded {depth}"),
        Verdict::Violated(run) => format!("violated {}", cycle(run)),
        Verdict::Reached(run) => format!("reached {}", cycle(run)),
        Verdict::Vacuous { samples } => format!("vacuous {samples}"),
        Verdict::Unknown { reason, depth } => format!("unknown {depth}: {reason}"),
    }
}

fn how(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Induction { k, .. } => k.to_string(),
        Evidence::Exhaustion { .. } => "by patterns".to_string(),
        Evidence::Algebra { .. } => "by algebra".to_string(),
        Evidence::Invariant { .. } => "by an invariant".to_string(),
        Evidence::Correspondence { .. } => "by sweeping".to_string(),
        Evidence::Rounds { rounds, .. } => format!("within {rounds}"),
        Evidence::Tracked { because, .. } => format!("{}, by word", how(because)),
        Evidence::Composition { .. } => "by modules".to_string(),
    }
}

/// The verdicts of a report, in its order.
pub fn verdicts(report: &Report) -> Vec<String> {
    report.rows.iter().map(short).collect()
}

/// Proves and compares the verdicts.
#[track_caller]
pub fn check_with(options: &Options, body: &str, expect: &[&str]) {
    let report = prove(&module(body), options).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(verdicts(&report), expect, "{report}");
}
