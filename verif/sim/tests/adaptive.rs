//! What begins on the interpreter is compiled in the middle, and nobody can tell.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::prelude::*;
use olivine_netlist::{Design, DomainId};
use olivine_sim::Adaptive;

/// Totals of inputs, one beside the other, none of which is to become 200.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Totals {
    n: usize,
}

#[derive(Ports)]
struct TotalsPorts {
    x: In<Unsigned>,
    total: Out<Unsigned>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Total;

impl Module for Total {
    type Ports = TotalsPorts;

    fn ports(&self) -> TotalsPorts {
        TotalsPorts { x: unsigned(8), total: unsigned(8) }
    }

    #[named]
    fn build(&self, p: TotalsPorts) {
        let total = reg(unsigned(8)).reset(7);
        total.set(total.wrapping_add(p.x));
        p.total.drive(total);
        always("never 200", total.ne(200));
    }
}

impl Module for Totals {
    type Ports = TotalsPorts;

    fn ports(&self) -> TotalsPorts {
        Total.ports()
    }

    #[named]
    fn build(&self, p: TotalsPorts) {
        let all = instances(Total, [self.n], "total");
        (0..self.n).for_each(|i| all[i].x.drive(p.x));
        p.total.drive(all.iter().map(|one| one.total).reduce(|a, b| a ^ b).expect("one at least"));
    }
}

fn design(n: usize) -> Design {
    elaborate(Totals { n }).unwrap_or_else(|faults| panic!("{faults}"))
}

const CLOCK: DomainId = DomainId(0);

#[test]
fn arrays_are_compiled_at_once_and_others_when_it_pays() {
    assert!(Adaptive::new(&design(8), Undefined::Zero).is_compiled());
    let mut single = Adaptive::new(&design(1), Undefined::Zero);
    assert!(!single.is_compiled());
    single.step_by(CLOCK, 10);
    assert!(!single.is_compiled(), "ten edges do not pay");
    let mut long = single.clone();
    long.step_by(CLOCK, 10_000);
    assert!(long.is_compiled(), "many at one go do");
    (0..100).for_each(|_| single.step(CLOCK));
    assert!(single.is_compiled(), "many one by one do, too");
}

/// Inputs, resets, time, violations and state are taken along.
#[test]
fn nobody_can_tell() {
    let design = design(1);
    let mut adaptive = Adaptive::new(&design, Undefined::Random(3));
    let mut interp = Interp::new(&design, Undefined::Random(3));
    let engines: [&mut dyn Engine; 2] = [&mut adaptive, &mut interp];
    let [first, second] = engines.map(|engine| {
        let port = |engine: &dyn Engine, name| engine.interface().find(name).expect("a port");
        let (x, total) = (port(engine, "x"), port(engine, "total"));
        engine.set_u64(x, 1);
        engine.step_by(CLOCK, 60);
        engine.set_reset(CLOCK, true);
        engine.step_by(CLOCK, 10);
        let under_reset = engine.get_u64(total);
        engine.set_reset(CLOCK, false);
        engine.step_by(CLOCK, 300);
        let violations = engine.take_violations();
        (under_reset, engine.get_u64(total), engine.cycle(), violations, engine.snapshot())
    });
    assert!(adaptive.is_compiled());
    assert_eq!(first, second);
    assert_eq!((first.0, first.2), (7, 370));
    assert_eq!(first.1, (7 + 300) % 256);
    assert!(!first.3.is_empty(), "200 came");
}
