//! Panics of benches as failures with a place.

use crate::Failure;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    /// The last panic of this thread: place and message; `None` outside of [`guarded`].
    static LAST: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Runs `work`; a panic in it becomes a failure whose signature is the panic's place.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    remember_panics();
    LAST.with_borrow_mut(|last| *last = Some(Default::default()));
    let outcome = catch_unwind(AssertUnwindSafe(work));
    let (place, message) = LAST.with_borrow_mut(Option::take).unwrap_or_default();
    outcome.map_err(|_| Failure::new(format!("panic {place}"), format!("{message} ({place})")))
}

/// Panics inside [`guarded`] are kept and not printed: shrinking meets them by the hundred.
fn remember_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let inside = LAST.with_borrow_mut(|last| {
                let Some(last) = last else { return false };
                let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
                let message = info.payload_as_str().unwrap_or("no message");
                *last = (place.unwrap_or_default(), message.to_string());
                true
            });
            if !inside {
                before(info);
            }
        }));
    });
}
