//! Locking that cannot panic.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks even after a holder panicked: what a simulator keeps is whole after every statement, and a test that panics
/// must not take the next one with it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
