//! Which resets stand beside which clocks.

use super::clocks::bit_input;
use super::json::{Bit, Source, SourceModule, SourcePort};
use std::collections::HashSet;

/// Clock ports of a module, each with the port of the reset beside it.
pub(super) type Beside = Vec<(String, String)>;

/// Which resets stand beside which clocks: by their names, or because every instance takes a reset
/// and its clock from the module around it.
pub(super) fn beside(source: &Source) -> Vec<Beside> {
    let by_name = |module: &SourceModule| -> Beside {
        let inputs = module.ports.iter().filter(|p| bit_input(p).is_some());
        let reset = |clock: &SourcePort| {
            let mut names = resets_of(&clock.name).into_iter();
            names.find(|name| module.ports.iter().any(|p| p.name == *name))
        };
        inputs.filter_map(|clock| Some((clock.name.clone(), reset(clock)?))).collect()
    };
    let mut all: Vec<Beside> = source.modules.iter().map(by_name).collect();
    for index in (0..source.modules.len()).rev() {
        let named: HashSet<String> = all[index].iter().map(|(clock, _)| clock.clone()).collect();
        let mut taken = placements(source, index, &all);
        let Some(mut first) = taken.pop() else { continue };
        first.retain(|pair| !named.contains(&pair.0) && taken.iter().all(|t| t.contains(pair)));
        all[index].extend(first);
    }
    all
}

/// For each instance of a module, the pairs of its ports that are a clock and the reset beside it in
/// the module around it.
fn placements(source: &Source, index: usize, all: &[Beside]) -> Vec<Beside> {
    let mut found = Vec::new();
    for (outer, pairs) in source.modules.iter().zip(all) {
        let net = |name: &String| {
            bit_input(outer.ports.iter().find(|p| p.name == *name)?).map(|net| [Bit::Net(net)])
        };
        let placed = outer.cells.iter().filter(|c| outer.placed.get(&c.kind) == Some(&index));
        for cell in placed {
            let port = |net: [Bit; 1]| {
                let mut ports = cell.connections.iter().filter(|(_, bits)| **bits == net);
                ports.next().map(|(port, _)| port.clone())
            };
            let inner = pairs
                .iter()
                .filter_map(|(clock, reset)| Some((port(net(clock)?)?, port(net(reset)?)?)));
            found.push(inner.collect());
        }
    }
    found
}

/// The names that the reset beside a clock may have: active high, then active low.
fn resets_of(clock: &str) -> Vec<String> {
    let pairs = [("clk", "rst", "n"), ("clock", "reset", "n"), ("CLK", "RST", "N")];
    let found = pairs.iter().find(|(c, ..)| clock == *c || clock.starts_with(&format!("{c}_")));
    let Some((own, reset, low)) = found else { return Vec::new() };
    let name = clock.replacen(own, reset, 1);
    ["", "_", low]
        .into_iter()
        .map(|between| match between {
            "" => name.clone(),
            "_" => format!("{name}_{low}"),
            _ => format!("{name}{low}"),
        })
        .collect()
}
