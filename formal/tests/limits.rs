//! What runs out of time or memory says so in time, and what was reached.

use olivine_formal::{Engine, Options, Report, Verdict, equivalent_with, prove};
use olivine_netlist::Design;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// One at a time: memory is the whole process's.
static ALONE: Mutex<()> = Mutex::new(());

/// Whether two factors of 28 bits give a prime of 55, found out by a product, or known: equal, and
/// hard to show.
fn factored(known: bool) -> Design {
    let found = if known { "1'h0" } else { "eq(product, prime)" };
    let text = format!(
        "netlist 1\ntop m\nmodule m {{\ninput a : 28\ninput b : 28\noutput y : 1 = y
        a : 28 = input a\nb : 28 = input b\nproduct : 56 = mul_unsigned(a, b)
        prime : 56 = 56'h{:x}\ny : 1 = {found}\n}}\n",
        (1_u64 << 54) + 159
    );
    Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}"))
}

/// A counter that never reaches its top in any run that can be searched, of so many bits.
fn deep(width: u32) -> Design {
    let text = format!(
        "netlist 1\ntop m\nmodule m {{\ndomain rising\ninput a : {width}
        register sum : {width} reset {width}'h0\n  set next
        a : {width} = input a\nsum : {width} = register sum
        low : 16 = slice(sum, 0)\nother : 16 = slice(a, 0)\nproduct : 32 = mul_unsigned(low, other)
        wide : {width} = concat(product, rest)\nrest : {0} = slice(a, 32)
        next : {width} = add(sum, wide)\nnever : {width} = {width}'h{1}
        hit : 1 = eq(sum, never)\nlast : 1 = not(hit)\nassert \"not there\" last\n}}\n",
        width - 32,
        "a5".repeat(width as usize / 8),
    );
    Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}"))
}

fn unknown(report: &Report) -> (&str, u32) {
    match &report.rows[0].verdict {
        Verdict::Unknown { reason, depth } => (reason, *depth),
        other => panic!("{other:?}"),
    }
}

#[test]
fn time_is_kept_to_a_tenth() {
    let _alone = ALONE.lock();
    let limit = Duration::from_millis(1500);
    let (first, second) = (factored(false), factored(true));
    for (name, engine) in Engine::NAMED {
        let options = Options { engine, time_limit: Some(limit), ..Options::default() };
        // Another process may have the machine for a while, so one of some attempts has to do.
        let mut attempts = (0..4).map(|_| {
            let start = Instant::now();
            let report = equivalent_with(&first, &second, &options, &mut |_| {});
            (start.elapsed(), report.unwrap_or_else(|faults| panic!("{faults}")))
        });
        let within = attempts.find(|(taken, _)| *taken < limit.mul_f64(1.1));
        let Some((_, report)) = within else { panic!("{name} takes longer") };
        let (reason, _) = unknown(&report);
        let expected = [
            "the time limit of 1.5 s is reached",
            "sweeping does not show it",
            "following words of memories does not show it",
            "algebra does not show it",
            "trying every pattern does not show it",
        ];
        assert!(expected.iter().any(|e| reason.starts_with(e)), "{name}: {reason}");
    }
}

/// What the process has held at most, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells");
    line.trim().trim_end_matches("kB").trim().parse::<u64>().expect("a number") * 1024
}

#[test]
fn memory_is_kept_to_a_tenth() {
    let _alone = ALONE.lock();
    let limit = peak() + (200 << 20);
    let options = Options {
        engine: Engine::Bmc,
        depth: 100_000,
        time_limit: Some(Duration::from_secs(120)),
        memory_limit: Some(limit),
        ..Options::default()
    };
    let report = prove(&deep(512), &options).unwrap_or_else(|faults| panic!("{faults}"));
    let (reason, depth) = unknown(&report);
    assert!(reason.starts_with("the memory limit of "), "{reason}");
    assert!(depth > 0, "{report}");
    assert!(peak() < limit + limit / 10, "{} of {limit} bytes", peak());
}
