//! [`Task`]: one seed on one bench.

use crate::Parameters;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// One seed on one bench with given parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// See [`Task::new`].
    pub id: String,
    /// Name of the bench.
    pub bench: String,
    /// All its parameters.
    pub parameters: Parameters,
    /// The seed, all 64 bits of it.
    pub seed: u64,
    /// The longest it may take.
    pub time_limit_s: f64,
}

impl Task {
    /// A task. Its id is a function of bench, parameters and seed alone.
    pub fn new(bench: &str, parameters: Parameters, seed: u64, time_limit_s: f64) -> Self {
        let mut text = format!("bench {bench}\n");
        for (name, value) in parameters.iter() {
            let value = serde_json::to_string(value).expect("a value has a JSON form");
            writeln!(text, "{name} {value}").expect("a string takes all");
        }
        writeln!(text, "seed {seed}").expect("a string takes all");
        let digest: String =
            Sha256::digest(text).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Self {
            id: format!("{bench}-{digest}"),
            bench: bench.into(),
            parameters,
            seed,
            time_limit_s,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Parameter, Value};
    use std::collections::BTreeMap;

    fn id(bench: &str, depth: i64, seed: u64) -> String {
        let declared = [Parameter::new("depth", 4, ""), Parameter::new("mode", "fast", "")];
        let given = BTreeMap::from([("depth".to_string(), Value::Integer(depth))]);
        Task::new(bench, Parameters::new(&declared, &given).unwrap(), seed, 1.0).id
    }

    #[test]
    fn an_id_is_of_bench_parameters_and_seed() {
        assert_eq!(id("fifo", 4, 0), "fifo-79dc518be1a7", "ids stay the same for ever");
        let all = [id("fifo", 4, 0), id("fifo", 4, 1), id("fifo", 5, 0), id("fif", 4, 0)];
        for (i, one) in all.iter().enumerate() {
            assert!(!all[..i].contains(one), "{one}");
        }
        assert_ne!(id("fifo", 4, 1), id("fifo", 4, 1 + (1 << 32)), "no bit of a seed is dropped");
    }
}
