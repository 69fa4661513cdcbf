//! The language: plain Rust that elaborates into a design.
