//! The text form: what it looks like, that it round-trips, and that no text makes it panic.

use olivine_netlist::arbitrary::{Options, designs, with_resets};
use olivine_netlist::{
    Bits, Design, FloatFunction, Module, ModuleId, Place, PropertyKind, isomorphic,
};
use proptest::prelude::*;

const SAMPLE: &str = r#"netlist 1
file "src/accumulator.rs"
enum Mode = Hold, Add
top pair

module accumulator "Accumulator { width: 8 }" @0:10:1 {
  domain rising
  input step : unsigned 8 @0:11:5
  output sum : unsigned 8 = sum
  register sum : unsigned 8 reset 8'h00 @0:13:9
    set next when moving @0:14:9
  %0 : 8 = input step
  %1 : 8 = register sum
  next : unsigned 8 = add(sum, step) @0:14:17
  moving : bit = reduce_or(step) @0:15:9
  assert "nothing is added twice" moving @0:16:5
}

module pair {
  domain rising
  domain slow falling
  input address : bits 4
  output last : float(4, 3) = acc[1].sum
  register mode : enum Mode 1 init 1'h0 crossing in slow
  memory ram : bits 8 x 16 crossing
    init 00 01 02
    read async address
    read sync address when mode collision old in slow
    write address acc[0].sum when mode mask mode
  instance acc[2] of accumulator @0:30:1
    step = ram.read[0], acc[0].sum
  %0 : 4 = input address
  %1 : 8 = read ram 0
  %2 : 8 = read ram 1
  %3 : 1 = register mode
  %4 : 8 = output acc[0].sum
  %5 : 8 = output acc[1].sum
  answer[0].x : signed 8 = 8'h2a
  %7 : 1 = slice(answer[0].x, 3)
}
"#;

#[test]
fn a_sample_is_printed_as_it_is_written() {
    let design = Design::parse(SAMPLE).unwrap();
    assert_eq!(design.validate(), Ok(()));
    assert_eq!(design.to_string(), SAMPLE);
}

#[test]
fn every_kind_of_property_has_its_word() {
    let lines = ["assert", "assume", "cover", "live", "fair"]
        .map(|word| format!("  {word} \"{word}s it\" a\n"));
    let text = format!(
        "netlist 1\ntop m\n\nmodule m {{\n  domain rising\n  input a : bit\n  %0 : 1 = input a\n{}}}\n",
        lines.concat()
    );
    let design = Design::parse(&text).unwrap();
    assert_eq!(design.validate(), Ok(()));
    assert_eq!(design.to_string(), text);
    let kinds: Vec<_> = design.top().properties.iter().map(|p| p.kind).collect();
    assert_eq!(kinds, PropertyKind::NAMED.map(|(_, kind)| kind));
    for (word, kind) in PropertyKind::NAMED {
        assert_eq!(kind.word(), word);
        let mut other = design.clone();
        let properties = &mut other.modules[0].properties;
        let at = properties.iter().position(|p| p.kind == kind).unwrap();
        properties[at].kind = PropertyKind::NAMED[(at + 1) % 5].1;
        assert!(isomorphic(&design, &other).is_err(), "{word} is not another kind");
    }
}

#[test]
fn every_manner_of_a_reset_has_its_words() {
    let lines = [
        "domain rising",
        "domain rising asynchronous",
        "domain falling active_low",
        "domain falling asynchronous active_low",
        "domain slow rising asynchronous active_low",
        "domain rising falling active_low",
    ];
    let names = ["rst", "rst", "rst_n", "rst_n", "rst_slow_n", "rst_rising_n"];
    for (line, name) in lines.into_iter().zip(names) {
        let text = format!("netlist 1\ntop m\n\nmodule m {{\n  {line}\n}}\n");
        let design = Design::parse(&text).unwrap();
        assert_eq!(design.to_string(), text);
        assert_eq!(design.top().domains[0].reset_name(), name);
    }
}

/// Everything that a black box can say.
const BLACK_BOX: &str = r#"netlist 1
file "src/cell.rs"
top m

module m {
  domain rising
  domain slow rising active_low
  input a : bits 2
  output y : bit = y
  external ACME_CELL @0:3:5
    parameter WIDTH = 12
    parameter MODE = "FAST"
    parameter "A$INIT" = 4'h5
    pin CK = clock
    pin CKS = clock in slow
    pin R = reset
    pin RN = reset active_low in slow
    pin A1 = bit a 1
    pin A0 = bit a 0
    pin Y = port y
    pin TEST = 1'h0
  %0 : 2 = input a
  y : bits 1 = slice(a, 1)
}
"#;

#[test]
fn a_black_box_is_printed_as_it_is_written() {
    let design = Design::parse(BLACK_BOX).unwrap();
    assert_eq!(design.validate(), Ok(()));
    assert_eq!(design.to_string(), BLACK_BOX);
    let refused = |from: &str, to: &str| {
        let fault = Design::parse(&BLACK_BOX.replace(from, to)).unwrap_err();
        fault.to_string().lines().next().unwrap().to_string()
    };
    assert_eq!(refused("port y", "port z"), "20:18: there is no port `z`");
    assert_eq!(refused("clock in slow", "clock in fast"), "15:24: there is no clock domain `fast`");
    assert_eq!(refused("= clock\n", "= wire\n"), "14:14: `wire` is nothing that a pin can be");
    assert_eq!(refused("= 12", "= 99999999999999999999"), "11:23: the number is too large");
    assert_eq!(refused("  %0", "  external B\n  %0"), "22:3: a module is two things in Verilog");
}

#[test]
fn another_black_box_is_a_difference() {
    use olivine_netlist::isomorphic;
    let design = |text: &str| Design::parse(text).unwrap();
    let other = |from: &str, to: &str| {
        isomorphic(&design(BLACK_BOX), &design(&BLACK_BOX.replace(from, to)))
            .map_err(|difference| difference.message)
    };
    assert_eq!(other("@0:3:5", "@0:4:6"), Ok(()));
    let told = Err("the two are different things in Verilog".to_string());
    assert_eq!(other("FAST", "SLOW"), told);
    assert_eq!(other("pin TEST = 1'h0\n", "\n"), told);
}

#[test]
fn places_can_be_left_out() {
    let text = Design::parse(SAMPLE).unwrap().without_places().to_string();
    assert!(!text.contains('@') && !text.contains("file"), "{text}");
    assert_eq!(Design::parse(&text).unwrap().without_places().to_string(), text);
}

#[test]
fn wide_constants_and_odd_names_survive() {
    let mut design = Design::parse(SAMPLE).unwrap();
    let cells = &mut design.modules[1].cells;
    cells[6].op = olivine_netlist::Op::Const(Bits::from_words(100, &[7, 9]));
    cells[6].label.as_mut().unwrap().name = "an odd \"name\" \u{7}".to_string();
    design.modules[0].parameters = "two\nlines\\".to_string();
    assert_eq!(Design::parse(&design.to_string()).unwrap(), design);
}

/// The names of all operators, and what else occurs, in a design.
fn contents(design: &Design, into: &mut std::collections::BTreeSet<&'static str>) {
    for m in &design.modules {
        into.extend(m.cells.iter().map(|c| c.op.name()));
        into.extend(m.instances.iter().map(|i| ["one", "row", "grid"][i.dims.len()]));
        into.extend(m.memories.iter().flat_map(|x| &x.writes).map(|w| match w.mask {
            Some(_) => "masked write",
            None => "write",
        }));
        into.extend((m.domains.len() > 1).then_some("second domain"));
    }
}

#[test]
fn everything_occurs_in_random_designs() {
    use olivine_netlist::arbitrary::design_from;
    let mut found = std::collections::BTreeSet::new();
    let mut state = 1u32;
    for _ in 0..200 {
        let choices: Vec<u32> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 8
        })
        .take(300)
        .collect();
        contents(&design_from(&choices, &Options::default()), &mut found);
    }
    assert_eq!(found.len(), 30 + 6, "{found:?}");
}

/// `text` in a module's body gives this fault.
fn check_fault(text: &str, expect: &str) {
    let whole = format!("top m\nmodule m {{\n{text}\n}}\n");
    assert_eq!(Design::parse(&whole).unwrap_err().to_string(), expect, "{text}");
}

#[test]
fn functions_of_floats_are_printed_and_parsed() {
    for function in FloatFunction::ALL {
        let mut module = Module::new("m", Place::UNKNOWN);
        module.computes = Some(function);
        let design = Design { modules: vec![module], top: ModuleId(0), files: Vec::new() };
        assert!(design.to_string().contains(&format!("  computes {function}\n")));
        assert_eq!(Design::parse(&design.to_string()).unwrap(), design);
    }
}

#[test]
fn faults_say_where_and_how_to_mend() {
    check_fault(
        "%0 : 8 = 8'h100",
        "3:10: `8'h100` stands where a constant should be\nhelp: write width, `'h` and digits that fit the width, such as 8'h2a",
    );
    check_fault(
        "%0 : 8 = not(x)",
        "3:14: there is no value `x`\nhelp: mend the name, or add the cell that stands for it",
    );
    check_fault(
        "%0 : 8 = not(%7)",
        "3:14: there is no value %7\nhelp: add a line `%7 : WIDTH = OP`",
    );
    check_fault(
        "%0 : 8 = nand(%0, %0)",
        "3:10: `nand` with 2 operands is no operator\nhelp: the operators and their operands are those of `Op`",
    );
    check_fault(
        "%0 : 8 = add(%0)",
        "3:10: `add` with 1 operands is no operator\nhelp: the operators and their operands are those of `Op`",
    );
    check_fault(
        "input a : 8",
        "3:7: no cell stands for this\nhelp: add a line `%7 : WIDTH = input NAME`",
    );
    check_fault(
        "a : nibble 4 = undefined",
        "3:5: `nibble` is no kind\nhelp: kinds are bits, unsigned, signed, bit, float(E, M) and enum NAME",
    );
    check_fault(
        "a : enum E 4 = undefined",
        "3:10: there is no enumeration `E`\nhelp: declare it before the modules: `enum NAME = VARIANT, …`",
    );
    check_fault(
        "a : 4 = undefined\na : 4 = not(a)",
        "4:13: `a` means more than one value\nhelp: number the cells and write `%7`",
    );
    check_fault(
        "assert \"x\" a in fast",
        "3:17: there is no clock domain `fast`\nhelp: define the clock domain further up, or mend the name",
    );
    check_fault(
        "instance a of b",
        "3:15: there is no module `b`\nhelp: define the module further up, or mend the name",
    );
    check_fault("assert \"x", "3:8: this text does not end on its line\nhelp: end it with `\"`");
    check_fault(
        "wobble",
        "3:1: `wobble` begins no line of a module\nhelp: a line begins with computes, domain, input, output, register, memory, instance, assert, assume, cover, live, fair, or with a value's name and `:`",
    );
    check_fault(
        "computes divide",
        "3:10: `divide` stands where a function of floats should be\nhelp: write `multiply`, `add` or `multiply_add`",
    );
    check_fault("a : 4 = ?", "3:9: `?` begins nothing\nhelp: remove it, or put the name in quotes");
    check_fault(
        "domain rising active_low asynchronous",
        "3:26: `asynchronous` stands where the line should end\nhelp: begin a new line, or remove it",
    );
    assert_eq!(Design::parse("").unwrap_err().message, "no top module is named");
    assert_eq!(Design::parse("netlist 2\n").unwrap_err().message, "the text form has version 2");
}

/// Replaces, drops and doubles characters of a text.
fn mutate(text: &str, edits: &[(usize, u8, char)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (at, how, new) in edits {
        let at = at % chars.len().max(1);
        match how % 4 {
            0 if !chars.is_empty() => chars[at] = *new,
            1 if !chars.is_empty() => drop(chars.remove(at)),
            2 if !chars.is_empty() => chars.truncate(at),
            _ => chars.insert(at, *new),
        }
    }
    chars.into_iter().collect()
}

fn new_char() -> impl Strategy<Value = char> {
    prop_oneof![
        proptest::sample::select(
            "%:=(){},@\"\\'#[].\n 0123456789abchrx".chars().collect::<Vec<_>>()
        ),
        any::<char>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_printed_parses_to_the_same(
        design in designs(Options::default()),
        resets in 0u64..16,
    ) {
        let design = with_resets(design, resets);
        prop_assert_eq!(design.validate(), Ok(()));
        prop_assert_eq!(Design::parse(&design.to_string()).unwrap(), design);
    }

    #[test]
    fn a_flat_design_round_trips_too(design in designs(Options::default())) {
        let files = design.files.clone();
        let flat = design.flatten();
        let flat = Design { modules: vec![flat], top: olivine_netlist::ModuleId(0), files };
        prop_assert_eq!(flat.validate(), Ok(()));
        prop_assert_eq!(Design::parse(&flat.to_string()).unwrap(), flat);
    }

    #[test]
    fn random_designs_are_valid(design in designs(Options::default())) {
        prop_assert_eq!(design.validate(), Ok(()));
    }

    #[test]
    fn no_characters_make_it_panic(text in any::<String>()) {
        prop_assert!(Design::parse(&text).is_err(), "without a top module it is no design");
    }

    #[test]
    fn no_text_makes_it_panic(
        design in designs(Options::default()),
        edits in proptest::collection::vec((any::<usize>(), any::<u8>(), new_char()), 1..6),
    ) {
        let text = mutate(&design.to_string(), &edits);
        if let Ok(design) = Design::parse(&text) {
            // Nor do the validator and the printer panic on what was read.
            let valid = design.validate().is_ok();
            let again = design.to_string();
            if valid {
                prop_assert_eq!(Design::parse(&again).unwrap(), design);
            }
        }
    }
}
