//! Products on the whole chip, commanded by its driver, against the golden model.

use super::recorded::Recorded;
use super::{mutation_parameter, with_mutation};
use olivine_golden::{Operand, gemm};
use olivine_interp::{Engine, Undefined};
use olivine_netlist::Design;
use olivine_peridot::PeridotConfig;
use olivine_peridot::host::{Driver, EngineBus, Matrix};
use olivine_regress::{Failure, Parameter, Parameters, Recorder, StimulusBench};
use olivine_sim::Compiled;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

/// Products of random sizes, transposes and elements.
pub(super) struct GemmBench;

/// One product.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Product {
    /// Rows of the result, length of the sums, columns of the result.
    shape: (usize, usize, usize),
    /// Whether a factor is stored with rows and columns exchanged.
    transposed: (bool, bool),
    /// Elements as stored, the left factor's first; used round and round.
    elements: Vec<u16>,
}

/// The chip under test: as small as one can be and do all there is to do.
pub(super) fn config() -> PeridotConfig {
    PeridotConfig {
        array: 4,
        memory_rows: 512,
        scratch_tiles: 16,
        result_tiles: 8,
        ..PeridotConfig::default()
    }
}

/// Finite numbers around 1 and both zeros, so that sums stay comparable in size.
fn element() -> impl Strategy<Value = u16> {
    prop_oneof![
        8 => (any::<bool>(), 120u16..134, 0u16..128)
            .prop_map(|(s, e, f)| u16::from(s) << 15 | e << 7 | f),
        1 => Just(0u16),
        1 => Just(0x8000u16),
    ]
}

impl Product {
    fn factors(&self) -> (Matrix<u16>, Matrix<u16>) {
        let (m, k, n) = self.shape;
        let mut elements = self.elements.iter().copied().cycle();
        let mut matrix = |rows, cols, transposed: bool| {
            let (rows, cols) = if transposed { (cols, rows) } else { (rows, cols) };
            Matrix::from_fn(rows, cols, |_, _| elements.next().unwrap_or_default())
        };
        (matrix(m, k, self.transposed.0), matrix(k, n, self.transposed.1))
    }

    /// The golden product. Padding of the sums with +0·+0 is part of the chip's contract.
    fn golden(&self, a: &Matrix<u16>, b: &Matrix<u16>) -> Vec<u32> {
        let size = config().array as usize;
        let (a, b) = (padded(a, size), padded(b, size));
        let (left, right) = (operand(&a, self.transposed.0), operand(&b, self.transposed.1));
        let all = gemm(left, right).expect("shapes go together");
        let (m, _, n) = self.shape;
        let width = n.next_multiple_of(size);
        (0..m * n).map(|i| all[i / n * width + i % n]).collect()
    }
}

fn operand(matrix: &Matrix<u16>, transposed: bool) -> Operand<'_> {
    let plain = Operand::new(matrix.elements(), matrix.rows(), matrix.cols());
    let plain = plain.expect("a matrix has all its elements");
    if transposed { plain.transposed() } else { plain }
}

fn padded(matrix: &Matrix<u16>, size: usize) -> Matrix<u16> {
    let (rows, cols) = (matrix.rows(), matrix.cols());
    Matrix::from_fn(rows.next_multiple_of(size), cols.next_multiple_of(size), |r, c| {
        if r < rows && c < cols { matrix.at(r, c) } else { 0 }
    })
}

impl StimulusBench for GemmBench {
    type Stimulus = Vec<Product>;

    fn name(&self) -> &str {
        "gemm"
    }

    fn meaning(&self) -> &str {
        "products on a 4×4 Peridot against the golden model"
    }

    fn parameters(&self) -> Vec<Parameter> {
        vec![mutation_parameter()]
    }

    fn strategy(&self, _: &Parameters) -> BoxedStrategy<Self::Stimulus> {
        let size = 1usize..=12;
        let product = (
            (size.clone(), size.clone(), size),
            any::<(bool, bool)>(),
            proptest::collection::vec(element(), 1..64),
        );
        let product = product.prop_map(|(shape, transposed, elements)| Product {
            shape,
            transposed,
            elements,
        });
        proptest::collection::vec(product, 1..4).boxed()
    }

    fn check(
        &self,
        stimulus: &Self::Stimulus,
        parameters: &Parameters,
        recorder: &mut Recorder,
    ) -> Result<(), Failure> {
        let design = super::gemm_dut().map_err(|e| Failure::new("faults", e.message))?;
        let design = with_mutation(design, parameters)?;
        recorder.design(&design);
        judge(&design, stimulus, recorder)
    }
}

fn judge(design: &Design, products: &[Product], recorder: &mut Recorder) -> Result<(), Failure> {
    let engine = Compiled::new(design, Undefined::Random(1));
    let mut dut = Recorded { engine, recorder };
    let refused = |error: String| Failure::new("the chip refuses", error);
    let bus = EngineBus::new(&mut dut).map_err(|e| refused(e.to_string()))?;
    let mut chip = Driver::connect(bus, config()).map_err(|e| refused(e.to_string()))?;
    for product in products {
        let (a, b) = product.factors();
        let start = chip.mark();
        let placed = chip.upload(&a).and_then(|a| Ok((a, chip.upload(&b)?)));
        let (left, right) = placed.map_err(|e| refused(e.to_string()))?;
        let left = if product.transposed.0 { left.transposed() } else { left.into() };
        let right = if product.transposed.1 { right.transposed() } else { right.into() };
        let found = chip.gemm(left, right).map_err(|e| refused(e.to_string()))?;
        chip.release(start);
        let wanted = product.golden(&a, &b);
        let differing = (0..wanted.len()).find(|&i| wanted[i] != found.elements()[i]);
        if let Some(i) = differing {
            let message = format!(
                "element {i} of {:?} is {:08x}, must be {:08x}",
                product.shape,
                found.elements()[i],
                wanted[i]
            );
            return Err(Failure::new("wrong product", message));
        }
    }
    match dut.take_violations().first() {
        None => Ok(()),
        Some(v) => Err(Failure::new(format!("assert {}", v.path), format!("in cycle {}", v.cycle))),
    }
}
