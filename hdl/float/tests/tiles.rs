//! Squares of floats, quantized along either axis, against the golden model.

#[path = "common/stimulus.rs"]
mod stimulus;
#[path = "common/tile.rs"]
mod tile;

use tile::{SIZE, squares, tile};

#[test]
fn rows_and_columns_are_quantized() {
    assert_eq!(squares(&tile(), 400), Ok(400 * SIZE));
}

/// Every fault of the square itself is noticed; those of the quantizer have tests of their own.
#[test]
fn faults_are_noticed() {
    let design = tile();
    let mutations = design.mutations();
    let mine: Vec<_> = mutations.iter().filter(|m| m.module == design.top).collect();
    let chosen = mine.iter().step_by((mine.len() / 40).max(1));
    let missed: Vec<_> = chosen.filter(|m| squares(&m.apply(&design), 12).is_ok()).collect();
    assert!(mine.len() > 40 && missed.is_empty(), "{missed:#?}");
}
