//! Fewer and smaller choices that still show a difference.

/// How often a candidate is tried.
const ATTEMPTS: u32 = 3000;

/// The shortest and smallest list found for which `fails` holds, as it does for `choices`: parts
/// are left out, large ones first, then numbers are made 0 or halved.
pub(super) fn minimize(mut choices: Vec<u32>, mut fails: impl FnMut(&[u32]) -> bool) -> Vec<u32> {
    let mut left = ATTEMPTS;
    let mut attempt = |candidate: &[u32]| {
        left = left.saturating_sub(1);
        left > 0 && fails(candidate)
    };
    loop {
        let before = choices.clone();
        let mut part = choices.len().div_ceil(2);
        while part > 0 {
            let mut at = 0;
            while at < choices.len() {
                let mut candidate = choices.clone();
                candidate.drain(at..(at + part).min(choices.len()));
                if attempt(&candidate) { choices = candidate } else { at += part }
            }
            part /= 2;
        }
        for at in 0..choices.len() {
            for smaller in [0, choices[at] / 2] {
                let mut candidate = choices.clone();
                candidate[at] = smaller;
                if smaller < choices[at] && attempt(&candidate) {
                    choices = candidate;
                    break;
                }
            }
        }
        if choices == before {
            return choices;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_matter_goes() {
        let many: Vec<u32> = (0..100).map(|i| i * 7).collect();
        let smallest = minimize(many, |c| c.iter().any(|n| *n >= 40) && c.len() >= 2);
        assert_eq!(smallest.len(), 2);
        let (low, high) = (smallest.iter().min(), smallest.iter().max());
        assert!(low == Some(&0) && high.is_some_and(|n| (40..80).contains(n)), "{smallest:?}");
    }
}
