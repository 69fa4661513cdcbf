//! A guest's Verilog as a design.

use olivine_import::{ImportError, Options, verilog};
use olivine_netlist::{Bits, Design, ModuleId};
use olivine_tools::Tools;
use rust_hdl::prelude::{Block, generate_verilog_unchecked};

/// What `rust-hdl` writes of a block that is connected, read.
pub fn try_read<B: Block>(block: &B) -> Result<Design, ImportError> {
    verilog(&generate_verilog_unchecked(block), "top", &Options::default(), &Tools::find())
}

/// As [`try_read`], where nothing is wrong with it.
pub fn read<B: Block>(block: &B) -> Design {
    try_read(block).unwrap_or_else(|e| panic!("{e}\n{}", generate_verilog_unchecked(block)))
}

/// The flat design with other names of registers and memories. State without a value at power-up,
/// which `rust-hdl`'s simulator has at zero, has zero.
pub fn flat(design: &Design, name: impl Fn(&str) -> String) -> Design {
    let mut flat = design.flatten();
    flat.cells.iter_mut().for_each(|cell| cell.label = None);
    for register in &mut flat.registers {
        register.name = name(&register.name);
        register.init.get_or_insert_with(|| Bits::zero(register.width));
    }
    for memory in &mut flat.memories {
        memory.name = name(&memory.name);
        memory.init.resize(memory.depth as usize, Bits::zero(memory.width));
    }
    for port in &mut flat.ports {
        // An array of ports here is a port for each there.
        port.name = port.name.replace('_', "");
    }
    let design = Design { modules: vec![flat], top: ModuleId(0), files: design.files.clone() };
    design.validate().unwrap_or_else(|faults| panic!("{faults:#?}"));
    design
}

/// A guest's names as ours are: `r1.p2.acc.q` is `pe[1][2].acc`, and of other paths only the end
/// counts.
pub fn as_ours(name: &str) -> String {
    let words: Vec<&str> = name.split('.').filter(|word| *word != "q").collect();
    match words.as_slice() {
        [row, column, last] if row.starts_with('r') && column.starts_with('p') => {
            format!("pe[{}][{}].{last}", &row[1..], &column[1..])
        }
        words => words.last().copied().unwrap_or_default().to_string(),
    }
}
