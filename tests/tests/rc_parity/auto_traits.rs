//! What the compiler says about the pointers by itself, as it does about `Rc`'s.

use std::cell::Cell;
use std::marker::PhantomPinned;
use std::panic::{RefUnwindSafe, UnwindSafe};

use static_assertions::{assert_impl_all, assert_not_impl_any};

/// The auto traits of a pointer and its `Weak`, whatever they point to.
macro_rules! auto_traits {
    ($pointer:ident, $weak:ident) => {
        // Never sent, even of what can be sent.
        assert_not_impl_any!($pointer<u8>: Send, Sync);
        assert_not_impl_any!($pointer<str>: Send, Sync);
        assert_not_impl_any!($pointer<dyn Send + Sync>: Send, Sync);
        assert_not_impl_any!($weak<u8>: Send, Sync);
        assert_not_impl_any!($weak<str>: Send, Sync);

        // The pointer moves, the value does not.
        assert_impl_all!($pointer<PhantomPinned>: Unpin);
        assert_impl_all!($pointer<[PhantomPinned]>: Unpin);
        assert_impl_all!($weak<PhantomPinned>: Unpin);
        assert_impl_all!($weak<dyn std::any::Any>: Unpin);

        // As the value.
        assert_impl_all!($pointer<u8>: UnwindSafe, RefUnwindSafe);
        assert_impl_all!($pointer<str>: UnwindSafe, RefUnwindSafe);
        assert_not_impl_any!($pointer<Cell<u8>>: UnwindSafe, RefUnwindSafe);
        assert_not_impl_any!($pointer<dyn std::any::Any>: UnwindSafe, RefUnwindSafe);

        // Never: a weak pointer sees counts.
        assert_not_impl_any!($weak<u8>: UnwindSafe, RefUnwindSafe);

        /// A shorter lifetime does for a longer one.
        #[allow(dead_code, reason = "that it compiles is the test")]
        fn covariant<'a>(
            strong: $pointer<&'static str>,
            weak: $weak<&'static str>,
        ) -> ($pointer<&'a str>, $weak<&'a str>) {
            (strong, weak)
        }

        const _: () = assert!(size_of::<Option<$pointer<u8>>>() == size_of::<usize>());
        const _: () = assert!(size_of::<Option<$weak<u8>>>() == size_of::<usize>());
        const _: () = assert!(size_of::<Option<$pointer<str>>>() == 2 * size_of::<usize>());
        const _: () = assert!(size_of::<Option<$weak<dyn Send>>>() == 2 * size_of::<usize>());
    };
}

mod of_rc {
    use super::*;
    use std::rc::{Rc, Weak};
    auto_traits!(Rc, Weak);
}

mod of_gc {
    use super::*;
    use gc_core::{Gc, Weak};
    auto_traits!(Gc, Weak);
}
