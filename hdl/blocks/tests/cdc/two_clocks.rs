//! A design of two clock domains, edge by edge.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::{Bits, Design, DomainId, Kind, PortId};
use olivine_trace::{Drawing, Signal, Trace};

/// The design, and its ports just before each edge since reset.
pub struct TwoClocks<'a> {
    design: &'a Design,
    interp: Interp,
    trace: Trace,
}

/// The lanes that show whose edge it is, at the end of a column.
const CLOCKS: [&str; 2] = ["clk", "clk_fast"];

impl<'a> TwoClocks<'a> {
    /// Both domains, the main one and `fast`, have been reset.
    pub fn new(design: &'a Design) -> Self {
        let mut interp = Interp::new(design, Undefined::Random(7));
        for reset in [true, false] {
            for domain in [false, true].map(|is_fast| domain(design, is_fast)) {
                interp.set_reset(domain, reset);
            }
            [false, true].iter().for_each(|is_fast| interp.step(domain(design, *is_fast)));
        }
        interp.take_violations();
        let clocks = CLOCKS.map(|path| Signal { path: path.into(), width: 1, kind: Kind::Bit });
        let ports = interp.signals()[..design.top().ports.len()].iter().cloned();
        let trace = Trace::new(clocks.into_iter().chain(ports).collect());
        Self { design, interp, trace }
    }

    fn port(&self, name: &str) -> PortId {
        self.design.top().find_port(name).unwrap_or_else(|| panic!("no port `{name}`"))
    }

    pub fn set(&mut self, name: &str, value: u64) {
        self.interp.set_u64(self.port(name), value);
    }

    pub fn get(&mut self, name: &str) -> u64 {
        self.interp.get_u64(self.port(name))
    }

    /// An edge of the fast clock or of the other; no property is violated.
    pub fn edge(&mut self, is_fast: bool) {
        let clocks = [!is_fast, is_fast].map(|now| Bits::new(1, u64::from(now)));
        let ports = self.trace.signals.len() - clocks.len();
        let values: Vec<Bits> = (0..ports).map(|port| self.interp.read(port)).collect();
        self.trace.cycles.push(clocks.into_iter().chain(values).collect());
        self.interp.step(domain(self.design, is_fast));
        assert_eq!(self.interp.take_violations(), []);
    }

    /// A column for each edge.
    pub fn wave(&self) -> String {
        format!("\n{}", self.trace.draw(&Drawing::default().without_clock()))
    }
}

fn domain(design: &Design, is_fast: bool) -> DomainId {
    let name = if is_fast { "fast" } else { "" };
    let found = design.top().domains.iter().position(|domain| domain.name == name);
    DomainId(found.unwrap_or_else(|| panic!("no domain `{name}`")) as u32)
}
