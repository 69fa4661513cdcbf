//! Compiled simulation and lockstep.
