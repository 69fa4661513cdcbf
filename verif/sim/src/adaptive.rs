//! [`Adaptive`]: interpreted at first, compiled when a run is long enough to pay for it.

use crate::compiled::{Compiled, Tuning};
use olivine_interp::{
    Engine, Interface, Interp, MemoryInfo, Snapshot, SnapshotError, Undefined, VIOLATIONS_MAX,
    Violation,
};
use olivine_netlist::{Bits, Design, DomainId, ModuleId, PortId};
use olivine_trace::Signal;
use std::sync::Arc;

/// Edges that are interpreted: about as many as take the time that compiling does.
const INTERPRETED: u64 = 64;

/// The [interpreter](Interp) for the first cycles, then the [compiled engine](Compiled), which goes
/// on from where that is: short runs do not wait for a compiler, long ones hardly notice. Designs
/// whose modules occur many times over are compiled at once, since that takes no longer.
///
/// All values are those of both engines, which are the same; which of them runs shows in speed.
#[derive(Clone, Debug)]
pub struct Adaptive {
    undefined: Undefined,
    tuning: Tuning,
    engine: Engines,
    interpreted: u64,
    /// Of before it was compiled, not taken yet.
    violations: Vec<Violation>,
}

#[derive(Clone, Debug)]
enum Engines {
    /// With the design, which is to be compiled.
    Interp(Box<Interp>, Arc<Design>),
    Compiled(Box<Compiled>),
}

impl Adaptive {
    /// A validated design at power-up.
    pub fn new(design: &Design, undefined: Undefined) -> Self {
        Self::tuned(design, undefined, Tuning::default())
    }

    /// [`Adaptive::new`], compiled with other trade-offs.
    pub fn tuned(design: &Design, undefined: Undefined, tuning: Tuning) -> Self {
        let engine = if is_regular(design) {
            Engines::Compiled(Box::new(Compiled::tuned(design, undefined, tuning)))
        } else {
            Engines::Interp(Box::new(Interp::new(design, undefined)), Arc::new(design.clone()))
        };
        Self { undefined, tuning, engine, interpreted: 0, violations: Vec::new() }
    }

    /// Whether it is compiled by now.
    pub fn is_compiled(&self) -> bool {
        matches!(self.engine, Engines::Compiled(_))
    }

    /// Notes that edges are to come, and compiles if they are worth it.
    fn expect(&mut self, edges: u64) {
        let Engines::Interp(interp, design) = &mut self.engine else { return };
        self.interpreted = self.interpreted.saturating_add(edges);
        if self.interpreted <= INTERPRETED {
            return;
        }
        self.violations.extend(interp.take_violations());
        let mut compiled = Compiled::tuned(design, self.undefined, self.tuning);
        let state = interp.snapshot().expect("the interpreter has snapshots");
        compiled.restore(&state).expect("a state of the same design");
        self.engine = Engines::Compiled(Box::new(compiled));
    }

    fn engine(&self) -> &dyn Engine {
        match &self.engine {
            Engines::Interp(engine, _) => &**engine,
            Engines::Compiled(engine) => &**engine,
        }
    }

    fn engine_mut(&mut self) -> &mut dyn Engine {
        match &mut self.engine {
            Engines::Interp(engine, _) => &mut **engine,
            Engines::Compiled(engine) => &mut **engine,
        }
    }
}

/// Whether the modules of a design occur twice on average, or more: weighed by their cells.
fn is_regular(design: &Design) -> bool {
    let mut occurrences = vec![0u64; design.modules.len()];
    occurrences[design.top.index()] = 1;
    let (mut once, mut all) = (0u64, 0u64);
    // Modules stand before those that place them.
    for id in (0..=design.top.0).rev().map(ModuleId) {
        let (module, times) = (design.module(id), occurrences[id.index()]);
        for instance in &module.instances {
            let placed = times.saturating_mul(instance.elements().into());
            let of_child = &mut occurrences[instance.module.index()];
            *of_child = of_child.saturating_add(placed);
        }
        let cells = module.cells.len() as u64;
        once += if times > 0 { cells } else { 0 };
        all = all.saturating_add(cells.saturating_mul(times));
    }
    all >= 2 * once
}

impl Engine for Adaptive {
    fn engine_name(&self) -> &'static str {
        "sim"
    }

    fn interface(&self) -> &Interface {
        self.engine().interface()
    }

    fn set(&mut self, port: PortId, value: &Bits) {
        self.engine_mut().set(port, value);
    }

    fn set_u64(&mut self, port: PortId, value: u64) {
        self.engine_mut().set_u64(port, value);
    }

    fn get(&mut self, port: PortId) -> Bits {
        self.engine_mut().get(port)
    }

    fn get_u64(&mut self, port: PortId) -> u64 {
        self.engine_mut().get_u64(port)
    }

    fn set_reset(&mut self, domain: DomainId, active: bool) {
        self.engine_mut().set_reset(domain, active);
    }

    fn step(&mut self, domain: DomainId) {
        self.expect(1);
        self.engine_mut().step(domain);
    }

    fn step_by(&mut self, domain: DomainId, edges: u64) {
        self.expect(edges);
        self.engine_mut().step_by(domain, edges);
    }

    fn cycle(&self) -> u64 {
        self.engine().cycle()
    }

    fn signals(&self) -> &[Signal] {
        self.engine().signals()
    }

    fn read(&mut self, index: usize) -> Bits {
        self.engine_mut().read(index)
    }

    fn memories(&self) -> &[MemoryInfo] {
        self.engine().memories()
    }

    fn read_word(&mut self, index: usize, address: u32) -> Bits {
        self.engine_mut().read_word(index, address)
    }

    fn snapshot(&self) -> Result<Snapshot, SnapshotError> {
        self.engine().snapshot()
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        self.engine_mut().restore(snapshot)
    }

    fn take_violations(&mut self) -> Vec<Violation> {
        let mut all = std::mem::take(&mut self.violations);
        all.extend(self.engine_mut().take_violations());
        all.truncate(VIOLATIONS_MAX);
        all
    }
}
