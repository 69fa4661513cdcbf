//! Floating-point hardware.
