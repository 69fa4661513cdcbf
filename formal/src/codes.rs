//! The codes of what is wrong with how a proof was asked for.

/// Every code with what it means: `P` is an error, `W` a warning.
pub const CODES: &[(&str, &str)] = &[
    ("P001", "there is nothing to prove"),
    ("P002", "no property has the name that is asked for"),
    ("P003", "a depth of 0 is asked for"),
    ("P010", "a port is in one of two compared designs alone"),
    ("P011", "two designs without outputs are compared"),
    ("P012", "a clock domain is not the same in two compared designs"),
    ("P020", "assumptions contradict each other or the design"),
    ("P021", "no run without end is fair"),
    ("P022", "a cover is unreachable"),
    ("P023", "assumptions keep a cover from being reached"),
    ("P024", "an assertion is violated in the first sample after reset"),
    ("P025", "a violation rests on a register without a first value"),
    ("P026", "a violation rests on an undefined value"),
    ("P027", "a property of runs without end is violated, and no run is asked to be fair"),
    ("P028", "what a placed module assumes is not given"),
    ("P030", "the time limit came first"),
    ("P031", "the memory limit came first"),
    ("P032", "the limit of gates came first"),
    ("P033", "a property depends on too much memory"),
    ("P034", "the depth was too small"),
    ("P035", "the engine that was asked for does not apply"),
    ("P036", "an engine contradicts itself"),
    ("W020", "an assertion is conditional on what cannot happen"),
    ("W021", "an assertion is conditional on what happens under reset alone"),
    ("W022", "a condition is constant"),
    ("W023", "an assumption is about the design itself"),
    ("W025", "a property is sampled by another clock than its signals change by"),
    ("W026", "a property depends on a register that never changes"),
    ("W027", "nothing ever waits for what is asked to come again and again"),
    ("W028", "a property rests on nothing that the design computes"),
];

/// The meaning of a code of [`CODES`] in Markdown. `None` if it is no such code.
pub fn explain(code: &str) -> Option<&'static str> {
    olivine_netlist::section(include_str!("codes.md"), code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, diagnose, prove};
    use olivine_netlist::Design;

    #[test]
    fn every_code_is_explained() {
        for (code, meaning) in CODES {
            let text = explain(code).expect(code);
            assert!(text.starts_with(&format!("# {code}: {meaning}\n\n")), "{text}");
        }
    }

    /// The codes that a module in an explanation gets.
    fn codes_of(module: &str) -> Vec<&'static str> {
        let text = format!("netlist 1\ntop m\n{}\n", module.trim());
        let design = Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
        let options = Options::default();
        match prove(&design, &options) {
            Ok(report) => diagnose(&design, &options, &report).iter().map(|f| f.code).collect(),
            Err(faults) => faults.faults.iter().map(|f| f.code).collect(),
        }
    }

    #[test]
    fn wrong_examples_have_the_fault_and_right_ones_have_none() {
        let mut examples = 0;
        for (code, _) in CODES {
            let text = explain(code).expect(code);
            let Some((_, rest)) = text.split_once("Wrong:") else { continue };
            let (wrong, right) = rest.split_once("Right:").expect("both stand there");
            assert!(codes_of(wrong).contains(code), "{code}: {:?}", codes_of(wrong));
            assert_eq!(codes_of(right), [] as [&str; 0], "{code}");
            examples += 1;
        }
        assert!(examples >= 3);
    }
}
