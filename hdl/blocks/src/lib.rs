//! Counters, FIFOs, arbiters and other small blocks.
