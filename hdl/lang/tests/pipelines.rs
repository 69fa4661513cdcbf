//! Pipelines beside models that wait: what leaves is what entered, as many advancing edges before
//! as the latency says; streams through them lose, repeat and reorder nothing.

use olivine_interp::{Engine, Interp, Undefined, undefined_bits};
use olivine_lang::prelude::*;
use olivine_netlist::{DomainId, PortId};
use std::collections::VecDeque;

const CYCLES: u64 = 300;

/// `y = a·b + c`, `before` stages ahead of the sum and `after` behind it; it stalls where `go` is 0
/// if `stalls`. The latency that it claims is `claimed`.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Mac {
    before: u32,
    after: u32,
    claimed: u32,
    stalls: bool,
}

#[derive(Ports)]
struct MacPorts {
    a: In<Unsigned>,
    b: In<Unsigned>,
    c: In<Unsigned>,
    go: In<Bit>,
    y: Out<Unsigned>,
}

impl Module for Mac {
    type Ports = MacPorts;

    fn ports(&self) -> MacPorts {
        let byte = unsigned(8);
        MacPorts { a: byte, b: byte, c: byte, go: bit(), y: unsigned(17) }
    }

    fn build(&self, p: MacPorts) {
        let mac = pipeline("mac");
        let mac = if self.stalls { mac.advancing_when(p.go) } else { mac };
        let (a, b, c) = mac.enter((p.a, p.b, p.c));
        let ahead = |x: Unsigned| (0..self.before).fold(x, |x, _| mac.stage(x));
        let sum = ahead(a * b) + ahead(c);
        let sum = (0..self.after).fold(sum, |x, _| mac.stage(x));
        p.y.drive(mac.exit(sum, self.claimed));
    }

    fn name(&self) -> String {
        "mac".to_string()
    }
}

fn port(engine: &Interp, name: &str) -> PortId {
    engine.interface().find(name).unwrap_or_else(|| panic!("no port `{name}`"))
}

/// A random value of a cycle.
fn random(name: &str, cycle: u64, width: u32) -> u64 {
    undefined_bits(1, name, cycle, width).to_u64().unwrap()
}

/// The word of the table at an address.
fn word(address: u64) -> u64 {
    address * address % 251
}

/// `y = word(a) + b`, the word read from a memory and so one stage behind `a`; the pipeline stalls
/// where `go` is 0.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Lookup {
    /// Whether the read stalls too.
    held: bool,
}

impl Module for Lookup {
    type Ports = MacPorts;

    fn ports(&self) -> MacPorts {
        let byte = unsigned(8);
        MacPorts { a: byte, b: byte, c: byte, go: bit(), y: unsigned(17) }
    }

    fn build(&self, p: MacPorts) {
        let lookup = pipeline("lookup").advancing_when(p.go);
        let (a, b) = lookup.enter((p.a, p.b));
        let table = memory(unsigned(8), 256).init((0..256).map(word));
        let word = if self.held { table.read_sync_when(p.go, a) } else { table.read_sync(a) };
        p.y.drive(lookup.exit(word + lookup.stage(b), 1).extend(17));
    }
}

/// What leaves when `a`, `b`, `c` entered.
type Model = fn([u64; 3]) -> u64;

/// The model of [`Mac`].
fn mac([a, b, c]: [u64; 3]) -> u64 {
    a * b + c
}

/// How many outputs were the model's of `latency` advancing edges before, or the first that was
/// not. The results that are still owed wait in a queue.
fn follows(design: &Design, model: Model, latency: usize, stalls: bool) -> Result<usize, String> {
    let mut engine = Interp::new(design, Undefined::Random(1));
    let [a, b, c, go, y] = ["a", "b", "c", "go", "y"].map(|name| port(&engine, name));
    let (mut owed, mut compared) = (VecDeque::new(), 0);
    for cycle in 0..CYCLES {
        let values @ [va, vb, vc] = ["a", "b", "c"].map(|name| random(name, cycle, 8));
        let advances = random("go", cycle, 1);
        for (port, value) in [(a, va), (b, vb), (c, vc), (go, advances)] {
            engine.set_u64(port, value);
        }
        owed.push_back(model(values));
        if owed.len() > latency {
            let (found, wanted) = (engine.get_u64(y), owed[0]);
            if found != wanted {
                return Err(format!("cycle {cycle}: {found}, not {wanted}"));
            }
            compared += 1;
        }
        if stalls && advances == 0 {
            owed.pop_back();
        } else if owed.len() > latency {
            owed.pop_front();
        }
        if !design.top().domains.is_empty() {
            engine.step(DomainId(0));
        }
    }
    Ok(compared)
}

/// Every split of up to five stages around the sum.
fn splits() -> impl Iterator<Item = (u32, u32)> {
    (0..=5).flat_map(|latency| (0..=latency).map(move |before| (before, latency - before)))
}

#[test]
fn what_leaves_entered_so_many_edges_before() {
    for ((before, after), stalls) in splits().flat_map(|s| [(s, false), (s, true)]) {
        let claimed = before + after;
        let case = Mac { before, after, claimed, stalls };
        let design = elaborate(case.clone()).unwrap_or_else(|f| panic!("{f}"));
        let latency = claimed as usize;
        let compared = follows(&design, mac, latency, stalls && latency > 0);
        assert!(compared.as_ref().is_ok_and(|count| *count > 100), "{case:?}: {compared:?}");
        let later = follows(&design, mac, latency + 1, stalls);
        assert!(later.is_err(), "{case:?}: one edge more is no difference");
        if latency > 0 {
            let earlier = follows(&design, mac, latency - 1, stalls);
            assert!(earlier.is_err(), "{case:?}: one edge less is no difference");
            let other = follows(&design, mac, latency, !stalls);
            assert!(other.is_err(), "{case:?}: stalling or not is no difference");
        }
    }
}

#[test]
fn a_wrong_latency_is_a_fault() {
    for ((before, after), stalls) in splits().flat_map(|s| [(s, false), (s, true)]) {
        let real = before + after;
        for claimed in [real.checked_sub(1), Some(real + 1)].into_iter().flatten() {
            let faults = elaborate(Mac { before, after, claimed, stalls }).unwrap_err().faults;
            let found: Vec<_> = faults.iter().map(|f| (f.code, f.message.as_str())).collect();
            let message = format!(
                "module `mac`: what leaves should be of stage {claimed} of `mac`, but is of \
                 stage {real} of `mac`"
            );
            assert_eq!(found, [("L101", message.as_str())], "{before} and {after}");
        }
    }
}

#[test]
fn a_read_of_a_stalling_pipeline_needs_the_same_enable() {
    let model: Model = |[a, b, _]| word(a) + b;
    let held = follows(&elaborate(Lookup { held: true }).unwrap(), model, 1, true);
    assert!(held.as_ref().is_ok_and(|count| *count > 100), "{held:?}");
    let faults = elaborate(Lookup { held: false }).unwrap_err().faults;
    let found: Vec<_> = faults.iter().map(|f| (f.code, f.message.as_str())).collect();
    let message = "module `lookup_held_false`: pipeline `lookup` advances when `go` holds, a read in it at \
                   every edge";
    assert_eq!(found, [("L102", message)]);
}

/// A stream of `y = data + 1` through `depth` stages with back-pressure: all advance together
/// unless the last holds what nobody takes.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Flow {
    depth: u32,
    /// Planted: it advances though the last stage holds what nobody takes.
    deaf: bool,
}

#[derive(Ports)]
struct FlowPorts {
    in_valid: In<Bit>,
    data: In<Unsigned>,
    in_ready: Out<Bit>,
    out_valid: Out<Bit>,
    y: Out<Unsigned>,
    out_ready: In<Bit>,
}

impl Module for Flow {
    type Ports = FlowPorts;

    fn ports(&self) -> FlowPorts {
        FlowPorts {
            in_valid: bit(),
            data: unsigned(8),
            in_ready: bit(),
            out_valid: bit(),
            y: unsigned(8),
            out_ready: bit(),
        }
    }

    fn build(&self, p: FlowPorts) {
        let advance = wire(bit());
        let flow = pipeline("flow").advancing_when(advance);
        let (mut valid, data) = flow.enter((p.in_valid, p.data));
        let mut sum = data.wrapping_add(1);
        for _ in 0..self.depth {
            valid = flow.stage(valid).reset(false);
            sum = flow.stage(sum);
        }
        let valid = flow.exit(valid, self.depth);
        p.y.drive(flow.exit(sum, self.depth));
        p.out_valid.drive(valid);
        if self.deaf {
            advance.drive(true);
        } else {
            advance.drive(p.out_ready | !valid);
        }
        p.in_ready.drive(advance);
    }
}

/// How many items came out, each what the oldest item inside says, or the first that did not.
fn flows(flow: &Flow) -> Result<usize, String> {
    let design = elaborate(flow.clone()).map_err(|f| f.to_string())?;
    let mut engine = Interp::new(&design, Undefined::Random(1));
    let [in_valid, data, in_ready] = ["in_valid", "data", "in_ready"].map(|n| port(&engine, n));
    let [out_valid, y, out_ready] = ["out_valid", "y", "out_ready"].map(|n| port(&engine, n));
    engine.set_reset(DomainId(0), true);
    engine.step(DomainId(0));
    engine.set_reset(DomainId(0), false);
    let (mut inside, mut out) = (VecDeque::new(), 0);
    for cycle in 0..CYCLES {
        let (offered, item) = (random("offered", cycle, 1), random("item", cycle, 8));
        let taking = random("taking", cycle, 1);
        for (port, value) in [(in_valid, offered), (data, item), (out_ready, taking)] {
            engine.set_u64(port, value);
        }
        if engine.get_u64(out_valid) == 1 && taking == 1 {
            let (found, wanted) = (engine.get_u64(y), inside.pop_front());
            if Some(found) != wanted {
                return Err(format!("cycle {cycle}: {found}, not {wanted:?}"));
            }
            out += 1;
        }
        if offered == 1 && engine.get_u64(in_ready) == 1 {
            inside.push_back((item + 1) % 256);
        }
        if inside.len() > flow.depth as usize {
            return Err(format!("cycle {cycle}: {} inside", inside.len()));
        }
        engine.step(DomainId(0));
    }
    Ok(out)
}

#[test]
fn a_stream_with_back_pressure_keeps_its_items() {
    for depth in 1..=5 {
        let kept = flows(&Flow { depth, deaf: false });
        assert!(kept.as_ref().is_ok_and(|items| *items > 50), "{depth}: {kept:?}");
        let lost = flows(&Flow { depth, deaf: true });
        assert!(lost.is_err(), "{depth}: items lost under back-pressure are not noticed");
    }
}
