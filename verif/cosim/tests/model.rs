//! Building, caching and driving models.

use olivine_cosim::{BuildError, Effort, Model, Options, Verilated};
use olivine_interp::Engine;
use olivine_netlist::{Bits, Design, DomainId};
use olivine_tools::Tools;
use std::fs;
use std::path::Path;

const ACCUMULATOR: &str = "netlist 1
top accumulator

module accumulator {
  domain rising
  domain slow falling
  input step : unsigned 100
  input narrow : unsigned 64
  output sum : unsigned 100 = sum
  output count : unsigned 3 = count
  output doubled : unsigned 65 = %6
  register sum : unsigned 100 reset 100'h7
    set %4
  register count : unsigned 3 init 3'h6 in slow
    set %7
  %0 : 100 = input step
  %1 : 64 = input narrow
  %2 : 100 = register sum
  %3 : 3 = register count
  %4 : 100 = add(sum, step)
  %5 : 65 = extend(narrow)
  %6 : 65 = add(%5, %5)
  %8 : 3 = 3'h1
  %7 : 3 = add(count, %8)
}
";

fn accumulator() -> Design {
    let design = Design::parse(ACCUMULATOR).unwrap();
    assert_eq!(design.validate(), Ok(()));
    design
}

fn options(cache: &Path) -> Options {
    let cache = Some(cache.to_path_buf());
    Options { effort: Effort::Quick, cache, ..Options::default() }
}

fn quick() -> Options {
    Options { effort: Effort::Quick, ..Options::default() }
}

fn model() -> Model {
    Model::build(&accumulator(), &quick()).unwrap_or_else(|error| panic!("{error}"))
}

struct Driven {
    engine: Verilated,
    fast: DomainId,
    slow: DomainId,
}

impl Driven {
    fn new(model: &Model) -> Self {
        Self { engine: model.start(), fast: DomainId(0), slow: DomainId(1) }
    }

    fn get(&mut self, port: &str) -> Bits {
        let port = self.engine.interface().find(port).unwrap();
        self.engine.get(port)
    }

    fn set(&mut self, port: &str, value: &Bits) {
        let port = self.engine.interface().find(port).unwrap();
        self.engine.set(port, value);
    }
}

#[test]
fn wide_ports_clocks_and_resets() {
    let mut t = Driven::new(&model());
    assert_eq!(t.get("sum"), Bits::zero(100));
    assert_eq!(t.get("count"), Bits::new(3, 6));
    let big = Bits::from_words(100, &[u64::MAX, 3]);
    t.set("step", &big);
    t.engine.set_reset(t.fast, true);
    t.engine.step(t.fast);
    assert_eq!(t.get("sum"), Bits::new(100, 7));
    t.engine.set_reset(t.fast, false);
    t.engine.step_by(t.fast, 2);
    assert_eq!(t.get("sum"), Bits::from_words(100, &[5, 8]));
    assert_eq!(t.get("count"), Bits::new(3, 6), "the other clock stands");
    t.engine.step_by(t.slow, 3);
    assert_eq!(t.get("count"), Bits::new(3, 1));
    assert_eq!(t.engine.cycle(), 6);
    t.set("narrow", &Bits::ones(64));
    assert_eq!(t.get("doubled"), Bits::from_words(65, &[u64::MAX - 1, 1]), "it settles by itself");
    assert_eq!(t.get("narrow"), Bits::ones(64));
}

#[test]
fn a_port_may_have_the_name_of_its_module() {
    let text = ACCUMULATOR.replace("accumulator", "sum");
    let options = Options { registers: true, ..quick() };
    let model = Model::build(&Design::parse(&text).unwrap(), &options);
    let mut t = Driven::new(&model.unwrap_or_else(|error| panic!("{error}")));
    assert_eq!(t.engine.interface().name, "sum");
    t.set("step", &Bits::new(100, 5));
    t.engine.step_by(t.fast, 2);
    assert_eq!(t.get("sum"), Bits::new(100, 10));
}

#[test]
fn what_can_be_observed_is_the_boundary() {
    let mut engine = model().start();
    let paths: Vec<_> = engine.signals().iter().map(|s| s.path.clone()).collect();
    assert_eq!(paths, ["step", "narrow", "sum", "count", "doubled"]);
    assert_eq!(engine.read(3), Bits::new(3, 6));
    assert!(engine.memories().is_empty() && engine.take_violations().is_empty());
    assert_eq!(engine.engine_name(), "verilator");
}

#[test]
fn simulations_of_one_model_are_apart() {
    let model = model();
    let run = |edges: u64| {
        let model = model.clone();
        std::thread::spawn(move || {
            let mut t = Driven::new(&model);
            t.set("step", &Bits::new(100, 1));
            t.engine.step_by(t.fast, edges);
            t.get("sum").low_u64()
        })
    };
    let running: Vec<_> = (0..4).map(|i| run(i * 1000)).collect();
    let sums: Vec<_> = running.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(sums, [0, 1000, 2000, 3000]);
}

#[test]
fn a_model_is_built_once_and_a_spoilt_one_is_told() {
    let cache = tempfile::tempdir().unwrap();
    let build = || Model::build(&accumulator(), &options(cache.path()));
    let names = || {
        let entries = fs::read_dir(cache.path()).unwrap().map(|e| e.unwrap().path());
        let mut names: Vec<_> = entries.collect();
        names.sort();
        names
    };
    assert!(build().is_ok());
    let first = names();
    assert_eq!(first.len(), 2, "the model and Verilator's runtime: {first:?}");
    let library = first[0].join("model.so");
    let written = fs::metadata(&library).unwrap().modified().unwrap();
    assert!(build().is_ok());
    assert_eq!(names(), first);
    assert_eq!(fs::metadata(&library).unwrap().modified().unwrap(), written);
    fs::remove_file(&library).unwrap();
    fs::write(&library, "no library").unwrap();
    let error = build().err().unwrap();
    assert!(matches!(error, BuildError::Load { .. }), "{error}");
    assert!(error.to_string().contains("help: delete that file"), "{error}");
}

#[test]
fn missing_tools_are_told() {
    let empty = tempfile::tempdir().unwrap();
    let tools = Some(Tools::at(empty.path(), vec![]));
    let error = Model::build(&accumulator(), &Options { tools, ..quick() }).err().unwrap();
    assert!(matches!(&error, BuildError::Missing(tool) if tool.name == "verilator"), "{error}");
    assert!(error.to_string().contains("help: "), "{error}");
}

#[test]
#[should_panic(expected = "`sum` is no input")]
fn an_output_cannot_be_set() {
    let mut t = Driven::new(&model());
    t.set("sum", &Bits::zero(100));
}
