//! Golden models in integers and exact arithmetic.
