//! Panics of user code, held back until the collector is done.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// The first of the panics that were caught.
#[derive(Default)]
pub(crate) struct FirstPanic(Option<Box<dyn Any + Send>>);

impl FirstPanic {
    /// Runs `door`, behind which user code may panic.
    pub(crate) fn catch<R>(&mut self, door: impl FnOnce() -> R) -> Option<R> {
        match catch_unwind(AssertUnwindSafe(door)) {
            Ok(result) => Some(result),
            Err(payload) => {
                self.keep(payload);
                None
            }
        }
    }

    /// Later payloads are forgotten, not dropped: dropping one may panic again.
    fn keep(&mut self, payload: Box<dyn Any + Send>) {
        match &self.0 {
            None => self.0 = Some(payload),
            Some(_) => std::mem::forget(payload),
        }
    }

    /// Lets the first panic continue; unless the thread panics already, which a second one would turn into an abort.
    pub(crate) fn resume(mut self) {
        match self.0.take() {
            Some(payload) if std::thread::panicking() => std::mem::forget(payload),
            Some(payload) => resume_unwind(payload),
            None => {}
        }
    }

    /// Nobody is left to tell.
    pub(crate) fn forget(mut self) {
        std::mem::forget(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_panic_continues_and_later_payloads_are_not_dropped() {
        struct Explosive;
        impl Drop for Explosive {
            fn drop(&mut self) {
                panic!("a payload was dropped");
            }
        }
        let mut first = FirstPanic::default();
        assert_eq!(first.catch(|| 1), Some(1));
        assert_eq!(first.catch(|| -> i32 { resume_unwind(Box::new("first")) }), None);
        first.catch(|| resume_unwind(Box::new(Explosive)));
        let payload = catch_unwind(AssertUnwindSafe(|| first.resume())).unwrap_err();
        assert_eq!(payload.downcast_ref(), Some(&"first"));
    }
}
