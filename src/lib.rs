//! Olivine.
