//! Finds the external programs that tests and FPGA builds run.
