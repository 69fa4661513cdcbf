//! Modules that are, in Verilog, somebody else's.

use crate::builder::Builder;
use crate::elaborate::{Elaboration, with};
use crate::place::{At, here};
use olivine_netlist::{Bits, External, Pin, PinTo, Polarity, PortId, Setting};

/// Says that the module being built is a cell of a vendor, or a Verilog module that was written
/// elsewhere, called `name` there. What the module's body builds is the *behavioural model*: what it
/// is taken for in simulation, in proofs and everywhere else but in Verilog, where an instance of
/// `name` stands instead.
///
/// ```
/// use olivine_lang::prelude::*;
///
/// /// Multiplies and accumulates; the vendor's cell has an asynchronous reset.
/// #[module]
/// fn Mac() {
///     let a: In<Unsigned> = unsigned(8);
///     let b: In<Unsigned> = unsigned(8);
///     let sum: Out<Unsigned> = unsigned(24);
///
///     in_domain(Domain::here().asynchronous_reset(), || {
///         let total = reg(unsigned(24)).reset(0);
///         total.set(total.wrapping_add((a * b).extend(24)));
///         sum.drive(total);
///         black_box("ACME_MAC")
///             .parameter("MODE", "UNSIGNED")
///             .clock("CK")
///             .reset("CLR")
///             .pin("A", "a")
///             .pin("B", "b")
///             .pin("P", "sum")
///             .tie("TEST", Bits::zero(1));
///     });
/// }
///
/// assert!(elaborate(Mac).is_ok());
/// ```
///
/// Every port has a pin, whole ([`BlackBox::pin`]) or bit by bit ([`BlackBox::bits`]), as has the clock
/// of every domain with state, and the reset of one with reset values. Pins that are not named are
/// left open. `olivine_import::check_black_boxes` holds all that against the vendor's Verilog.
#[track_caller]
pub fn black_box(name: &str) -> BlackBox {
    let at = here();
    with(|b, e| {
        if let Some(first) = &b.module.external {
            let (first, place) = (first.place, e.files.place(at));
            let message = "a module is two black boxes";
            e.fault(b, "L110", at, message, "let each be a module of its own, and place both")
                .label(first, "the first")
                .label(place, "the second");
        } else {
            let (name, place) = (name.to_string(), e.files.place(at));
            let (parameters, pins) = (Vec::new(), Vec::new());
            b.module.external = Some(External { name, parameters, pins, place });
        }
    });
    BlackBox(())
}

/// What [`black_box`] gives: says which pins there are.
#[derive(Clone, Copy, Debug)]
pub struct BlackBox(());

impl BlackBox {
    /// A parameter of the Verilog module: a number, a text or [`Bits`].
    pub fn parameter(self, name: &str, value: impl Into<Setting>) -> Self {
        let setting = value.into();
        with(|b, _| b.external(|external| external.parameters.push((name.to_string(), setting))));
        self
    }

    /// The pin that is the clock of the present domain. Its acting edge is the vendor's affair.
    #[track_caller]
    pub fn clock(self, pin: &str) -> Self {
        let at = here();
        with(|b, e| {
            let domain = b.domain(e, at);
            b.connect(pin, PinTo::Clock(domain));
        });
        self
    }

    /// The pin that is the reset of the present domain, if the pin is active high.
    #[track_caller]
    pub fn reset(self, pin: &str) -> Self {
        reset(here(), pin, Polarity::ActiveHigh);
        self
    }

    /// The pin that is the reset of the present domain, if the pin is active low; whether the domain's
    /// own is or not.
    #[track_caller]
    pub fn reset_low(self, pin: &str) -> Self {
        reset(here(), pin, Polarity::ActiveLow);
        self
    }

    /// The pin that is a port of this module, whole: `port` is the port's name.
    #[track_caller]
    pub fn pin(self, pin: &str, port: &str) -> Self {
        let at = here();
        with(|b, e| {
            if let Some(port) = b.port_named(e, at, pin, port) {
                b.connect(pin, PinTo::Port(port));
            }
        });
        self
    }

    /// The pins that are the bits of a port of this module: `A0`, `A1`, … for `bits("A", "a")`.
    #[track_caller]
    pub fn bits(self, pins: &str, port: &str) -> Self {
        let at = here();
        with(|b, e| {
            if let Some(port) = b.port_named(e, at, pins, port) {
                for bit in 0..b.module.ports[port.index()].width {
                    b.connect(&format!("{pins}{bit}"), PinTo::Bit(port, bit));
                }
            }
        });
        self
    }

    /// A pin that always has this value.
    pub fn tie(self, pin: &str, value: Bits) -> Self {
        with(|b, _| b.connect(pin, PinTo::Constant(value)));
        self
    }
}

fn reset(at: At, pin: &str, level: Polarity) {
    with(|b, e| {
        let domain = b.domain(e, at);
        b.connect(pin, PinTo::Reset(domain, level));
    });
}

impl Builder {
    fn external(&mut self, change: impl FnOnce(&mut External)) {
        if let Some(external) = &mut self.module.external {
            change(external);
        }
    }

    fn connect(&mut self, pin: &str, to: PinTo) {
        let name = pin.to_string();
        self.external(|external| external.pins.push(Pin { name, to }));
    }

    fn port_named(&mut self, e: &mut Elaboration, at: At, pin: &str, port: &str) -> Option<PortId> {
        let found = self.module.find_port(port);
        if found.is_none() {
            let message = format!("the pin `{pin}` is the port `{port}`, which there is not");
            let ports: Vec<&str> = self.module.ports.iter().map(|p| p.name.as_str()).collect();
            let help = format!("the module's ports are: {}", ports.join(", "));
            e.fault(self, "L110", at, message, help);
        }
        found
    }
}
