//! The table of std's types that may be part of a traced value, each with what the collector makes of it.
//!
//! The details of a type, where it has any, are tested in `trace_std`.

use std::any::TypeId;
use std::borrow::Cow;
use std::cell::{Cell, LazyCell, OnceCell, RefCell, UnsafeCell};
use std::cmp::{self, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::convert::Infallible;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::hash::{BuildHasherDefault, DefaultHasher, RandomState};
use std::io::{BufReader, BufWriter, Cursor};
use std::marker::{PhantomData, PhantomPinned};
use std::mem::{Discriminant, ManuallyDrop, MaybeUninit};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6, TcpListener, TcpStream, UdpSocket};
use std::num::{NonZero, NonZeroU8, Saturating, Wrapping};
use std::ops::{Bound, ControlFlow};
use std::panic::{AssertUnwindSafe, Location};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::{self, Rc};
use std::sync::atomic::{self, AtomicBool, AtomicI64, AtomicPtr, AtomicU32, AtomicUsize};
use std::sync::{self, Arc, Barrier, Condvar, LazyLock, Mutex, Once, OnceLock, RwLock, mpsc};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant, SystemTime};
use std::{alloc, backtrace, env, error, fmt, fs, future, io, iter, process, range, slice, str, thread, vec};

use gc_core::{Gc, Trace};

mod through;
use through::{Node, assert_reclaimed_through as traced};

/// Asserts that a box of this type is a plain counted one, whatever the value.
#[track_caller]
fn leaf<T: Trace + 'static>() {
    assert!(!T::has_edges());
    assert!(!Gc::is_tracked(&Gc::<Option<T>>::new(None)));
}

/// Asserts that the type, behind a `Box`, can be part of a traced value.
fn behind_a_box<T: Trace + ?Sized + 'static>() {
    assert!(Gc::referents(&Gc::<Option<Box<T>>>::new(None)).is_empty());
}

type Item = Gc<Node>;

/// Makes the table: a name, and a check that the compiler needs the type's impl for.
macro_rules! table {
    ($($table:ident { $($name:literal => $check:expr;)+ })+) => {$(
        const $table: &[(&str, fn())] = &[$(($name, || $check)),+];
    )+};
}

table! {
    TRACED {
        "Box<T>" => traced(|spoke| Box::new(spoke()));
        "Box<[T]>" => traced(|spoke| vec![spoke(), spoke()].into_boxed_slice());
        "Box<dyn Trait>" => traced(|spoke| Box::new(spoke()) as Box<dyn Trace>);
        "Pin<Box<T>>" => traced(|spoke| Box::pin(spoke()));
        "Option<T>" => traced(|spoke| Some(spoke()));
        "Result<T, E>" => traced(|spoke| (Ok::<_, Item>(spoke()), Err::<Item, _>(spoke())));
        "Cow<'_, B>" => traced(|spoke| Cow::<[Item]>::Owned(vec![spoke(), spoke()]));
        "Poll<T>" => traced(|spoke| Poll::Ready(spoke()));
        "ControlFlow<B, C>" => traced(|spoke| {
            (ControlFlow::<_>::Break(spoke()), ControlFlow::<(), _>::Continue(spoke()))
        });
        "Bound<T>" => traced(|spoke| (Bound::Included(spoke()), Bound::Excluded(spoke())));
        "Reverse<T>" => traced(|spoke| Reverse(spoke()));
        "Wrapping<T>" => traced(|spoke| Wrapping(spoke()));
        "Saturating<T>" => traced(|spoke| Saturating(spoke()));
        "AssertUnwindSafe<T>" => traced(|spoke| AssertUnwindSafe(spoke()));
        "Range<T>" => traced(|spoke| spoke()..spoke());
        "RangeInclusive<T>" => traced(|spoke| spoke()..=spoke());
        "RangeFrom<T>" => traced(|spoke| spoke()..);
        "RangeTo<T>" => traced(|spoke| ..spoke());
        "RangeToInclusive<T>" => traced(|spoke| ..=spoke());
        "range::RangeInclusive<T>" => traced(|spoke| range::RangeInclusive { start: spoke(), last: spoke() });
        "(A, B, ..)" => traced(|spoke| (spoke(), 1, spoke()));
        "[T; N]" => traced(|spoke| [spoke(), spoke()]);
        "Vec<T>" => traced(|spoke| vec![spoke(), spoke()]);
        "VecDeque<T>" => traced(|spoke| VecDeque::from([spoke(), spoke()]));
        "LinkedList<T>" => traced(|spoke| LinkedList::from([spoke(), spoke()]));
        "BinaryHeap<T>" => traced(|spoke| BinaryHeap::from([spoke(), spoke()]));
        "BTreeSet<T>" => traced(|spoke| BTreeSet::from([spoke(), spoke()]));
        "BTreeMap<K, V>" => traced(|spoke| BTreeMap::from([(spoke(), spoke())]));
        "HashSet<T, S>" => traced(|spoke| HashSet::<_>::from([spoke(), spoke()]));
        "HashMap<K, V, S>" => traced(|spoke| HashMap::<_, _>::from([(spoke(), spoke())]));
        "Cell<T>" => traced(|spoke| Cell::new(spoke()));
        "RefCell<T>" => traced(|spoke| RefCell::new(spoke()));
        "OnceCell<T>" => traced(|spoke| OnceCell::from(spoke()));
        "OnceLock<T>" => traced(|spoke| OnceLock::from(spoke()));
        "LazyCell<T, F>" => traced(|spoke| {
            let node = spoke();
            let cell = LazyCell::new(move || node);
            LazyCell::force(&cell);
            cell
        });
        "LazyLock<T, F>" => traced(|spoke| {
            let node = spoke();
            let lock = LazyLock::new(move || node);
            LazyLock::force(&lock);
            lock
        });
        "Mutex<T>" => traced(|spoke| Mutex::new(spoke()));
        "RwLock<T>" => traced(|spoke| RwLock::new(spoke()));
        "vec::IntoIter<T>" => traced(|spoke| vec![spoke(), spoke()].into_iter());
        "array::IntoIter<T, N>" => traced(|spoke| [spoke(), spoke()].into_iter());
        "io::BufReader<R>" => assert!(BufReader::<Readable>::has_edges());
        "io::Cursor<T>" => traced(|spoke| Cursor::new(spoke()));
        "io::Take<R>" => assert!(io::Take::<Readable>::has_edges());
        "io::Chain<A, B>" => assert!(io::Chain::<Readable, Readable>::has_edges());
        "mpsc::SendError<T>" => traced(|spoke| mpsc::SendError(spoke()));
        "mpsc::TrySendError<T>" => traced(|spoke| mpsc::TrySendError::Full(spoke()));
    }

    LEAVES {
        "bool, char, ()" => { leaf::<bool>(); leaf::<char>(); leaf::<()>() };
        "i8, i16, i32" => { leaf::<i8>(); leaf::<i16>(); leaf::<i32>() };
        "i64, i128, isize" => { leaf::<i64>(); leaf::<i128>(); leaf::<isize>() };
        "u8, u16, u32" => { leaf::<u8>(); leaf::<u16>(); leaf::<u32>() };
        "u64, u128, usize" => { leaf::<u64>(); leaf::<u128>(); leaf::<usize>() };
        "f32, f64" => { leaf::<f32>(); leaf::<f64>() };
        "NonZero*" => { leaf::<NonZeroU8>(); leaf::<NonZero<i128>>(); leaf::<NonZero<char>>() };
        "Atomic*" => { leaf::<AtomicBool>(); leaf::<AtomicU32>(); leaf::<AtomicI64>(); leaf::<AtomicUsize>() };
        "AtomicPtr<T>" => leaf::<AtomicPtr<Item>>();
        "atomic::Ordering" => leaf::<atomic::Ordering>();
        "cmp::Ordering" => leaf::<cmp::Ordering>();
        "Infallible" => leaf::<Infallible>();
        "RangeFull" => leaf::<std::ops::RangeFull>();
        "PhantomData<T>" => { leaf::<PhantomData<Item>>(); leaf::<PhantomData<str>>() };
        "PhantomPinned" => leaf::<PhantomPinned>();
        "TypeId" => leaf::<TypeId>();
        "Layout" => leaf::<alloc::Layout>();
        "Discriminant<T>" => leaf::<Discriminant<Option<Item>>>();
        "Location" => leaf::<Location<'static>>();
        "Backtrace" => leaf::<backtrace::Backtrace>();
        "Waker" => leaf::<Waker>();
        "Duration" => leaf::<Duration>();
        "Instant" => leaf::<Instant>();
        "SystemTime" => leaf::<SystemTime>();
        "String" => leaf::<String>();
        "&'static str" => leaf::<&'static str>();
        "PathBuf, &'static Path" => { leaf::<PathBuf>(); leaf::<&'static Path>() };
        "OsString, &'static OsStr" => { leaf::<OsString>(); leaf::<&'static OsStr>() };
        "CString, &'static CStr" => { leaf::<CString>(); leaf::<&'static CStr>() };
        "Chars, Lines, .." => { leaf::<str::Chars<'static>>(); leaf::<str::Lines<'static>>() };
        "IpAddr, Ipv4Addr, Ipv6Addr" => { leaf::<IpAddr>(); leaf::<Ipv4Addr>(); leaf::<Ipv6Addr>() };
        "SocketAddr, .." => { leaf::<SocketAddr>(); leaf::<SocketAddrV4>(); leaf::<SocketAddrV6>() };
        "TcpStream, TcpListener, UdpSocket" => { leaf::<TcpStream>(); leaf::<TcpListener>(); leaf::<UdpSocket>() };
        "File, Metadata, OpenOptions" => { leaf::<fs::File>(); leaf::<fs::Metadata>(); leaf::<fs::OpenOptions>() };
        "Stdin, Stdout, Stderr" => { leaf::<io::Stdin>(); leaf::<io::Stdout>(); leaf::<io::Stderr>() };
        "Command, Child, ExitStatus" => {
            leaf::<process::Command>();
            leaf::<process::Child>();
            leaf::<process::ExitStatus>();
        };
        "BufWriter<W>" => leaf::<BufWriter<fs::File>>();
        "Lines<R>" => leaf::<io::Lines<BufReader<fs::File>>>();
        "env::Args" => leaf::<env::Args>();
        "Rc<T>, rc::Weak<T>" => { leaf::<Rc<Item>>(); leaf::<Rc<[Item]>>(); leaf::<rc::Weak<Item>>() };
        "Arc<T>, sync::Weak<T>" => { leaf::<Arc<Item>>(); leaf::<Arc<str>>(); leaf::<sync::Weak<Item>>() };
        "Pin<Rc<T>>, Pin<Arc<T>>" => { leaf::<Pin<Rc<Item>>>(); leaf::<Pin<Arc<Item>>>() };
        "&'static T, &'static mut T" => { leaf::<&'static Item>(); leaf::<&'static mut Item>() };
        "ManuallyDrop<T>" => leaf::<ManuallyDrop<Item>>();
        "MaybeUninit<T>" => leaf::<MaybeUninit<Item>>();
        "UnsafeCell<T>" => leaf::<UnsafeCell<Item>>();
        "RandomState, DefaultHasher" => { leaf::<RandomState>(); leaf::<DefaultHasher>() };
        "BuildHasherDefault<H>" => leaf::<BuildHasherDefault<Item>>();
        "mpsc::Sender<T>, SyncSender<T>" => { leaf::<mpsc::Sender<Item>>(); leaf::<mpsc::SyncSender<Item>>() };
        "mpsc::Receiver<T>" => leaf::<mpsc::Receiver<Item>>();
        "JoinHandle<T>" => leaf::<thread::JoinHandle<Item>>();
        "Thread, ThreadId" => { leaf::<thread::Thread>(); leaf::<thread::ThreadId>() };
        "Once, Condvar, Barrier" => { leaf::<Once>(); leaf::<Condvar>(); leaf::<Barrier>() };
        "io::Error" => leaf::<io::Error>();
        "fmt::Error" => leaf::<fmt::Error>();
        "ParseIntError, Utf8Error, .." => { leaf::<std::num::ParseIntError>(); leaf::<str::Utf8Error>() };
        "fn(A, ..) -> R" => {
            leaf::<fn()>();
            leaf::<fn(Item, u8) -> Item>();
            leaf::<fn(u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8) -> u8>();
        };
        "unsafe fn, extern \"C\" fn" => {
            leaf::<unsafe fn(u8)>();
            leaf::<extern "C" fn(u8)>();
            leaf::<unsafe extern "C" fn(u8)>();
        };
        "Peekable<I>" => leaf::<iter::Peekable<vec::IntoIter<Item>>>();
        "Map<I, F>, Rev<I>, .." => {
            leaf::<iter::Map<vec::IntoIter<Item>, fn(Item) -> Item>>();
            leaf::<iter::Rev<vec::IntoIter<Item>>>();
        };
        "slice::Iter<'static, T>" => leaf::<slice::Iter<'static, Item>>();
        "future::Ready<T>" => leaf::<future::Ready<Item>>();
    }

    TRAIT_OBJECTS {
        "dyn Error" => { behind_a_box::<dyn error::Error>(); behind_a_box::<dyn error::Error + Send + Sync>() };
        "str, [T], Path" => { behind_a_box::<str>(); behind_a_box::<[Item]>(); behind_a_box::<Path>() };
    }
}

/// A reader that owns a `Gc`.
#[derive(Trace)]
struct Readable(Item);

#[test]
fn every_type_of_the_table_is_what_it_says() {
    for (name, check) in [TRACED, LEAVES, TRAIT_OBJECTS].concat() {
        println!("{name}");
        check();
    }
}

#[test]
fn the_table_has_all_types_that_graphs_are_made_of() {
    assert_eq!((TRACED.len(), LEAVES.len(), TRAIT_OBJECTS.len()), (46, 62, 2));
}
