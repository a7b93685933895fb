//! `Trace` for types of other crates, each behind the feature of the crate's name.
//!
//! The rules are those for std: a type is looked through only if its own `Drop` does nothing but drop its contents, and
//! only as far as it shows them without running code of theirs (T3). Where a crate is generic over code of the user's
//! (an allocator, a raw lock), the impls are for the crate's own choice of it. Errors about other types do not
//! list any of them, and so read the same with all features.

#[cfg(feature = "arrayvec")]
mod arrayvec;
#[cfg(feature = "bytes")]
mod bytes;
#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "either")]
mod either;
#[cfg(feature = "hashbrown")]
mod hashbrown;
#[cfg(feature = "indexmap")]
mod indexmap;
#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "num-bigint")]
mod num_bigint;
#[cfg(feature = "ordered-float")]
mod ordered_float;
#[cfg(feature = "parking_lot")]
mod parking_lot;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "serde_json")]
mod serde_json;
#[cfg(feature = "slotmap")]
mod slotmap;
#[cfg(feature = "smallvec")]
mod smallvec;
#[cfg(feature = "thin-vec")]
mod thin_vec;
#[cfg(feature = "url")]
mod url;
#[cfg(feature = "uuid")]
mod uuid;
