//! The `olivine` command with the designs and benches of this repository.

use std::process::ExitCode;

fn main() -> ExitCode {
    olivine::main(&olivine::designs::all(), &olivine::benches::all())
}
