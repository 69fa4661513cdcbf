//! Every code is explained, and the examples are what they are said to be.

use olivine_netlist::{CODES, Design, explain};

/// The indented block after `label`.
fn example(text: &str, label: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("\n{label}:\n\n"))?;
    let lines = rest.lines().take_while(|line| line.starts_with("    ") || line.is_empty());
    Some(lines.map(|line| format!("{line}\n")).collect())
}

fn codes_of(modules: &str) -> Vec<&'static str> {
    let text = format!("top m\n{modules}");
    let design = Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
    let faults = design.validate().err().unwrap_or_default();
    faults.iter().map(|fault| fault.code).collect()
}

#[test]
fn every_code_is_explained_under_its_meaning() {
    for (code, meaning) in CODES {
        let text = explain(code).unwrap_or_else(|| panic!("{code} is not explained"));
        assert!(text.starts_with(&format!("# {code}: {meaning}\n")), "{text}");
        assert!(text.lines().count() > 2, "{text}");
    }
    assert_eq!(explain("N999"), None);
    assert_eq!(explain("N0"), None);
}

#[test]
fn wrong_examples_have_the_fault_and_right_ones_none() {
    let mut examples = 0;
    for (code, _) in CODES {
        let text = explain(code).expect("every code is explained");
        let (wrong, right) = (example(text, "Wrong"), example(text, "Right"));
        assert_eq!(wrong.is_some(), right.is_some(), "{code}");
        let (Some(wrong), Some(right)) = (wrong, right) else { continue };
        assert_eq!(codes_of(&wrong), [*code], "{wrong}");
        assert_eq!(codes_of(&right), Vec::<&str>::new(), "{right}");
        examples += 1;
    }
    assert!(examples >= 15, "{examples}");
}
