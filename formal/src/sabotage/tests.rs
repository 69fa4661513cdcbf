//! Each planted bug is noticed on small random designs: by visiting every state, by the checking
//! of certificates or by the replay of runs.

use super::Bug;
use crate::fuzz::explicit::{Answer, Endless, Explicit};
use crate::fuzz::machine::{endless_machine, machine, memory_machine, reset_at_once};
use crate::fuzz::{DEPTH, INPUT_BITS, STATE_BITS};
use crate::{Engine, Options, Row, Start, Verdict, prove};
use olivine_netlist::{Design, PropertyKind};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

thread_local! {
    static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
}

pub(crate) fn planted(bug: Bug) -> bool {
    PLANTED.get() == Some(bug)
}

const BUGS: [Bug; 56] = [
    Bug::CarryLost,
    Bug::SignIgnored,
    Bug::ShiftTooFar,
    Bug::WrapForgotten,
    Bug::SignDropped,
    Bug::CarryOnce,
    Bug::ChoiceTurned,
    Bug::InversionLost,
    Bug::InverseEqual,
    Bug::ResetIgnored,
    Bug::ResetLate,
    Bug::PowerUpKnown,
    Bug::CoverTurned,
    Bug::BaseUnbound,
    Bug::BaseSkipped,
    Bug::StepUnfiltered,
    Bug::DepthUnderstated,
    Bug::DistinctUnsaid,
    Bug::IllegalLifted,
    Bug::BadMissed,
    Bug::LevelBelow,
    Bug::PushedUnasked,
    Bug::InitialHit,
    Bug::DroppedUnasked,
    Bug::CoreShort,
    Bug::InvariantShort,
    Bug::RootTurned,
    Bug::OneSideCompared,
    Bug::OppositeEqual,
    Bug::ClassKept,
    Bug::ContentsConfused,
    Bug::WritesUncompared,
    Bug::StartUnswept,
    Bug::ResetOversaid,
    Bug::MergeTurned,
    Bug::RoundsUncounted,
    Bug::MetForgotten,
    Bug::ClocksStop,
    Bug::LoopOpen,
    Bug::LoopUnfair,
    Bug::LoopAnswered,
    Bug::RoundsUnderstated,
    Bug::UnfairUnseen,
    Bug::TrackedWriteForgotten,
    Bug::TrackedReadElsewhere,
    Bug::TrackedBeyond,
    Bug::TrackedStart,
    Bug::TrackedNarrow,
    Bug::TrackedTwice,
    Bug::TrackedCollision,
    Bug::TrackedUnsaid,
    Bug::AlikeAnyStart,
    Bug::AlikeInverted,
    Bug::AlikeUnbound,
    Bug::ClauseUnrenamed,
    Bug::PlacedTrusted,
];

struct Sample {
    design: Design,
    answer: Answer,
}

fn sample(seed: u64, make: impl Fn(&[u32]) -> Design) -> Option<Sample> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u32
    };
    let length = 20 + next() % 100;
    let choices: Vec<u32> = (0..length).map(|_| next()).collect();
    let mut design = make(&choices);
    if seed % 4 == 3 {
        design = reset_at_once(design);
    }
    let explicit = Explicit::new(&design, STATE_BITS, INPUT_BITS)?;
    let answer = explicit.search(Start::AfterReset { edges: 1 }, DEPTH);
    Some(Sample { design, answer })
}

/// What random machines lack: two memories side by side that are written alike, or not quite;
/// opposites of different form. Beside each stands a property that holds, so that runs at random do
/// not decide everything. And a register that sees another one reset at once.
fn made_for_sweeping() -> Vec<Sample> {
    let pair = |init: &str, data: &str, enable: &str, from: &str| {
        let text = format!(
            "netlist 1\ntop m\nmodule m {{\ndomain rising\n
            input enable : bit\ninput at : 1\ninput data : bit\ninput from : 1
            memory one : 1 x 2\n  init 0 0\n  read async from\n  write at data when enable
            memory two : 1 x 2\n  init {init}\n  read async {from}
              write at {data} when {enable}
            enable : bit = input enable\nat : 1 = input at\ndata : bit = input data
            from : 1 = input from\nother : bit = not(data)\nalways : bit = 1'h1
            q : bit = read one 0\nr : bit = read two 0\nsame : bit = eq(q, r)
            assert \"the same\" same\n  assert \"nothing\" always\n}}\n"
        );
        let mut design = Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}"));
        let memories = &mut design.modules[0].memories;
        memories[0].name = "first.file".to_string();
        memories[1].name = "second.file".to_string();
        design
    };
    let pairs = [
        pair("0 0", "data", "enable", "from"),
        pair("0 1", "data", "enable", "from"),
        pair("0 0", "other", "enable", "from"),
        pair("0 0", "data", "always", "from"),
        pair("0 0", "data", "enable", "at"),
    ];
    let sample = |design: Design| {
        let explicit = Explicit::new(&design, STATE_BITS, 6).expect("it is small");
        let answer = explicit.search(Start::AfterReset { edges: 1 }, 8);
        Sample { design, answer }
    };
    let opposites = "netlist 1\ntop m\nmodule m {\ndomain rising\ninput a : bit\ninput b : bit
        a : bit = input a\nb : bit = input b\nno_a : bit = not(a)\nno_b : bit = not(b)
        up : bit = or(no_a, b)\ndown : bit = or(a, no_b)\nalike : bit = and(up, down)
        differ : bit = xor(a, b)\nsame : bit = eq(alike, differ)\nalways : bit = 1'h1
        assert \"the same\" same\n  assert \"nothing\" always\n}\n";
    let opposites = Design::parse(opposites).unwrap_or_else(|fault| panic!("{fault}"));
    // What takes the state of a register that is reset at once, at the only edge under reset.
    let late = "netlist 1\ntop m\nmodule m {\ndomain rising asynchronous
        register soon : 1 reset 1'h1 init 1'h0\nregister after : 1 init 1'h0\n  set soon
        soon : bit = register soon\nafter : bit = register after
        assert \"it took the reset value\" after\n}\n";
    let late = Design::parse(late).unwrap_or_else(|fault| panic!("{fault}"));
    pairs.into_iter().chain([opposites, late]).map(sample).collect()
}

/// What random memories lack: what is read beyond the end, twice; two words that differ; what only
/// the largest address reads; what the same edge writes.
fn made_for_tracking() -> Vec<Sample> {
    let bodies = [
        "input data : bit\ninput write : bit
        register before : 1\n  set read\nregister begun : 1 reset 1'h0\n  set always
        memory words : 1 x 3\n  read async end\n  write zero data when write
        zero : 2 = 2'h0\ndata : bit = input data\nwrite : bit = input write\nend : 2 = 2'h3
        read : bit = read words 0\nbefore : bit = register before\nbegun : bit = register begun
        same : bit = eq(read, before)\nnot_begun : bit = not(begun)\nalways : bit = 1'h1
        stays : bit = or(not_begun, same)\nassert \"it stays\" stays",
        "input data : bit
        memory words : 1 x 2\n  init 0 1\n  read async zero\n  read async one\n  write zero data
        data : bit = input data\nzero : 1 = 1'h0\none : 1 = 1'h1\nfirst : bit = read words 0
        second : bit = read words 1\nsame : bit = eq(first, second)\nassert \"the same\" same",
        "input from : 2\ninput data : bit
        memory words : 1 x 4\n  init 0 0 0 0\n  read async from\n  write end data
        from : 2 = input from\ndata : bit = input data\nend : 2 = 2'h3
        read : bit = read words 0\nzero : bit = not(read)\nassert \"it is zero\" zero",
        "input data : bit
        register last : 1\n  set data\nregister before : 1\n  set last
        register begun : 1 reset 1'h0\n  set always
        memory words : 1 x 2\n  read sync zero collision undefined\n  write zero data
        data : bit = input data\nlast : bit = register last\nbefore : bit = register before
        begun : bit = register begun\nzero : 1 = 1'h0\nalways : bit = 1'h1
        read : bit = read words 0\nsame : bit = eq(read, before)\nnot_begun : bit = not(begun)
        is_old : bit = or(not_begun, same)\nassert \"it is the old one\" is_old",
    ];
    let sample = |body: &str| {
        let text = format!("netlist 1\ntop m\nmodule m {{\ndomain rising\n{body}\n}}\n");
        let design = Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}"));
        let explicit = Explicit::new(&design, STATE_BITS, INPUT_BITS).expect("it is small");
        let answer = explicit.search(Start::AfterReset { edges: 1 }, DEPTH);
        Sample { design, answer }
    };
    bodies.into_iter().map(sample).collect()
}

/// What algebra has to tell apart: a sum that wraps from one that does not, factors with a sign from
/// such without, three without their carry from three without twice the carry.
fn made_for_algebra() -> Vec<Sample> {
    let sample = |body: &str| {
        let text = format!(
            "netlist 1\ntop m\nmodule m {{\ndomain rising\ninput a : 2\ninput b : 2\ninput c : 2
            a : 2 = input a\nb : 2 = input b\nc : 2 = input c\n{body}
            same : 1 = eq(one, other)\nassert \"the same\" same\n}}\n"
        );
        let design = Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}"));
        let explicit = Explicit::new(&design, STATE_BITS, 6).expect("it is small");
        let answer = explicit.search(Start::AfterReset { edges: 1 }, DEPTH);
        Sample { design, answer }
    };
    vec![
        sample(
            "sum : 2 = add(a, b)\none : 3 = extend(sum)\nx : 3 = extend(a)\ny : 3 = extend(b)
            other : 3 = add(x, y)",
        ),
        sample("one : 4 = mul_signed(a, b)\nother : 4 = mul_unsigned(a, b)"),
        sample(
            "half : 2 = xor(a, b)\none : 2 = xor(half, c)\nboth : 2 = and(a, b)
            last : 2 = and(half, c)\ncarry : 2 = or(both, last)\nab : 2 = add(a, b)
            abc : 2 = add(ab, c)\nother : 2 = sub(abc, carry)",
        ),
    ]
}

/// Twins of which one is right and the other is not, or is for a reason of its own: which begins
/// as it should, which is asked to be one, which is bound by the assumption; and two that are right.
fn made_for_symmetry() -> Vec<Sample> {
    let sample = |begin: [&str; 2], asserted: [&str; 2], rest: &str| {
        let text = format!(
            "netlist 1\ntop m\nmodule m {{\ndomain rising\ninput a : bit\ninput b : bit
            register r : 1 {}\n  set r_next\nregister s : 1 {}\n  set s_next
            a : bit = input a\nb : bit = input b\nr : bit = register r\ns : bit = register s
            no_r : bit = not(r)\nno_s : bit = not(s)\nno_a : bit = not(a)
            {rest}\nassert \"of r\" {}\n  assert \"of s\" {}\n}}\n",
            begin[0], begin[1], asserted[0], asserted[1]
        );
        let design = Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}"));
        let explicit = Explicit::new(&design, STATE_BITS, INPUT_BITS).expect("it is small");
        let answer = explicit.search(Start::AfterReset { edges: 1 }, DEPTH);
        Sample { design, answer }
    };
    let stay = "r_next : bit = and(r, a)\ns_next : bit = and(s, b)";
    let take = "r_next : bit = or(r, a)\ns_next : bit = or(s, b)\nassume \"no a\" no_a";
    let hold = "r_next : bit = or(r, r)\ns_next : bit = or(s, s)";
    let zeros = ["reset 1'h0"; 2];
    vec![
        sample(["init 1'h0", "init 1'h1"], ["no_r", "no_s"], hold),
        sample(zeros, ["no_r", "s"], stay),
        sample(zeros, ["no_r", "no_s"], take),
        sample(zeros, ["no_r", "no_s"], stay),
    ]
}

/// A module whose assertion rests on what it assumes, placed where its input is anything.
fn made_for_placement() -> Sample {
    let text = "netlist 1\ntop m\nmodule guarded {\ndomain rising\ninput a : bit
        a : bit = input a\nno_a : bit = not(a)\nassume \"no a\" no_a\n  assert \"no a comes\" no_a
        }\nmodule m {\ndomain rising\ninput a : bit\na : bit = input a
        instance inner of guarded\n  a = a\n}\n";
    let design = Design::parse(text).unwrap_or_else(|fault| panic!("{fault}"));
    let explicit = Explicit::new(&design, STATE_BITS, INPUT_BITS).expect("it is small");
    let answer = explicit.search(Start::AfterReset { edges: 1 }, DEPTH);
    Sample { design, answer }
}

/// A register of one clock that a register of another takes over, again and again.
fn of_two_clocks() -> Sample {
    let text = "netlist 1\ntop m\nmodule m {\ndomain rising\ndomain other rising
        register one : 1 reset 1'h0\n  set no_one
        register two : 1 reset 1'h0 in other\n  set one
        one : bit = register one\ntwo : bit = register two\nno_one : bit = not(one)
        same : bit = eq(one, two)\nlive \"it is taken over\" same\n}\n";
    let design = Design::parse(text).unwrap_or_else(|fault| panic!("{fault}"));
    let live = vec![Some(Endless::Holds)];
    Sample { design, answer: Answer { hits: vec![None], longest: None, live } }
}

/// What is wrong with a verdict on a property of runs without end.
fn wrong_without_end(design: &Design, row: &Row, endless: Endless) -> Option<String> {
    let right = match &row.verdict {
        Verdict::Proved { certificate, .. } if endless == Endless::Holds => {
            return certificate.check(design, None).err().map(|why| why.to_string());
        }
        Verdict::Violated(_) => endless == Endless::Violated,
        Verdict::Vacuous { .. } => endless == Endless::NoRun,
        Verdict::Unknown { reason, .. } => !reason.starts_with("a bug of ours"),
        Verdict::Bounded { .. } => true,
        Verdict::Proved { .. } | Verdict::Reached(_) => false,
    };
    (!right).then(|| format!("{row}"))
}

/// What is wrong with a verdict, if anything is.
fn wrong(design: &Design, row: &Row, hit: Option<u32>, answer: &Answer) -> Option<String> {
    let found = match &row.verdict {
        Verdict::Violated(run) | Verdict::Reached(run) => {
            Some(run.stimulus.cycles.len() as u32 - 2)
        }
        _ => None,
    };
    let fault = match &row.verdict {
        Verdict::Proved { certificate, .. } if hit.is_none() => {
            return certificate.check(design, None).err().map(|why| why.to_string());
        }
        Verdict::Proved { .. } => true,
        Verdict::Violated(_) | Verdict::Reached(_) => found != hit,
        Verdict::Vacuous { samples } => answer.longest != Some(*samples),
        Verdict::Unknown { reason, .. } => reason.starts_with("a bug of ours"),
        Verdict::Bounded { .. } => false,
    };
    fault.then(|| format!("{row}"))
}

fn noticed(sample: &Sample, engine: Engine) -> Option<String> {
    let options = Options {
        engine,
        depth: DEPTH,
        time_limit: Some(Duration::from_millis(300)),
        ..Options::default()
    };
    let Sample { design, answer } = sample;
    let judge = || {
        let report = prove(design, &options).expect("the designs are valid");
        let rows = report.rows.iter().zip(&answer.hits);
        rows.zip(&answer.live).find_map(|((row, &hit), endless)| match endless {
            Some(endless) => wrong_without_end(design, row, *endless),
            None => wrong(design, row, hit, answer),
        })
    };
    let judged = catch_unwind(AssertUnwindSafe(judge));
    judged.unwrap_or_else(|_| Some("a panic".to_string()))
}

const ENGINES: [Engine; 7] = [
    Engine::KInduction,
    Engine::Pdr,
    Engine::Exhaust,
    Engine::Sweep,
    Engine::Track,
    Engine::Algebra,
    Engine::Auto,
];

#[test]
fn each_planted_bug_is_noticed() {
    // What is made for a bug comes first: it is soon noticed there.
    let mut samples = made_for_sweeping();
    samples.extend(made_for_tracking());
    samples.extend(made_for_algebra());
    samples.extend(made_for_symmetry());
    samples.push(made_for_placement());
    samples.push(of_two_clocks());
    samples.extend((0..100).filter_map(|seed| sample(seed, memory_machine)));
    samples.extend((0..150).filter_map(|seed| sample(seed, endless_machine)));
    samples.extend((0..400).filter_map(|seed| sample(seed, machine)));
    assert!(samples.len() >= 300, "only {} designs", samples.len());
    let covers =
        |s: &Sample| s.design.top().properties.iter().any(|p| p.kind == PropertyKind::Cover);
    assert!(samples.iter().any(covers));
    let all = || samples.iter().flat_map(|s| ENGINES.map(|engine| (s, engine)));
    let sound = all().find_map(|(sample, engine)| noticed(sample, engine));
    assert_eq!(sound, None, "without a bug");
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let mut missed = Vec::new();
    for bug in BUGS {
        PLANTED.set(Some(bug));
        if all().find_map(|(sample, engine)| noticed(sample, engine)).is_none() {
            missed.push(bug);
        }
    }
    PLANTED.set(None);
    std::panic::set_hook(hook);
    assert_eq!(missed, [], "of {} bugs", BUGS.len());
}
