//! Our side: the same cycles in the compiled simulator, one stimulus or many.

use super::memory;
use super::verilator::Ran;
use olivine::interp::{Engine, Interp, Undefined};
use olivine::netlist::{Design, DomainId};
use olivine::sim::{Adaptive, Batch, Compiled, Tuning};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const CLOCK: DomainId = DomainId(0);

/// CPU time of this process in seconds.
#[cfg(target_os = "linux")]
fn now() -> f64 {
    #[repr(C)]
    struct Time {
        seconds: i64,
        nanoseconds: i64,
    }
    unsafe extern "C" {
        fn clock_gettime(clock: i32, time: *mut Time) -> i32;
    }
    const PROCESS_CPU_TIME: i32 = 2;
    let mut time = Time { seconds: 0, nanoseconds: 0 };
    // SAFETY: the structure is that of 64-bit Linux, which writes nothing else.
    let failed = unsafe { clock_gettime(PROCESS_CPU_TIME, &mut time) } != 0;
    assert!(!failed, "the system has a clock of CPU time");
    time.seconds as f64 + time.nanoseconds as f64 * 1e-9
}

/// Time in seconds, where CPU time is not to be had.
#[cfg(not(target_os = "linux"))]
fn now() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// After the two cycles of reset.
pub fn ready(design: &Design, tuning: Tuning, seed: u32) -> Compiled {
    let mut engine = Compiled::tuned(design, Undefined::Zero, tuning);
    let port = engine.interface().find("seed").expect("the design has a seed");
    engine.set_u64(port, u64::from(seed));
    // A design that was read may have its reset as an input.
    let reset = engine.interface().find("rst");
    let active = |engine: &mut Compiled, active: bool| {
        engine.set_reset(CLOCK, active);
        reset.into_iter().for_each(|port| engine.set_u64(port, active.into()));
    };
    active(&mut engine, true);
    engine.step(CLOCK);
    engine.step(CLOCK);
    active(&mut engine, false);
    engine
}

/// One stimulus.
pub fn run(ready: &Compiled, cycles: u64) -> Ran {
    let mut engine = ready.clone();
    let chk = engine.interface().find("chk").expect("the design has a checksum");
    engine.run(CLOCK, 100);
    let mut engine = ready.clone();
    let start = now();
    engine.run(CLOCK, cycles);
    let seconds = now() - start;
    Ran { checksum: engine.get_u64(chk) as u32, seconds }
}

/// Many stimuli: stimulus `s` has the seed `first + s`; the checksum of each.
pub fn run_batch(
    design: &Design,
    tuning: Tuning,
    stimuli: u32,
    cycles: u64,
    first: u32,
) -> (Vec<u32>, f64) {
    let mut batch = Batch::tuned(design, Undefined::Zero, stimuli, tuning);
    let port = |name| batch.interface().find(name).expect("a port of the design");
    let (seed, chk) = (port("seed"), port("chk"));
    (0..stimuli).for_each(|s| batch.set_u64(seed, s, u64::from(first + s)));
    let reset = batch.interface().find("rst");
    let active = |batch: &mut Batch, active: bool| {
        batch.set_reset(CLOCK, active);
        let ports = reset.into_iter().flat_map(|port| (0..stimuli).map(move |s| (port, s)));
        ports.for_each(|(port, s)| batch.set_u64(port, s, active.into()));
    };
    active(&mut batch, true);
    batch.run(CLOCK, 2);
    active(&mut batch, false);
    let start = now();
    batch.run(CLOCK, cycles);
    let seconds = now() - start;
    ((0..stimuli).map(|s| batch.get_u64(chk, s) as u32).collect(), seconds)
}

/// Fails unless the interpreter comes to the same state.
pub fn same_state(design: &Design, tuning: Tuning, seed: u32) -> Result<(), String> {
    const CYCLES: u64 = 200;
    let mut compiled = ready(design, tuning, seed);
    let mut interp = Interp::new(design, Undefined::Zero);
    // Reset and inputs are those of the compiled engine.
    let start = compiled.snapshot().map_err(|e| e.to_string())?;
    interp.restore(&start).map_err(|e| e.to_string())?;
    compiled.run(CLOCK, CYCLES);
    interp.step_by(CLOCK, CYCLES);
    let same = compiled.snapshot() == interp.snapshot();
    let name = &design.top().name;
    same.then_some(()).ok_or_else(|| format!("`{name}`: the interpreter comes to another state"))
}

/// MiB of a process that reads a design's text, compiles and runs it.
pub fn memory(design: &Design) -> Result<Option<f64>, String> {
    let file = Path::new("target/simbench/alone.nl");
    std::fs::write(file, design.to_string()).map_err(|e| format!("{}: {e}", file.display()))?;
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let (output, mib) = memory::measured(Command::new(own).arg("--alone").arg(file))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(mib) } else { Err(said.into_owned()) }
}

/// What that process does.
pub fn alone(file: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let design = Design::parse(&text).map_err(|e| e.to_string())?;
    ready(&design, Tuning::default(), 1).run(CLOCK, 1000);
    Ok(())
}

/// Milliseconds from the netlist to the end of the first cycle, the best of fifteen.
pub fn first_cycle(design: &Design, tuning: Tuning) -> f64 {
    let once = |_| {
        let start = Instant::now();
        let mut engine = Adaptive::tuned(design, Undefined::Zero, tuning);
        engine.step(CLOCK);
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..15).map(once).fold(f64::INFINITY, f64::min)
}
