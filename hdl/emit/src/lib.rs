//! Verilog writer.
