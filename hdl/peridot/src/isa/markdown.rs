//! `ISA.md`, written from the tables.

use super::{
    Csr, Field, ID_VALUE, INSTRUCTION_BITS, OPCODE_BITS, Opcode, Region, STATUS_FIELDS,
    UART_PACKETS,
};
use std::fmt::Write;

/// The text of `ISA.md`.
pub fn markdown() -> String {
    let mut text = String::from(HEAD);
    for &opcode in Opcode::ALL {
        text += &instruction(opcode);
    }
    text += &regions();
    text += &registers();
    text += &packets();
    text
}

const HEAD: &str = "\
# Peridot: instructions and registers

<!-- Written from src/isa.rs; `OLIVINE_UPDATE=1 cargo test -p olivine-peridot isa` renews it. -->

An instruction is 128 bits, written by the host as four 32-bit words, lowest first. Commands are
carried out in order; each starts when the one before it is complete. An unknown opcode sets
`illegal` in the status register and is skipped. Running row addresses are modulo 2^24 and tile
addresses modulo 2^16; one that is not there sets `out_of_range`.

## Instructions
";

fn instruction(opcode: Opcode) -> String {
    let doc: Vec<&str> = opcode.doc().lines().map(str::trim).collect();
    let (name, code) = (opcode.mnemonic(), opcode as u32);
    let opcode_field = Field { name: "opcode", lsb: 0, width: OPCODE_BITS, doc: "" };
    let mut text = format!("\n### {name} ({code})\n{}\n\n", doc.join("\n").trim());
    text += "| bits | field | meaning |\n|---|---|---|\n";
    writeln!(text, "| {} | `opcode` | {code} |", bits(&opcode_field)).expect("a String takes all");
    text += &rows(opcode.fields());
    text
}

fn rows(fields: &[Field]) -> String {
    fields.iter().map(|f| format!("| {} | `{}` | {} |\n", bits(f), f.name, f.doc)).collect()
}

fn bits(field: &Field) -> String {
    assert!(field.lsb + field.width <= INSTRUCTION_BITS, "{} leaves the word", field.name);
    match field.width {
        1 => format!("{}", field.lsb),
        width => format!("{}:{}", field.lsb + width - 1, field.lsb),
    }
}

fn regions() -> String {
    let mut text = String::from("\n## Host addresses\nAddresses count 32-bit words.\n\n");
    text += "| first | last | region | meaning |\n|---|---|---|---|\n";
    for &region in Region::ALL {
        let (first, last) = (region.base(), region.base() + region.size() - 1);
        let (name, doc) = region.row();
        writeln!(text, "| 0x{first:06x} | 0x{last:06x} | {name} | {doc} |")
            .expect("a String takes all");
    }
    text +=
        "\nOther addresses read as 0; writes to them, and to read-only registers, are ignored.\n";
    text
}

fn registers() -> String {
    let mut text = String::from("\n## Registers\n");
    text += "Every cycle counts in exactly one of registers 6 to 12: `cycles` is their sum.\n";
    writeln!(text, "The identity register reads 0x{ID_VALUE:08x}.\n").expect("a String takes all");
    text += "| offset | register | access | meaning |\n|---|---|---|---|\n";
    for &csr in Csr::ALL {
        writeln!(text, "| {} | `{csr:?}` | {} | {} |", csr as u32, csr.access(), csr.doc())
            .expect("a String takes all");
    }
    text += "\n### Status\n| bits | field | meaning |\n|---|---|---|\n";
    text + &rows(STATUS_FIELDS)
}

fn packets() -> String {
    let mut text = String::from(
        "\n## Serial line\nOn a board the bus goes over a UART (8N1). The host sends one packet at a \
         time and waits for its\nanswer. Numbers are sent lowest byte first.\n\n\
         | the host sends | meaning | the chip answers |\n|---|---|---|\n",
    );
    for [sent, meaning, answer] in UART_PACKETS {
        writeln!(text, "| {sent} | {meaning} | {answer} |").expect("a String takes all");
    }
    text
}
