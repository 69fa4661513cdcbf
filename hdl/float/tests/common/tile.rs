//! Squares of floats, quantized along either axis, against the golden model.

use crate::stimulus::{Random, golden_element, golden_format};
use olivine_float::{Element, Format, Quantize, QuantizeTile, Rounding};
use olivine_golden::number;
use olivine_interp::{Engine, Undefined};
use olivine_lang::prelude::{Design, elaborate};
use olivine_netlist::{DomainId, PortId};
use olivine_sim::Compiled;

/// Rows of a square.
pub const SIZE: usize = 8;
const ELEMENT: Element = Element::Float(Format::E4M3);
const FROM: Format = Format::BF16;

/// The ports by their places: load, the row, drain, columns, scale, elements.
const LOAD: usize = 0;
const DRAIN: usize = SIZE + 1;
const COLUMNS: usize = SIZE + 2;
const SCALE: usize = SIZE + 3;

/// The unit.
pub fn tile() -> Design {
    let (from, element, size) = (FROM, ELEMENT, SIZE as u32);
    let quantize = Quantize { from, element, size, rounding: Rounding::NearestEven };
    elaborate(QuantizeTile { quantize }).unwrap()
}

/// Loads a square and drains it; how many blocks were right, or the first that was not.
fn run(
    engine: &mut Compiled,
    square: &[[u64; SIZE]; SIZE],
    columns: bool,
) -> Result<usize, String> {
    let port = |index: usize| PortId(index as u32);
    for row in square {
        engine.set_u64(port(LOAD), 1);
        // Neither matters while a row enters.
        engine.set_u64(port(DRAIN), row[0] & 1);
        engine.set_u64(port(COLUMNS), row[1] & 1);
        for (i, value) in row.iter().enumerate() {
            engine.set_u64(port(1 + i), *value);
        }
        engine.step(DomainId(0));
    }
    engine.set_u64(port(LOAD), 0);
    engine.set_u64(port(COLUMNS), columns.into());
    for block in 0..SIZE {
        let values: [u64; SIZE] =
            std::array::from_fn(|i| if columns { square[i][block] } else { square[block][i] });
        let nearest = [number::Rounding::NearestEven; SIZE];
        let (scale, codes) =
            number::quantize(golden_element(ELEMENT), &values, golden_format(FROM), &nearest);
        // A cycle without a drain changes nothing.
        for drain in [0, 1] {
            engine.set_u64(port(DRAIN), drain);
            let found: Vec<u64> = (0..SIZE).map(|i| engine.get_u64(port(SCALE + 1 + i))).collect();
            if engine.get_u64(port(SCALE)) != u64::from(scale) || found != codes {
                return Err(format!("block {block} of {square:x?}, columns {columns}: {found:x?}"));
            }
            engine.step(DomainId(0));
        }
    }
    Ok(SIZE)
}

/// So many squares along one axis or the other; how many blocks were right, or the first that was not.
pub fn squares(design: &Design, count: usize) -> Result<usize, String> {
    let mut engine = Compiled::new(design, Undefined::Random(1));
    let mut random = Random(7);
    let blocks = (0..count).map(|i| {
        let square =
            [(); SIZE].map(|()| [(); SIZE].map(|()| random.float_near(127 << 7, FROM, 20)));
        run(&mut engine, &square, i % 3 > 0)
    });
    blocks.sum()
}
