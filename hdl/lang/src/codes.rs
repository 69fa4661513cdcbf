//! The codes of the language's faults.

/// The codes of what is legal but surely not meant; see [`papercuts`](crate::papercuts).
pub const WARNINGS: &[(&str, &str)] = &[
    ("W001", "a comparison is decided by the width"),
    ("W002", "the upper bits of a product are dropped"),
    ("W003", "`valid` of a stream depends combinationally on its own `ready`"),
];

/// Every code of the language with what it means. The netlist's own are in
/// [`olivine_netlist::CODES`].
pub const CODES: &[(&str, &str)] = &[
    ("L001", "a shape is used as a signal"),
    ("L002", "a signal or memory of another module is used"),
    ("L003", "a signal stands where a shape is wanted"),
    ("L004", "signals are compared by Rust's `==`"),
    ("L010", "shapes that must be the same differ"),
    ("L011", "a literal does not fit"),
    ("L012", "a shape has no bits, or too many"),
    ("L013", "bits are taken that are not there"),
    ("L014", "a width is changed the wrong way"),
    ("L015", "vectors that meet differ in length"),
    ("L016", "nothing is joined"),
    ("L020", "something is driven that cannot be"),
    ("L021", "something is set that is no register"),
    ("L022", "an assignment is always hidden by a later one"),
    ("L023", "a wire, output or instance's input is never driven"),
    ("L024", "a wire is driven only under conditions"),
    ("L025", "a register is never set"),
    ("L026", "a register, wire or memory is never read, or a memory never written"),
    ("L027", "a reset or init value is given to what is no register"),
    ("L028", "a reset or init value is no constant"),
    ("L040", "an array of instances has no elements"),
    ("L041", "a module's ports are not the same each time"),
    ("L042", "a signal is made where ports are declared"),
    ("L050", "a memory has no words, or too many bits"),
    ("L051", "a memory has more initial words than words"),
    ("L052", "an address has not the width that counts the words"),
    ("L053", "a write mask does not divide the word"),
    ("L060", "a module is placed inside itself"),
    ("L061", "a module has parameters that it cannot have"),
    ("L070", "what a variant carries is not known"),
    ("L080", "neither side of a connection can be driven"),
    ("L090", "state of one clock domain is sampled in another"),
    ("L091", "a clock domain has two edges or two kinds of reset"),
    ("L100", "values of different stages of a pipeline meet"),
    ("L101", "what leaves a pipeline has another latency than it is said to have"),
    ("L102", "a synchronous read advances under another condition than its pipeline"),
    ("L110", "a black box is what it cannot be"),
];
