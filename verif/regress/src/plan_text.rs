//! A plan as its file says it.

use crate::{Seeds, Value};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanText {
    pub name: Spanned<String>,
    pub time_limit_s: Option<Spanned<f64>>,
    pub jobs: Option<Spanned<usize>>,
    #[serde(default)]
    pub bench: Vec<Spanned<BenchText>>,
}

/// One `[[bench]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BenchText {
    pub name: Spanned<String>,
    pub seeds: Seeds,
    #[serde(default)]
    pub parameters: Option<Spanned<BTreeMap<String, Value>>>,
    pub time_limit_s: Option<Spanned<f64>>,
}
