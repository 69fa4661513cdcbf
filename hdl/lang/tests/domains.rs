//! Clock domains: what a module that is placed takes over from the domain around it.

use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::prelude::*;
use olivine_netlist::DomainId;

/// Toggles, and shows the opposite through a module without a clock.
#[module]
fn Toggle() {
    let on: Out<Bit> = reg(bit()).reset(true);
    let off: Out<Bit> = bit();

    on.set(!on);
    let opposite = instance(Opposite, "opposite");
    opposite.x.drive(on);
    off.drive(opposite.y);
}

#[module]
fn Opposite() {
    let x: In<Bit> = bit();
    let y: Out<Bit> = bit();

    y.drive(!x);
}

const BUS: Domain = Domain::new("bus").asynchronous_reset().active_low();

/// A toggle in each of three domains.
#[module]
fn Toggles() {
    let here: Out<Bit> = bit();
    let bus: Out<Bit> = bit();
    let late: Out<Bit> = bit();

    here.drive(instance(Toggle, "here").on);
    bus.drive(in_domain(BUS, || instance(Toggle, "bus")).on);
    late.drive(in_domain(Domain::new("late").falling(), || instance(Toggle, "late")).on);
    unused(in_domain(BUS, || instance(Toggle, "twin")).off);
}

fn domains(design: &Design, module: &str) -> Vec<String> {
    let module = design.modules.iter().find(|m| m.name == module).expect("the module is there");
    let domain = |d: &olivine_netlist::ClockDomain| {
        format!("{} {} {}", d.clock_name(), d.reset_name(), d.manner())
    };
    module.domains.iter().map(domain).collect()
}

#[test]
fn a_module_has_the_edge_and_the_reset_of_where_it_is_placed() {
    let design = elaborate(Toggles).unwrap();
    let names: Vec<_> = design.modules.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["opposite", "toggle", "toggle_async_n", "toggle_falling", "toggles"]);
    assert_eq!(domains(&design, "toggle"), ["clk rst rising"]);
    assert_eq!(domains(&design, "toggle_async_n"), ["clk rst_n rising asynchronous active_low"]);
    assert_eq!(domains(&design, "toggle_falling"), ["clk rst falling"]);
    assert_eq!(domains(&design, "opposite"), [""; 0]);
    assert_eq!(
        domains(&design, "toggles"),
        [
            "clk rst rising",
            "clk_bus rst_bus_n rising asynchronous active_low",
            "clk_late rst_late falling"
        ]
    );
}

#[test]
fn a_design_can_be_elaborated_in_any_domain() {
    let design = elaborate_in(BUS, Toggle).unwrap();
    assert_eq!(design.top().name, "toggle");
    assert_eq!(domains(&design, "toggle"), ["clk rst_n rising asynchronous active_low"]);
}

#[test]
fn a_module_may_insist() {
    #[module]
    fn Insists() {
        let on: Out<Bit> = bit();

        on.drive(in_domain(Domain::MAIN.asynchronous_reset(), || instance(Toggle, "toggle")).on);
    }
    let design = elaborate(Insists).unwrap();
    assert_eq!(domains(&design, "insists"), ["clk rst rising asynchronous"]);
    let faults = elaborate_in(Domain::MAIN.active_low(), Insists).map(|d| domains(&d, "insists"));
    assert_eq!(faults.unwrap(), ["clk rst rising asynchronous"], "the outermost says what it is");
}

#[test]
fn a_module_may_ask_for_a_part() {
    #[module]
    fn AtOnce() {
        let y: Out<Bit> = bit();

        y.drive(in_domain(Domain::here().asynchronous_reset(), || instance(Toggle, "toggle")).on);
    }
    #[module]
    fn Around() {
        let y: Out<Bit> = bit();

        y.drive(instance(AtOnce, "at_once").y);
    }
    let low = elaborate_in(BUS, Around).unwrap();
    assert_eq!(domains(&low, "at_once_async_n"), ["clk rst_n rising asynchronous active_low"]);
    let falling = elaborate_in(Domain::MAIN.falling().asynchronous_reset(), Around).unwrap();
    assert_eq!(domains(&falling, "around"), ["clk rst falling asynchronous"]);
    let faults = elaborate(Around).unwrap_err();
    assert!(faults.faults.iter().any(|f| f.code == "L091"), "{faults}");
}

#[test]
fn a_name_that_a_reset_has_is_taken() {
    #[module]
    fn Named() {
        let y: Out<Bit> = bit();

        let rst_n = delay(!y, 1);
        y.drive(rst_n);
    }
    let design = elaborate_in(Domain::MAIN.active_low(), Named).unwrap();
    assert_ne!(design.top().registers[0].name, "rst_n");
}

#[test]
fn resets_act_as_their_domains_say() {
    let mut engine = Interp::new(&elaborate(Toggles).unwrap(), Undefined::Zero);
    let ports = ["here", "bus", "late"].map(|name| engine.interface().find(name).unwrap());
    let seen = |engine: &mut Interp| ports.map(|port| engine.get_u64(port));
    let all = [0, 1, 2].map(DomainId);
    all.iter().for_each(|domain| engine.set_reset(*domain, true));
    assert_eq!(seen(&mut engine), [0, 1, 0], "one at once");
    all.iter().for_each(|domain| engine.step(*domain));
    assert_eq!(seen(&mut engine), [1, 1, 1], "the others at their edges");
    all.iter().for_each(|domain| engine.set_reset(*domain, false));
    all.iter().for_each(|domain| engine.step(*domain));
    assert_eq!(seen(&mut engine), [0, 0, 0]);
}
