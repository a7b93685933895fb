//! Every stable item of `Rc` and `rc::Weak`, named with its type: what compiles for the one compiles for the other.

use std::any::Any;
use std::borrow::{Borrow, Cow};
use std::ffi::{CStr, CString, OsStr, OsString};
use std::fmt::{Debug, Display, Pointer};
use std::hash::Hash;
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use static_assertions::assert_impl_all;

/// The items of `$pointer` and `$weak`, each used with its types spelled out.
macro_rules! surface {
    ($pointer:ident, $weak:ident) => {
        #[test]
        fn constructors() {
            let _: fn(u8) -> $pointer<u8> = $pointer::new;
            let _: fn(fn(&$weak<u8>) -> u8) -> $pointer<u8> = $pointer::new_cyclic::<fn(&$weak<u8>) -> u8>;
            let _: fn() -> $pointer<MaybeUninit<u8>> = $pointer::<u8>::new_uninit;
            let _: fn() -> $pointer<MaybeUninit<u8>> = $pointer::<u8>::new_zeroed;
            let _: fn(u8) -> Pin<$pointer<u8>> = $pointer::pin;
            let _: fn(usize) -> $pointer<[MaybeUninit<u8>]> = $pointer::<[u8]>::new_uninit_slice;
            let _: fn(usize) -> $pointer<[MaybeUninit<u8>]> = $pointer::<[u8]>::new_zeroed_slice;
            let _: unsafe fn($pointer<MaybeUninit<u8>>) -> $pointer<u8> = $pointer::<MaybeUninit<u8>>::assume_init;
            let _: unsafe fn($pointer<[MaybeUninit<u8>]>) -> $pointer<[u8]> =
                $pointer::<[MaybeUninit<u8>]>::assume_init;
        }

        #[test]
        fn access_to_the_value() {
            let _: fn($pointer<u8>) -> Result<u8, $pointer<u8>> = $pointer::try_unwrap;
            let _: fn($pointer<u8>) -> Option<u8> = $pointer::into_inner;
            let _: fn($pointer<u8>) -> u8 = $pointer::unwrap_or_clone;
            let _: for<'a> fn(&'a mut $pointer<u8>) -> Option<&'a mut u8> = $pointer::get_mut;
            let _: for<'a> fn(&'a mut $pointer<str>) -> Option<&'a mut str> = $pointer::get_mut;
            let _: for<'a> fn(&'a mut $pointer<u8>) -> &'a mut u8 = $pointer::make_mut;
            let _: for<'a> fn(&'a mut $pointer<[u8]>) -> &'a mut [u8] = $pointer::make_mut;
            let _: for<'a> fn(&'a mut $pointer<str>) -> &'a mut str = $pointer::make_mut;
            let _: for<'a> fn(&'a mut $pointer<CStr>) -> &'a mut CStr = $pointer::make_mut;
            let _: for<'a> fn(&'a mut $pointer<OsStr>) -> &'a mut OsStr = $pointer::make_mut;
            let _: for<'a> fn(&'a mut $pointer<Path>) -> &'a mut Path = $pointer::make_mut;
            let _: fn($pointer<dyn Any>) -> Result<$pointer<u8>, $pointer<dyn Any>> =
                $pointer::<dyn Any>::downcast::<u8>;
        }

        #[test]
        fn counts_and_identity() {
            let _: fn(&$pointer<str>) -> usize = $pointer::strong_count;
            let _: fn(&$pointer<str>) -> usize = $pointer::weak_count;
            let _: fn(&$pointer<str>, &$pointer<str>) -> bool = $pointer::ptr_eq;
            let _: fn(&$pointer<str>) -> $weak<str> = $pointer::downgrade;
        }

        #[test]
        fn raw_pointers() {
            let _: fn(&$pointer<str>) -> *const str = $pointer::as_ptr;
            let _: fn($pointer<str>) -> *const str = $pointer::into_raw;
            let _: unsafe fn(*const str) -> $pointer<str> = $pointer::from_raw;
            let _: unsafe fn(*const str) = $pointer::increment_strong_count;
            let _: unsafe fn(*const str) = $pointer::decrement_strong_count;
        }

        #[test]
        fn the_weak_pointer() {
            const NOTHING: $weak<u8> = $weak::new();
            let _: fn() -> $weak<u8> = $weak::new;
            let _: fn(&$weak<str>) -> Option<$pointer<str>> = $weak::upgrade;
            let _: fn(&$weak<str>) -> usize = $weak::strong_count;
            let _: fn(&$weak<str>) -> usize = $weak::weak_count;
            let _: fn(&$weak<str>, &$weak<str>) -> bool = $weak::ptr_eq;
            let _: fn(&$weak<str>) -> *const str = $weak::as_ptr;
            let _: fn($weak<str>) -> *const str = $weak::into_raw;
            let _: unsafe fn(*const str) -> $weak<str> = $weak::from_raw;
            assert!(NOTHING.upgrade().is_none());
        }

        /// Nothing is known about it, not even a size.
        trait Opaque {}

        /// Only that it can be traced.
        trait Traced: gc_core::Trace {}

        assert_impl_all!($pointer<dyn Opaque>: AsRef<dyn Opaque>, Borrow<dyn Opaque>, Deref<Target = dyn Opaque>);
        assert_impl_all!($pointer<dyn Opaque>: Clone, Drop, Pointer, Unpin);
        assert_impl_all!($weak<dyn Opaque>: Clone, Debug, Drop, Unpin);
        assert_impl_all!($weak<Pin<Box<dyn Opaque>>>: Default);
        assert_impl_all!($pointer<str>: Debug, Display, Eq, Hash, Ord, PartialEq, PartialOrd, ToString);
        assert_impl_all!($pointer<f64>: PartialEq, PartialOrd);

        assert_impl_all!($pointer<u8>: Default, From<u8>, From<Box<u8>>);
        assert_impl_all!(Pin<$pointer<u8>>: Default);
        assert_impl_all!(Pin<$pointer<[u8]>>: Default);
        assert_impl_all!($pointer<dyn Traced>: From<Box<dyn Traced>>);
        assert_impl_all!($pointer<[u8]>: Default, From<Box<[u8]>>, From<Vec<u8>>, From<[u8; 3]>, FromIterator<u8>);
        assert_impl_all!($pointer<[u8]>: From<&'static [u8]>, From<&'static mut [u8]>, From<Cow<'static, [u8]>>);
        assert_impl_all!($pointer<[u8]>: From<$pointer<str>>);
        assert_impl_all!($pointer<[u8; 3]>: TryFrom<$pointer<[u8]>, Error = $pointer<[u8]>>);
        assert_impl_all!($pointer<str>: Default, From<Box<str>>, From<String>, From<Cow<'static, str>>);
        assert_impl_all!($pointer<str>: From<&'static str>, From<&'static mut str>);
        assert_impl_all!($pointer<CStr>: Default, From<Box<CStr>>, From<CString>, From<Cow<'static, CStr>>);
        assert_impl_all!($pointer<CStr>: From<&'static CStr>, From<&'static mut CStr>);
        assert_impl_all!($pointer<OsStr>: From<Box<OsStr>>, From<OsString>, From<Cow<'static, OsStr>>);
        assert_impl_all!($pointer<OsStr>: From<&'static OsStr>, From<&'static mut OsStr>);
        assert_impl_all!($pointer<Path>: From<Box<Path>>, From<PathBuf>, From<Cow<'static, Path>>);
        assert_impl_all!($pointer<Path>: From<&'static Path>, From<&'static mut Path>);

        #[cfg(unix)]
        assert_impl_all!($pointer<std::fs::File>: std::os::fd::AsFd, std::os::fd::AsRawFd);
        #[cfg(windows)]
        assert_impl_all!($pointer<std::fs::File>: std::os::windows::io::AsHandle);
        #[cfg(windows)]
        assert_impl_all!($pointer<std::net::TcpStream>: std::os::windows::io::AsSocket);

        /// Patterns, type inference and method calls of code that is moved from the one to the other.
        #[test]
        fn use_in_a_program() {
            let list: Vec<$pointer<str>> = ["b", "a"].into_iter().map($pointer::from).collect();
            let sorted: std::collections::BTreeSet<_> = list.iter().cloned().collect();
            assert_eq!(sorted.iter().map(|text| text.len()).sum::<usize>(), 2);
            assert!(sorted.contains("a"));
            let total: $pointer<[u32]> = (1..=3).collect();
            assert_eq!(total.iter().sum::<u32>(), 6);
            let value: $pointer<_> = 5.into();
            assert_eq!(*value + 1, 6);
            let maybe = Some($pointer::new(String::from("x")));
            assert_eq!(maybe.as_deref().map(String::as_str), Some("x"));
        }
    };
}

mod of_rc {
    use super::*;
    use std::rc::{Rc, Weak};
    surface!(Rc, Weak);
}

mod of_gc {
    use super::*;
    use gc_core::{Gc, Weak};
    surface!(Gc, Weak);

    // Beyond `Rc`.
    assert_impl_all!(Gc<OsStr>: Default);
    assert_impl_all!(Gc<Path>: Default);
    assert_impl_all!(Gc<std::fmt::Error>: std::error::Error);
    assert_impl_all!(Gc<dyn std::error::Error>: std::error::Error);
}
