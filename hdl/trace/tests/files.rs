//! VCD and FST files, read back by another reader.

use olivine_netlist::{Bits, EnumKind, Kind};
use olivine_trace::{Signal, Trace, WaveFormat, WaveStream};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

fn written(trace: &Trace) -> Vec<u8> {
    let mut file = Vec::new();
    trace.to_vcd(&mut file).unwrap();
    file
}

/// For each full name in the file, its bits at the middle of each cycle.
fn read_back(file: Vec<u8>, cycles: usize) -> BTreeMap<String, Vec<String>> {
    let mut wave = wellen::simple::read_from_reader(Cursor::new(file)).unwrap();
    let vars: Vec<_> = wave.hierarchy().all_vars().collect();
    let mut columns = BTreeMap::new();
    for var in vars {
        let hierarchy = wave.hierarchy();
        let (name, id) = (hierarchy[var].full_name(hierarchy), hierarchy[var].signal_ref());
        wave.load_signals(&[id]);
        let times = wave.time_table().to_vec();
        let signal = wave.get_signal(id).unwrap();
        let at = |cycle: usize| {
            let time = cycle as u64 * 10 + 2;
            let index = times.iter().rposition(|t| *t <= time).unwrap() as u32;
            let offset = signal.get_offset(index).unwrap();
            signal.get_value_at(&offset, 0).to_bit_string().unwrap()
        };
        columns.insert(name, (0..cycles).map(at).collect());
    }
    columns
}

fn signal(path: &str, width: u32) -> Signal {
    Signal { path: path.to_string(), width, kind: Kind::Bits }
}

#[test]
fn scopes_come_from_paths() {
    let mut trace = Trace::new(vec![
        signal("go", 1),
        signal("pe[1][2].sum", 3),
        signal("pe[1][2].core.acc", 70),
        signal("pe[0][0].sum", 3),
        signal("lanes[3]", 4),
        signal("go", 1),
    ]);
    let value = |c: u64| {
        vec![
            Bits::new(1, c % 2),
            Bits::new(3, c),
            Bits::ones(70),
            Bits::new(3, 7),
            Bits::new(4, c),
            Bits::new(1, c % 2),
        ]
    };
    trace.cycles = (0..3).map(value).collect();
    insta::assert_snapshot!(String::from_utf8(written(&trace)).unwrap(), @r#"
    $version
        olivine
    $end
    $timescale 1 ns $end
    $scope module top $end
    $var wire 1 ! clk $end
    $var wire 1 " go $end
    $var wire 4 # lanes[3] $end
    $scope module pe[1][2] $end
    $var wire 3 $ sum $end
    $scope module core $end
    $var wire 70 % acc $end
    $upscope $end
    $upscope $end
    $scope module pe[0][0] $end
    $var wire 3 & sum $end
    $upscope $end
    $upscope $end
    $enddefinitions $end
    #0
    1!
    0"
    b000 $
    b1111111111111111111111111111111111111111111111111111111111111111111111 %
    b111 &
    b0000 #
    #5
    0!
    #10
    1!
    1"
    b001 $
    b0001 #
    #15
    0!
    #20
    1!
    0"
    b010 $
    b0010 #
    #25
    0!
    #30
    "#);
    let columns = read_back(written(&trace), 3);
    let names: Vec<_> = columns.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "top.clk",
            "top.go",
            "top.lanes.[3]",
            "top.pe[0][0].sum",
            "top.pe[1][2].core.acc",
            "top.pe[1][2].sum"
        ]
    );
    assert_eq!(columns["top.pe[1][2].sum"], ["000", "001", "010"]);
    assert_eq!(columns["top.clk"], ["1", "1", "1"]);
}

#[test]
fn viewers_read_signed_numbers_variants_and_floats() {
    let variants = vec!["Idle".to_string(), "Busy".to_string()];
    let fetch = Kind::Enum(Arc::new(EnumKind {
        name: "Fetch".to_string(),
        variants,
        ..EnumKind::default()
    }));
    let bf16 = Kind::Float { exponent: 8, mantissa: 7 };
    let kinds = [
        ("n", 8, Kind::Signed),
        ("state", 1, fetch.clone()),
        ("u.x", 16, bf16),
        ("u.free", 1, fetch.clone()),
        ("u.free_name", 1, Kind::Bit),
    ];
    let signal =
        |(path, width, kind): (&str, u32, Kind)| Signal { path: path.to_string(), width, kind };
    let mut trace = Trace::new(kinds.map(signal).to_vec());
    let row = |n: i64, state: u64, x: u64| {
        let (n, x) = (Bits::from_i64(8, n), Bits::new(16, x));
        vec![n, Bits::new(1, state), x, Bits::new(1, 0), Bits::new(1, 1)]
    };
    trace.cycles = vec![row(-3, 0, 0xc049), row(5, 1, 0x3dcd)];
    let file = written(&trace);
    let text = String::from_utf8(file.clone()).unwrap();
    for line in [
        "$var integer 8 \" n $end",
        "$var string 1 $ state_name $end",
        "$var real 64 & x_value $end",
        "sIdle $",
        "sBusy $",
        "r-3.14 &",
        "r0.1 &",
    ] {
        assert!(text.lines().any(|l| l == line), "no `{line}` in\n{text}");
    }
    assert_eq!(text.matches(" free_name $end").count(), 1, "a name is not given twice");

    assert_eq!(changes(&file, "top.state_name"), ["Idle", "Busy"]);
    assert_eq!(changes(&file, "top.u.x_value"), ["-3.14", "0.1"]);
    assert_eq!(changes(&file, "top.n"), ["11111101", "00000101"]);

    let file = WaveFormat::Fst.write(&trace).unwrap();
    let text = |bits: &String| -> String {
        let codes = bits.as_bytes().chunks(8).map(|c| std::str::from_utf8(c).unwrap());
        codes.map(|c| char::from(u8::from_str_radix(c, 2).unwrap())).collect()
    };
    let names: Vec<_> = changes(&file, "top.state_name").iter().map(text).collect();
    assert_eq!(names, ["Idle", "Busy"]);
    assert_eq!(changes(&file, "top.u.x_value"), ["-3.14", "0.1"]);
    assert_eq!(changes(&file, "top.n"), ["11111101", "00000101"]);
    let wave = wellen::simple::read_from_reader(Cursor::new(file)).unwrap();
    let hierarchy = wave.hierarchy();
    let n = hierarchy.all_vars().find(|v| hierarchy[*v].full_name(hierarchy) == "top.n").unwrap();
    assert_eq!(hierarchy[n].var_type(), wellen::VarType::Integer, "viewers show it signed");
}

/// The values that the one variable of this name takes.
fn changes(file: &[u8], wanted: &str) -> Vec<String> {
    let mut wave = wellen::simple::read_from_reader(Cursor::new(file.to_vec())).unwrap();
    let mut vars: Vec<_> = wave.hierarchy().all_vars().collect();
    let hierarchy = wave.hierarchy();
    vars.retain(|var| hierarchy[*var].full_name(hierarchy) == wanted);
    let id = hierarchy[vars[0]].signal_ref();
    wave.load_signals(&[id]);
    wave.get_signal(id).unwrap().iter_changes().map(|(_, v)| v.to_string()).collect()
}

#[test]
fn the_format_is_that_of_the_name() {
    assert_eq!(WaveFormat::of(Path::new("a.vcd")), Ok(WaveFormat::Vcd));
    assert_eq!(WaveFormat::of(Path::new("b/a.fst")), Ok(WaveFormat::Fst));
    let error = WaveFormat::of(Path::new("a.wave")).unwrap_err();
    assert!(error.starts_with("a.wave: ") && error.ends_with(".vcd or .fst"), "{error}");
}

#[test]
fn a_clock_in_the_trace_is_the_clock() {
    let mut trace = Trace::new(vec![signal("clk", 1)]);
    trace.cycles = vec![vec![Bits::new(1, 0)], vec![Bits::new(1, 1)]];
    assert_eq!(read_back(written(&trace), 2)["top.clk"], ["0", "1"]);
}

#[test]
fn no_cycles_are_a_file_too() {
    let trace = Trace::new(vec![signal("a", 1)]);
    assert!(String::from_utf8(written(&trace)).unwrap().ends_with("$enddefinitions $end\n#0\n"));
    let fst = WaveFormat::Fst.write(&trace).unwrap();
    assert!(wellen::simple::read_from_reader(Cursor::new(fst)).is_ok());
}

fn traces() -> impl Strategy<Value = Trace> {
    let widths = proptest::collection::vec(1u32..130, 1..6);
    (widths, proptest::collection::vec(any::<u64>(), 1..12)).prop_map(|(widths, seeds)| {
        let path = |i| ["a", "u.a", "u.v[0].a", "w[2].b", "u.b"][i];
        let signals = widths.iter().enumerate().map(|(i, w)| signal(path(i), *w)).collect();
        let value = |seed: u64, w: u32| {
            let noise = seed.wrapping_mul(u64::from(w) | 1);
            Bits::from_words(w, &[noise, noise.rotate_left(17), !noise])
        };
        let cycle = |seed: &u64| widths.iter().map(|w| value(*seed, *w)).collect();
        Trace { signals, cycles: seeds.iter().map(cycle).collect() }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(trace in traces()) {
        let columns = read_back(written(&trace), trace.cycles.len());
        prop_assert_eq!(columns.len(), trace.signals.len() + 1);
        let fst = WaveFormat::Fst.write(&trace).unwrap();
        prop_assert_eq!(&read_back(fst.clone(), trace.cycles.len()), &columns);
        for (format, whole) in [(WaveFormat::Vcd, written(&trace)), (WaveFormat::Fst, fst)] {
            let mut streamed = Cursor::new(Vec::new());
            let mut stream = WaveStream::new(format, &trace.signals, &mut streamed).unwrap();
            trace.cycles.iter().for_each(|values| stream.cycle(values).unwrap());
            stream.finish().unwrap();
            prop_assert_eq!(streamed.into_inner(), whole);
        }
        for s in &trace.signals {
            let bits = |b: &&Bits| (0..s.width).rev().map(|i| if b.bit(i) { '1' } else { '0' }).collect();
            let expected: Vec<String> = trace.column(&s.path).unwrap().iter().map(bits).collect();
            prop_assert_eq!(&columns[&format!("top.{}", s.path)], &expected);
        }
    }
}
