//! Panics that are expected: shrinking meets them by the hundred, and prints none.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    /// Whether panics of this thread are expected now.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Whether `work` ends without a panic; one that comes is not printed.
pub(crate) fn passes(work: impl FnOnce()) -> bool {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info);
            }
        }));
    });
    let outer = QUIET.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(outer);
    outcome.is_ok()
}
