//! `serde`: a `Gc` serializes as its value, as `Rc` does with serde's feature `rc`.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ffi::{CStr, OsStr};
use std::path::Path;

use serde::ser::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::pointers::{Gc, Weak};
use crate::trace::Trace;

/// A `Gc` serializes as its value. What is shared is written once for each pointer to it, and read back as so many
/// separate boxes.
///
/// A cycle has no end to write: where `Rc` would overflow the stack, this fails. Mark the field that closes the cycle
/// with `#[serde(skip)]`, or serialize the nodes as a list, and the edges as positions in it.
///
/// # Errors
/// Those of the value, and one for a value that is a part of itself: its box is met again while it is being serialized.
///
/// # Examples
/// ```
/// use gc_core::Gc;
///
/// let name = Gc::new(String::from("Ada"));
/// let both = [name.clone(), name];
/// let json = serde_json::to_string(&both)?;
/// assert_eq!(json, r#"["Ada","Ada"]"#);
///
/// let both: [Gc<String>; 2] = serde_json::from_str(&json)?;
/// assert!(!Gc::ptr_eq(&both[0], &both[1]));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<T: Serialize + ?Sized> Serialize for Gc<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Ok(_open) = Open::new(self) else {
            return Err(S::Error::custom("a `Gc` that is part of its own value cannot be serialized"));
        };
        (**self).serialize(serializer)
    }
}

thread_local! {
    /// The addresses of the values that are being serialized.
    static OPEN: RefCell<HashSet<usize>> = RefCell::default();
}

/// Marks a value as being serialized, until it is dropped.
struct Open(Option<usize>);

/// The value is being serialized already.
struct Cyclic;

impl Open {
    fn new<T: ?Sized>(gc: &Gc<T>) -> Result<Self, Cyclic> {
        // A box without edges leads nowhere, so not back to itself.
        if !Gc::is_tracked(gc) {
            return Ok(Self(None));
        }
        let address = Gc::as_ptr(gc).addr();
        // Without thread-locals, at the end of the thread, nothing is checked.
        let is_new = OPEN.try_with(|open| open.borrow_mut().insert(address)).unwrap_or(true);
        if is_new { Ok(Self(Some(address))) } else { Err(Cyclic) }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(address) = self.0 {
            let _ = OPEN.try_with(|open| open.borrow_mut().remove(&address));
        }
    }
}

/// The value is read into a new box.
impl<'de, T: Deserialize<'de> + Trace + 'static> Deserialize<'de> for Gc<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}

/// The elements are read into one new box.
impl<'de, T: Deserialize<'de> + Trace + 'static> Deserialize<'de> for Gc<[T]> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<T>::deserialize(deserializer).map(Self::from)
    }
}

/// Implements `Deserialize` for text, which serde reads into a `Box` first.
macro_rules! texts {
    ($($text:ident)+) => {$(
        /// The text is read into a new box.
        impl<'de> Deserialize<'de> for Gc<$text> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Box::<$text>::deserialize(deserializer).map(Self::from)
            }
        }
    )+};
}

texts!(str CStr OsStr Path);

/// A `Weak` serializes as an `Option` of its value: `None` once the value is dead.
///
/// Mark it with `#[serde(skip)]` where it leads back to an owner, which is a cycle, and fails as for [`Gc`].
impl<T: Serialize + ?Sized> Serialize for Weak<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.upgrade().serialize(serializer)
    }
}

/// What was written is read, and dropped: the result never upgrades, since nobody would own its value.
impl<'de, T: Deserialize<'de> + Trace + 'static> Deserialize<'de> for Weak<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer)?;
        Ok(Self::new())
    }
}
