//! [`QuantizeTile`]: a square of floats to blocks along either axis.

use crate::Quantize;
use olivine_lang::prelude::*;

/// Takes a square of floats in by rows and quantizes it by rows or by columns: forward and backward
/// passes contract over different axes, so that the same numbers share their scales otherwise.
///
/// ```text
///              +--------------+
///    load ---->|              |
///    values -->|              |--> scale
///    randoms ->| QuantizeTile |
///    drain --->|              |--> elements
///    columns ->|              |
///              +--------------+
/// ```
///
/// *Parameters*: `quantize`, what becomes of a block; its size is the edge of the square.
///
/// *Behaviour*:
/// 1. `scale` and `elements` are those of the first row that is held or, with `columns`, of the first
///    column: [`Quantize`] of it. Its elements are in the order of the rows.
/// 2. With `load` the first row leaves, and `values` enters as the last one.
/// 3. Else with `drain` the first row leaves or, with `columns`, the first column. What enters at the
///    other end means nothing.
///
/// So after as many loads as rows, as many drains give all rows in the order in which they came, or all
/// columns from the first on.
///
/// *Timing*: a block in each cycle; a load takes effect in the next one. Combinational paths lead from
/// `columns` and `randoms` alone to the outputs. No handshake.
///
/// *Reset*: none; the registers hold data only.
///
/// *Numerics*: as [`Quantize`].
///
/// *Undefined*: outputs that depend on rows that were not loaded.
///
/// *Verification*: squares of random numbers along both axes against the golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct QuantizeTile {
    /// What is done with rows or columns.
    pub quantize: Quantize,
}

/// The ports of [`QuantizeTile`].
#[derive(Ports)]
pub struct QuantizeTilePorts {
    /// A row enters.
    pub load: In<Bit>,
    /// The row.
    pub values: In<Vec<Float>>,
    /// What is first leaves.
    pub drain: In<Bit>,
    /// Blocks are columns.
    pub columns: In<Bit>,
    /// For stochastic rounding, one for each element, uniform.
    pub randoms: Option<In<Vec<Unsigned>>>,
    /// Of the first row or column.
    pub scale: Out<Unsigned>,
    /// Codes.
    pub elements: Out<Vec<Unsigned>>,
}

impl Module for QuantizeTile {
    type Ports = QuantizeTilePorts;

    fn check(&self) -> Result<(), String> {
        self.quantize.check()
    }

    fn ports(&self) -> QuantizeTilePorts {
        let p = self.quantize.ports();
        let (load, drain, columns) = (bit(), bit(), bit());
        let (values, randoms, scale) = (p.values, p.randoms, p.scale);
        QuantizeTilePorts { load, values, drain, columns, randoms, scale, elements: p.elements }
    }

    fn name(&self) -> String {
        format!("{}_tile", self.quantize.name())
    }

    #[named]
    fn build(&self, p: QuantizeTilePorts) {
        let size = self.quantize.size as usize;
        let held: Vec<Vec<Float>> = (0..size)
            .map(|_| (0..size).map(|_| reg(self.quantize.from.shape())).collect())
            .collect();
        let by_columns = !p.load & p.columns;
        when(p.load | p.drain, || {
            for (r, c) in (0..size).flat_map(|r| (0..size).map(move |c| (r, c))) {
                // Columns turn round, as nothing better enters.
                let below = if r + 1 < size { held[r + 1][c] } else { p.values[c] };
                let right = held[r][(c + 1) % size];
                held[r][c].set(by_columns.select(right, below));
            }
        });
        let quantize = instance(self.quantize.clone(), "quantize");
        for (value, (row, first)) in quantize.values.iter().zip(held.iter().zip(&held[0])) {
            value.drive(p.columns.select(row[0], *first));
        }
        if let (Some(to), Some(from)) = (&quantize.randoms, &p.randoms) {
            to.iter().zip(from).for_each(|(to, from)| to.drive(*from));
        }
        p.scale.drive(quantize.scale);
        p.elements.iter().zip(&quantize.elements).for_each(|(to, from)| to.drive(*from));
    }
}
