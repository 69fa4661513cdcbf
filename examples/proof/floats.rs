//! Arithmetic of floats, against textbooks' steps by cases and against SMT-LIB's own floating point,
//! a specification that is not ours. Of the latter:
//!
//! A module is asked together with what it should give; the solver looks for operands of which it
//! gives anything else, one range of the difference of exponents after the other. That it finds none
//! is its word alone: no solver here writes a proof that ours could check, so a row says `Claimed` at
//! best.

use super::cases::{Case, accumulations, sums};
use super::measure::{Measured, Task};
use olivine::formal::{Btor2, Options, SmtSolver, Start};
use olivine::lang::{Module, elaborate};
use olivine::netlist::{
    ClockDomain, Design, Direction, DomainId, Kind, ModuleId, Op, Place, Port, PortId, Property,
    PropertyKind,
};
use olivine_float::{Add, Format, Mac, Rounding};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// The units equal to the textbooks', case by case.
pub fn by_cases(quick: bool) -> Vec<Task> {
    let task = |what: &str, designs: Vec<olivine::netlist::Design>| {
        let name = format!("{what}, {} cases", designs.len());
        Task { name, designs, start: Start::PowerUp }
    };
    let accumulate = task("bf16 accumulate", accumulations(false));
    if quick {
        return vec![accumulate];
    }
    vec![task("fp32 add", sums(&Case::all(), Rounding::NearestEven)), accumulate]
}

/// A module, and what SMT-LIB says that it gives.
struct FloatTask {
    name: &'static str,
    design: Design,
    /// SMT-LIB that defines `spec`, an fp32, of `in.a`, `in.b` and perhaps `in.c`.
    meaning: &'static str,
    /// The difference of exponents by which cases are told, eleven bits in two's complement.
    difference: &'static str,
    /// The ranges of it that are asked about.
    cases: Vec<(i32, i32)>,
}

const FP32_ADD: &str = "
(define-fun spec () Float32
  (fp.add RNE ((_ to_fp 8 24) in.a) ((_ to_fp 8 24) in.b)))";

/// Subnormal operands count as zero. In 64 bits the product is exact and the sum has more than twice
/// as many digits as fp32, so that it may be rounded again. What is below the least normal number
/// once it is rounded to 24 digits is zero: that is, what is below 2^-126 - 2^-151.
const BF16_MAC: &str = "
(define-fun read ((x (_ BitVec 32))) Float64
  (let ((f ((_ to_fp 8 24) x)))
    ((_ to_fp 11 53) RNE (ite (fp.isSubnormal f) ((_ to_fp 8 24) (bvand x #x80000000)) f))))
(define-fun sum () Float64
  (fp.add RNE (fp.mul RNE (read (concat in.a #x0000)) (read (concat in.b #x0000))) (read in.c)))
(define-fun spec () Float32
  (ite (fp.lt (fp.abs sum) ((_ to_fp 11 53) #x380ffffff0000000))
    (ite (fp.isNegative sum) (_ -zero 8 24) (_ +zero 8 24))
    ((_ to_fp 8 24) RNE sum)))";

const OF_TERMS: &str = "(bvsub ((_ zero_extend 3) ((_ extract 30 23) in.a))
  ((_ zero_extend 3) ((_ extract 30 23) in.b)))";

const OF_PRODUCT: &str = "(bvsub (bvadd ((_ zero_extend 3) ((_ extract 14 7) in.a))
  ((_ zero_extend 3) ((_ extract 14 7) in.b)))
  (bvadd ((_ zero_extend 3) ((_ extract 30 23) in.c)) (_ bv127 11)))";

/// Ranges of the difference, from the first to the second, that are together all.
const RANGES: [(i32, i32); 11] = [
    (-1024, -27),
    (-26, -13),
    (-12, -3),
    (-2, -2),
    (-1, -1),
    (0, 0),
    (1, 1),
    (2, 2),
    (3, 12),
    (13, 26),
    (27, 1023),
];

/// The same with each difference a case of its own where the terms overlap: more cases, none of
/// them hard.
fn singly() -> Vec<(i32, i32)> {
    let near = (-27..=27).map(|difference| (difference, difference));
    [(-1024, -28), (28, 1023)].into_iter().chain(near).collect()
}

/// The module with an input for what it should give, and the assertion that it does.
fn with_expected<M: Module>(module: M) -> Design {
    const AT: Place = Place::UNKNOWN;
    let design = elaborate(module).unwrap_or_else(|faults| panic!("{faults}"));
    let mut flat = design.flatten();
    let output = flat.ports.iter().find(|port| port.direction == Direction::Output);
    let result = output.expect("it gives something").value;
    let width = flat.width(result);
    let value = flat.add(Op::Input(PortId(flat.ports.len() as u32)), width, AT);
    let (name, kind, direction) = ("expected".to_string(), Kind::Bits, Direction::Input);
    flat.ports.push(Port { name, direction, width, kind, place: AT, value });
    let condition = flat.add(Op::Eq(result, value), 1, AT);
    if flat.domains.is_empty() {
        flat.domains.push(ClockDomain::new("", AT));
    }
    let (name, kind, domain) = ("as expected".to_string(), PropertyKind::Assert, DomainId(0));
    flat.properties.push(Property { name, kind, condition, domain, place: AT });
    flat.computes = None;
    Design { modules: vec![flat], top: ModuleId(0), files: design.files }
}

fn tasks() -> Vec<FloatTask> {
    vec![
        FloatTask {
            name: "fp32 add, SMT-LIB",
            design: with_expected(Add { format: Format::FP32, rounding: Rounding::NearestEven }),
            meaning: FP32_ADD,
            difference: OF_TERMS,
            cases: RANGES.to_vec(),
        },
        FloatTask {
            name: "bf16 accumulate, SMT-LIB",
            design: with_expected(Mac::BF16),
            meaning: BF16_MAC,
            difference: OF_PRODUCT,
            cases: singly(),
        },
    ]
}

impl FloatTask {
    /// Whether in some case of the range the module gives something else.
    fn script(&self, (first, last): (i32, i32)) -> String {
        let options = Options { start: Start::PowerUp, ..Options::default() };
        let model = Btor2::of(&self.design, &options).unwrap_or_else(|faults| panic!("{faults}"));
        let number = |n: i32| format!("(_ bv{} 11)", n.rem_euclid(2048));
        let (first, last) = (number(first), number(last));
        // Any NaN is the one that the module gives.
        format!(
            "{}{}
(assert (ite (fp.isNaN spec) (= in.expected #x7fc00000)
  (and (not (fp.isNaN ((_ to_fp 8 24) in.expected))) (= ((_ to_fp 8 24) in.expected) spec))))
(assert (let ((d {})) (and (bvsle {first} d) (bvsle d {last}))))
(check-sat)\n",
            model.first_step_in_smt_lib(),
            self.meaning,
            self.difference
        )
    }

    /// Every case by a solver, as long as there is time.
    fn measure(&self, solver: SmtSolver, limit: Duration) -> Result<Measured, String> {
        let tool = solver.find().map_err(|missing| missing.to_string())?;
        let begin = Instant::now();
        let file = std::env::temp_dir().join(format!("olivine-float-{}.smt2", std::process::id()));
        let mut verdict = "Claimed";
        let mut why = String::new();
        for &case in &self.cases {
            let write = std::fs::write(&file, self.script(case));
            write.map_err(|e| format!("{}: {e}", file.display()))?;
            let mut command = solver.command(&tool, &file);
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
            let mut child = command.spawn().map_err(|e| format!("it does not start: {e}"))?;
            let left = limit.saturating_sub(begin.elapsed());
            let started = Instant::now();
            while started.elapsed() < left && matches!(child.try_wait(), Ok(None)) {
                std::thread::sleep(Duration::from_millis(20));
            }
            // It may have ended by itself in the meantime.
            let _ended = child.kill();
            let output = child.wait_with_output().map_err(|e| e.to_string())?;
            let said = String::from_utf8_lossy(&output.stdout).trim().to_string();
            match said.as_str() {
                "unsat" => continue,
                "sat" => verdict = "Differs",
                _ => verdict = "Unknown",
            }
            let (first, last) = case;
            why = format!("difference {first} to {last}: {said}");
            break;
        }
        // Only the system's own folder keeps it longer.
        let _removed = std::fs::remove_file(&file);
        Ok(Measured {
            task: self.name.to_string(),
            engine: solver.name().to_string(),
            verdict: verdict.to_string(),
            seconds: begin.elapsed().as_secs_f64(),
            certified: false,
            certify_seconds: 0.0,
            why,
        })
    }
}

/// A row for each task whose name holds `only`, by each solver that is there.
pub fn measure(only: &str, solvers: &[SmtSolver], limit: Duration) -> Vec<Measured> {
    let mut rows = Vec::new();
    for task in tasks().iter().filter(|task| task.name.contains(only)) {
        for &solver in solvers {
            match task.measure(solver, limit) {
                Ok(row) => rows.push(row),
                Err(why) => eprintln!("{}, {}: {why}", task.name, solver.name()),
            }
        }
    }
    rows
}
