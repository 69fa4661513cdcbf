//! Columns of bits to be added: bit `i` of a column counts 2^column.

use olivine_lang::prelude::*;

/// For each power of two the bits that count it; modulo 2^(number of columns).
pub(super) type Columns = Vec<Vec<Bit>>;

/// Two bits of which the second counts twice.
#[track_caller]
fn half_adder(a: Bit, b: Bit) -> (Bit, Bit) {
    (a ^ b, a & b)
}

#[track_caller]
fn full_adder(a: Bit, b: Bit, c: Bit) -> (Bit, Bit) {
    let half = a ^ b;
    (half ^ c, (a & b) | (half & c))
}

/// Threes become one of the column and one of the next, in as many levels as that takes: at most
/// two bits stay in each column (Wallace, 1964).
#[track_caller]
pub(super) fn wallace(mut columns: Columns) -> Columns {
    while columns.iter().any(|column| column.len() > 2) {
        let mut next: Columns = vec![Vec::new(); columns.len() + 1];
        for (i, column) in columns.iter().enumerate() {
            for group in column.chunks(3) {
                match *group {
                    [a, b, c] => place(&mut next, i, full_adder(a, b, c)),
                    [a, b] if column.len() > 2 => place(&mut next, i, half_adder(a, b)),
                    _ => next[i].extend(group),
                }
            }
        }
        next.pop();
        columns = next;
    }
    columns
}

fn place(columns: &mut Columns, column: usize, (sum, carry): (Bit, Bit)) {
    columns[column].push(sum);
    columns[column + 1].push(carry);
}

/// The rows of at most two bits a column as two numbers.
#[track_caller]
pub(super) fn two_rows(columns: &Columns) -> [Unsigned; 2] {
    let row = |r: usize| {
        let of =
            |column: &Vec<Bit>| column.get(r).copied().unwrap_or_else(|| constant(bit(), false));
        cat(columns.iter().map(of).collect::<Vec<Bit>>())
    };
    [row(0), row(1)]
}
