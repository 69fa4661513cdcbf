//! Emitted Verilog in Verilator, behind the engine trait.
