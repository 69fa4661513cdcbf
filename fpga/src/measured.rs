//! nextpnr's own report, as it writes it, and the parts of ours that come from it.

use crate::critical_path::rounded;
use crate::{ClockReport, CriticalPath, Step, StepKind, Utilization};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The file of `nextpnr --report`.
#[derive(Deserialize)]
pub(crate) struct Measured {
    fmax: BTreeMap<String, Fmax>,
    utilization: BTreeMap<String, Used>,
    critical_paths: Vec<Path>,
}

#[derive(Deserialize)]
struct Fmax {
    achieved: f64,
    constraint: f64,
}

#[derive(Deserialize)]
struct Used {
    available: u64,
    used: u64,
}

#[derive(Deserialize)]
struct Path {
    from: String,
    to: String,
    path: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    delay: f64,
    from: Cell,
    to: Cell,
    net: Option<String>,
    #[serde(default)]
    sources: Vec<String>,
    r#type: StepKind,
}

#[derive(Deserialize)]
struct Cell {
    cell: String,
}

impl Measured {
    pub fn utilization(&self) -> Vec<Utilization> {
        let each = self.utilization.iter().filter(|(_, used)| used.available > 0);
        each.map(|(resource, &Used { used, available })| Utilization {
            resource: resource.clone(),
            used,
            available,
        })
        .collect()
    }

    pub fn clocks(&self) -> Vec<ClockReport> {
        let each = self.fmax.iter().map(|(clock, fmax)| ClockReport {
            clock: clock_name(clock).into(),
            constraint_mhz: rounded(fmax.constraint),
            fmax_mhz: rounded(fmax.achieved),
            met: fmax.achieved >= fmax.constraint,
        });
        each.collect()
    }

    /// The paths, slowest first within the tool's order. `place` finds the author's source line
    /// for one of the tool's source notes.
    pub fn critical_paths(&self, place: impl Fn(&str) -> Option<String>) -> Vec<CriticalPath> {
        let step = |part: &Part| Step {
            kind: part.r#type,
            delay_ns: rounded(part.delay),
            from: part.from.cell.clone(),
            to: part.to.cell.clone(),
            net: part.net.clone(),
            place: part.sources.iter().find_map(|source| place(source)),
        };
        let path = |path: &Path| {
            let steps = path.path.iter().map(step).collect();
            CriticalPath::new(edge_name(&path.from), edge_name(&path.to), steps)
        };
        self.critical_paths.iter().map(path).collect()
    }
}

/// `clk` for what the tool calls `$glbnet$clk$TRELLIS_IO_IN`: promoted to a global net, from a pin.
fn clock_name(name: &str) -> &str {
    let name = name.strip_prefix("$glbnet$").unwrap_or(name);
    name.split_once('$').filter(|(plain, _)| !plain.is_empty()).map_or(name, |(plain, _)| plain)
}

fn edge_name(edge: &str) -> String {
    match edge.split_once(' ') {
        Some((edge, clock)) => format!("{edge} {}", clock_name(clock)),
        None => edge.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_have_the_names_of_the_design() {
        let check = |name: &str, expect: &str| assert_eq!(clock_name(name), expect);
        check("$glbnet$clk$TRELLIS_IO_IN", "clk");
        check("clk", "clk");
        check("$PACKER_GND", "$PACKER_GND");
        assert_eq!(edge_name("posedge $glbnet$clk$TRELLIS_IO_IN"), "posedge clk");
        assert_eq!(edge_name("<async>"), "<async>");
    }

    #[test]
    fn a_report_of_the_tool_is_read() {
        let text = r#"{
            "fmax": {"$glbnet$clk$TRELLIS_IO_IN": {"achieved": 24.5, "constraint": 25}},
            "utilization": {"DCCA": {"available": 56, "used": 1}, "none": {"available": 0, "used": 0}},
            "critical_paths": [{"from": "posedge clk", "to": "<async>", "path": [
                {"type": "clk-to-q", "delay": 0.525, "from": {"cell": "a"}, "to": {"cell": "a"}},
                {"type": "routing", "delay": 1.5, "from": {"cell": "a"}, "to": {"cell": "b"},
                 "net": "n", "sources": ["design.v:3.1-3.9"]},
                {"type": "setup", "delay": 0.0, "from": {"cell": "b"}, "to": {"cell": "b"}}]}]}"#;
        let measured: Measured = serde_json::from_str(text).unwrap();
        assert_eq!(measured.utilization().len(), 1);
        let clock = &measured.clocks()[0];
        assert_eq!((clock.fmax_mhz, clock.constraint_mhz, clock.met), (24.5, 25.0, false));
        let path = &measured.critical_paths(|source| Some(format!("seen {source}")))[0];
        assert_eq!((path.delay_ns, path.logic_ns, path.routing_ns), (2.025, 0.525, 1.5));
        assert_eq!(path.ends(), ("n", "b"));
        assert_eq!(path.steps[1].place.as_deref(), Some("seen design.v:3.1-3.9"));
    }
}
