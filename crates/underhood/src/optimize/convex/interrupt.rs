//! How a long program is asked now and then whether to go on.
//!
//! clarabel keeps what it asks for as long as it lives and may ask from anywhere, so that it cannot borrow: the caller's question is a plain function, and
//! the error with which it ended the search waits in a shared place until the solver has wound up.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Result};

/// Whether to go on.
pub(super) type Going = Arc<dyn Fn() -> bool + Send + Sync>;

/// Does the work, which asks `checkpoint` now and then and ends with [`Error::Interrupted`] where it refuses; with its own error then.
pub(super) fn interruptible<T, E: From<Error> + Send + 'static>(
    checkpoint: fn() -> std::result::Result<(), E>,
    work: impl FnOnce(&Going) -> Result<T>,
) -> std::result::Result<T, E> {
    let refused = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&refused);
    let going: Going = Arc::new(move || match checkpoint() {
        Ok(()) => true,
        Err(error) => {
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            false
        }
    });
    let found = work(&going);
    match refused.lock().unwrap_or_else(PoisonError::into_inner).take() {
        Some(error) => Err(error),
        None => found.map_err(E::from),
    }
}
