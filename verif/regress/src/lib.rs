//! Regressions: plans, write-once results, reports, replay.
