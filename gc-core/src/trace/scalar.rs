//! Leaf types without parts of their own: numbers, atomics, times, markers, and the shared pieces of `core`.
//!
//! Nothing here owns a `Gc` that could be seen (a [`Waker`](std::task::Waker) is shared, and may hold anything), so
//! every impl is [`impl_trace_leaf!`], which reports nothing.

use crate::impl_trace_leaf;

impl_trace_leaf!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64, bool, char, ());

impl_trace_leaf!(
    std::num::NonZeroI8,
    std::num::NonZeroI16,
    std::num::NonZeroI32,
    std::num::NonZeroI64,
    std::num::NonZeroI128,
    std::num::NonZeroIsize,
    std::num::NonZeroU8,
    std::num::NonZeroU16,
    std::num::NonZeroU32,
    std::num::NonZeroU64,
    std::num::NonZeroU128,
    std::num::NonZeroUsize,
    std::num::NonZero<char>
);

impl_trace_leaf!(
    std::sync::atomic::AtomicI8,
    std::sync::atomic::AtomicI16,
    std::sync::atomic::AtomicI32,
    std::sync::atomic::AtomicI64,
    std::sync::atomic::AtomicIsize,
    std::sync::atomic::AtomicU8,
    std::sync::atomic::AtomicU16,
    std::sync::atomic::AtomicU32,
    std::sync::atomic::AtomicU64,
    std::sync::atomic::AtomicUsize,
    std::sync::atomic::AtomicBool,
    std::sync::atomic::Ordering,
    <T> std::sync::atomic::AtomicPtr<T>
);

impl_trace_leaf!(std::time::Duration, std::time::Instant, std::time::SystemTime);

// Markers, and types that hold a few plain bytes.
impl_trace_leaf!(
    std::convert::Infallible,
    std::marker::PhantomPinned,
    std::ops::RangeFull,
    std::cmp::Ordering,
    std::any::TypeId,
    std::alloc::Layout,
    std::alloc::System,
    std::num::FpCategory,
    std::num::IntErrorKind,
    std::fmt::Alignment,
    std::panic::Location<'_>,
    std::backtrace::Backtrace,
    std::backtrace::BacktraceStatus,
    std::task::RawWakerVTable,
    std::task::RawWaker,
    std::task::Waker,
    std::net::IpAddr,
    std::net::Ipv4Addr,
    std::net::Ipv6Addr,
    std::net::SocketAddr,
    std::net::SocketAddrV4,
    std::net::SocketAddrV6,
    <T> std::mem::Discriminant<T>
);

// Hashers: seeds and state, and only ever a type parameter `H`, never a value of it.
impl_trace_leaf!(
    std::hash::RandomState,
    std::hash::DefaultHasher,
    <H> std::hash::BuildHasherDefault<H>
);

// `PhantomData<T>` owns no `T`, whatever `T` is.
impl_trace_leaf!(<T: ?Sized> std::marker::PhantomData<T>);
