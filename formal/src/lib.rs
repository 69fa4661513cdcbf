//! Proof: transition systems, BMC and k-induction on an embedded solver.
