//! Types of std as parts of a traced value: which of them the collector sees through, and which it leaves alone.

use std::borrow::Cow;
use std::cell::{Cell, LazyCell, OnceCell, RefCell, UnsafeCell};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::error::Error;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::hash::{BuildHasherDefault, DefaultHasher, Hasher};
use std::io::{self, BufReader, BufWriter, Cursor, Read, Write};
use std::marker::PhantomData;
use std::num::{NonZeroU8, Saturating, Wrapping};
use std::ops::{Bound, ControlFlow};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::{self, Rc};
use std::sync::atomic::AtomicUsize;
use std::sync::{self, Arc, LazyLock, Mutex, OnceLock, RwLock, mpsc};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};
use std::{fmt, iter, mem};

use gc_core::{Finalize, Gc, Leaf, Trace, Tracer, gc, impl_trace_leaf};

mod through;
use through::{
    Drops, Node, OnDrop, assert_held_through, assert_reclaimed_through, assert_untracked, survives_while_locked,
};

/// A hasher that is not `Trace`.
#[derive(Clone, Default)]
struct Untraced(DefaultHasher);

impl Hasher for Untraced {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    fn finish(&self) -> u64 {
        self.0.finish()
    }
}

type AnyHasher = BuildHasherDefault<Untraced>;

#[test]
fn cycles_through_boxes_are_reclaimed() {
    assert_reclaimed_through(|spoke| Box::new(spoke()));
    assert_reclaimed_through(|spoke| Box::new([spoke(), spoke()]) as Box<[Gc<Node>]>);
    assert_reclaimed_through(|spoke| Box::new(spoke()) as Box<dyn Trace>);
    assert_reclaimed_through(|spoke| Box::pin(spoke()));
}

#[test]
fn cycles_through_enums_are_reclaimed() {
    assert_reclaimed_through(|spoke| Some(spoke()));
    assert_reclaimed_through(|spoke| Ok::<_, ()>(spoke()));
    assert_reclaimed_through(|spoke| Err::<(), _>(spoke()));
    assert_reclaimed_through(|spoke| Poll::Ready(spoke()));
    assert_reclaimed_through(|spoke| ControlFlow::<_, ()>::Break(spoke()));
    assert_reclaimed_through(|spoke| ControlFlow::<(), _>::Continue(spoke()));
    assert_reclaimed_through(|spoke| [Bound::Included(spoke()), Bound::Excluded(spoke())]);
    assert_reclaimed_through(|spoke| Cow::<[Gc<Node>]>::Owned(vec![spoke(), spoke()]));
}

#[test]
fn variants_without_a_value_report_nothing() {
    assert_reclaimed_through(|spoke| (spoke(), None::<Gc<Node>>));
    assert_reclaimed_through(|spoke| (spoke(), Poll::<Gc<Node>>::Pending));
    assert_reclaimed_through(|spoke| (spoke(), Bound::<Gc<Node>>::Unbounded));
}

#[test]
fn cycles_through_newtypes_and_ranges_are_reclaimed() {
    assert_reclaimed_through(|spoke| Reverse(spoke()));
    assert_reclaimed_through(|spoke| Wrapping(spoke()));
    assert_reclaimed_through(|spoke| Saturating(spoke()));
    assert_reclaimed_through(|spoke| AssertUnwindSafe(spoke()));
    assert_reclaimed_through(|spoke| spoke()..spoke());
    assert_reclaimed_through(|spoke| spoke()..=spoke());
    assert_reclaimed_through(|spoke| spoke()..);
    assert_reclaimed_through(|spoke| ..spoke());
    assert_reclaimed_through(|spoke| ..=spoke());
}

#[test]
fn cycles_through_sequences_are_reclaimed() {
    assert_reclaimed_through(|spoke| [spoke(), spoke(), spoke()]);
    assert_reclaimed_through(|spoke| vec![spoke(), spoke(), spoke()]);
    assert_reclaimed_through(|spoke| LinkedList::from([spoke(), spoke()]));
    assert_reclaimed_through(|spoke| BinaryHeap::from([spoke(), spoke()]));
    assert_reclaimed_through(|spoke| BTreeSet::from([spoke(), spoke()]));
    assert_reclaimed_through(|spoke| HashSet::<_>::from([spoke(), spoke()]));
}

#[test]
fn both_halves_of_a_deque_are_traced() {
    assert_reclaimed_through(|spoke| {
        let mut deque = VecDeque::from([spoke(), spoke()]);
        deque.push_front(spoke());
        assert!(!deque.as_slices().1.is_empty());
        deque
    });
}

#[test]
fn keys_and_values_of_maps_are_traced() {
    assert_reclaimed_through(|spoke| BTreeMap::from([(spoke(), spoke()), (spoke(), spoke())]));
    assert_reclaimed_through(|spoke| BTreeMap::from([(1, spoke())]));
    assert_reclaimed_through(|spoke| HashMap::<_, _>::from([(spoke(), spoke())]));
    assert_reclaimed_through(|spoke| HashMap::<_, _>::from([(spoke(), 1)]));
}

#[test]
fn the_hasher_of_a_table_need_not_be_traced() {
    assert_reclaimed_through(|spoke| -> HashMap<_, _, AnyHasher> {
        [(1, spoke()), (2, spoke())].into_iter().collect()
    });
    assert_reclaimed_through(|spoke| -> HashSet<_, AnyHasher> { [spoke(), spoke()].into_iter().collect() });
}

#[test]
fn elements_need_not_be_hashed_or_ordered() {
    #[derive(Trace)]
    struct Opaque(Gc<u8>);

    fn is_traced<T: Trace>() -> bool {
        T::has_edges()
    }

    assert!(is_traced::<HashMap<Opaque, Opaque, Opaque>>());
    assert!(is_traced::<HashSet<Opaque, Opaque>>());
    assert!(is_traced::<BTreeMap<Opaque, Opaque>>());
    assert!(is_traced::<BTreeSet<Opaque>>());
    assert!(is_traced::<BinaryHeap<Opaque>>());
}

#[test]
fn tuples_of_one_to_twelve_are_traced() {
    assert_reclaimed_through(|s| (s(),));
    assert_reclaimed_through(|s| (s(), 1, s()));
    assert_reclaimed_through(|s| (s(), s(), s(), s(), s(), s()));
    assert_reclaimed_through(|s| (s(), s(), s(), s(), s(), s(), s(), s(), s(), s(), s(), s()));
}

#[test]
fn cycles_through_cells_are_reclaimed() {
    assert_reclaimed_through(|spoke| Cell::new(spoke()));
    assert_reclaimed_through(|spoke| Cell::new(Some(spoke())));
    assert_reclaimed_through(|spoke| Cell::new(vec![spoke(), spoke()]));
    assert_reclaimed_through(|spoke| RefCell::new(spoke()));
    assert_reclaimed_through(|spoke| OnceCell::from(spoke()));
    assert_reclaimed_through(|spoke| OnceLock::from(spoke()));
    assert_reclaimed_through(|spoke| Mutex::new(spoke()));
    assert_reclaimed_through(|spoke| RwLock::new(spoke()));
}

#[test]
fn an_empty_once_cell_reports_nothing() {
    assert_reclaimed_through(|spoke| (spoke(), OnceCell::<Gc<Node>>::new()));
    assert_reclaimed_through(|spoke| (spoke(), OnceLock::<Gc<Node>>::new()));
}

#[test]
fn a_borrowed_cell_is_traced() {
    let drops = Drops::default();
    let hub = Node::new(0, &drops);
    hub.hold(hub.clone());

    let borrow = hub.through.borrow();

    assert_eq!(Gc::referents(&hub).len(), 1);
    drop(borrow);
    drop(hub);
    assert_eq!(gc::collect(), 1);
}

#[test]
fn poisoned_locks_are_traced() {
    assert_reclaimed_through(|spoke| {
        let mutex = Mutex::new(spoke());
        let poisoned = catch_unwind(AssertUnwindSafe(|| {
            let _guard = mutex.lock();
            panic!("while the mutex is locked");
        }));
        assert!(poisoned.is_err() && mutex.is_poisoned());
        mutex
    });
    assert_reclaimed_through(|spoke| {
        let lock = RwLock::new(spoke());
        let poisoned = catch_unwind(AssertUnwindSafe(|| {
            let _guard = lock.write();
            panic!("while the lock is held");
        }));
        assert!(poisoned.is_err() && lock.is_poisoned());
        lock
    });
}

#[test]
fn tracing_leaves_locks_free() {
    let mutex = Gc::new(Mutex::new(Some(Gc::new(1))));
    let lock = Gc::new(RwLock::new(Some(Gc::new(1))));

    assert_eq!(Gc::referents(&mutex).len(), 1);
    assert_eq!(Gc::referents(&lock).len(), 1);

    assert!(mutex.try_lock().is_ok());
    assert!(lock.try_write().is_ok());
}

survives_while_locked!(a_mutably_borrowed_cell_is_left_for_a_later_collection: RefCell.borrow_mut());
survives_while_locked!(a_locked_mutex_is_left_for_a_later_collection: Mutex.lock().unwrap());
survives_while_locked!(a_write_locked_lock_is_left_for_a_later_collection: RwLock.write().unwrap());

#[test]
fn scalars_are_untracked() {
    assert_untracked(1u8);
    assert_untracked(1i128);
    assert_untracked(1.5f64);
    assert_untracked(true);
    assert_untracked('x');
    assert_untracked(());
    assert_untracked(NonZeroU8::MIN);
    assert_untracked(AtomicUsize::new(1));
    assert_untracked(Wrapping(1));
    assert_untracked(Ordering::Less);
    assert_untracked(Duration::ZERO);
    assert_untracked(Instant::now());
    assert_untracked(SystemTime::now());
    assert_untracked(0..10);
    assert_untracked(0..=10);
    assert_untracked(..);
}

#[test]
fn text_is_untracked() {
    assert_untracked("borrowed");
    assert_untracked(String::from("owned"));
    assert_untracked(Cow::Borrowed("either"));
    assert_untracked(Path::new("path"));
    assert_untracked(PathBuf::from("path"));
    assert_untracked(OsStr::new("os"));
    assert_untracked(OsString::from("os"));
    assert_untracked(c"c" as &CStr);
    assert_untracked(CString::from(c"c"));
}

#[test]
fn containers_of_leaves_are_untracked() {
    assert_untracked(Some(1));
    assert_untracked(Ok::<u8, String>(1));
    assert_untracked([1, 2]);
    assert_untracked(vec![1]);
    assert_untracked(VecDeque::from([1]));
    assert_untracked(LinkedList::from([1]));
    assert_untracked(BinaryHeap::from([1]));
    assert_untracked(BTreeSet::from([1]));
    assert_untracked(BTreeMap::from([(1, "one")]));
    assert_untracked(HashSet::<_>::from([1]));
    assert_untracked(HashMap::<_, _>::from([(1, "one")]));
    assert_untracked((1, "two", 3.0));
    assert_untracked(Cell::new(1));
    assert_untracked(RefCell::new(vec![1]));
    assert_untracked(OnceCell::from(1));
    assert_untracked(OnceLock::from(1));
    assert_untracked(Mutex::new(1));
    assert_untracked(RwLock::new(1));
}

#[test]
fn shared_pointers_are_leaves_whatever_they_lead_to() {
    assert_untracked(Rc::new(Gc::new(1)));
    assert_untracked(Rc::<[Gc<u8>]>::from([Gc::new(1)]));
    assert_untracked(rc::Weak::<Gc<u8>>::new());
    assert_untracked(Arc::new(String::new()));
    assert_untracked(Arc::<str>::from(""));
    assert_untracked(sync::Weak::<u8>::new());
    assert_untracked(Pin::new(Rc::new(Gc::new(1))));
    assert_untracked(b"ab" as &'static [u8]);
    assert_untracked(PhantomData::<Gc<u8>>);
    assert_untracked(PhantomData::<str>);
}

#[test]
fn function_pointers_are_leaves_whatever_they_take() {
    extern "C" fn foreign(number: u8) -> u8 {
        number
    }

    assert_untracked((|| 1) as fn() -> u8);
    assert_untracked((|_| ()) as fn(Gc<u8>));
    assert_untracked((|a, b| (a, b)) as fn(Gc<u8>, String) -> (Gc<u8>, String));
    assert_untracked(
        (|a, _, _, _, _, _, _, _, _, _, _, _| a) as fn(u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8) -> u8,
    );
    assert_untracked((|_| ()) as fn(&'static str) as unsafe fn(&'static str));
    assert_untracked(foreign as extern "C" fn(u8) -> u8);
    assert_untracked(foreign as unsafe extern "C" fn(u8) -> u8);
}

#[test]
#[expect(unsafe_code, reason = "a leaf that notices being traced")]
fn collections_of_leaves_are_not_iterated() {
    #[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
    struct Untouched;

    // SAFETY: it reports nothing (T1 to T4).
    unsafe impl Trace for Untouched {
        fn trace(&self, _: &mut Tracer<'_>) {
            panic!("a leaf was traced");
        }

        fn has_edges() -> bool {
            false
        }
    }

    assert_reclaimed_through(|spoke| (spoke(), vec![Untouched]));
    assert_reclaimed_through(|spoke| (spoke(), [Untouched]));
    assert_reclaimed_through(|spoke| (spoke(), Box::new([Untouched]) as Box<[Untouched]>));
    assert_reclaimed_through(|spoke| (spoke(), VecDeque::from([Untouched])));
    assert_reclaimed_through(|spoke| (spoke(), LinkedList::from([Untouched])));
    assert_reclaimed_through(|spoke| (spoke(), BinaryHeap::from([Untouched])));
    assert_reclaimed_through(|spoke| (spoke(), BTreeSet::from([Untouched])));
    assert_reclaimed_through(|spoke| (spoke(), HashSet::<_>::from([Untouched])));
    assert_reclaimed_through(|spoke| (spoke(), BTreeMap::from([(1, Untouched)])));
    assert_reclaimed_through(|spoke| (spoke(), HashMap::<_, _>::from([(Untouched, 1)])));
}

#[test]
fn a_leaf_holds_any_type() {
    struct Foreign(&'static str);
    struct Tagged<T: ?Sized>(u8, PhantomData<T>);
    impl_trace_leaf!(Foreign, <T: ?Sized> Tagged<T>);

    assert_untracked(Leaf(|| 1));
    assert_untracked(Box::new(Leaf([1, 2])).0);
    assert_eq!(Leaf::from(Foreign("named")).0.0, "named");
    assert_untracked(Foreign("declared"));
    assert_untracked(Tagged::<str>(1, PhantomData));
    assert_eq!(Tagged::<str>(1, PhantomData).0, 1);
}

#[test]
fn what_a_leaf_holds_is_held_from_outside() {
    assert_held_through(Leaf);
    assert_held_through(UnsafeCell::new);
    assert_held_through(Rc::new);
    assert_held_through(|node| vec![node].into_iter().peekable());
    assert_held_through(|node| VecDeque::from([node]).into_iter());
    assert_held_through(iter::once);
    assert_held_through(|node| {
        let (sender, receiver) = mpsc::channel();
        sender.send(node).expect("the receiver is there");
        (sender, receiver)
    });
}

#[test]
fn what_a_boxed_error_owns_is_held_from_outside() {
    struct NodeError(Gc<Node>);

    impl fmt::Debug for NodeError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "no way on from {:p}", self.0)
        }
    }

    impl fmt::Display for NodeError {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{self:?}")
        }
    }

    impl Error for NodeError {}

    assert_held_through(|node| Box::new(NodeError(node)) as Box<dyn Error>);
}

#[test]
fn a_lazy_value_is_traced_once_it_has_been_made() {
    assert_reclaimed_through(|spoke| {
        let node = spoke();
        let cell = LazyCell::new(move || node);
        LazyCell::force(&cell);
        cell
    });
    assert_reclaimed_through(|spoke| {
        let node = spoke();
        let lock = LazyLock::new(move || node);
        LazyLock::force(&lock);
        lock
    });
    assert_held_through(|node| LazyCell::<Gc<Node>, _>::new(move || node));
    assert_held_through(|node| LazyLock::<Gc<Node>, _>::new(move || node));
}

#[test]
fn only_what_an_iterator_has_left_is_traced() {
    assert_reclaimed_through(|spoke| vec![spoke(), spoke()].into_iter());
    assert_reclaimed_through(|spoke| [spoke(), spoke()].into_iter());
    assert_reclaimed_through(|spoke| {
        let (one, other) = (spoke(), spoke());
        let mut rest = vec![one.clone(), other].into_iter();
        rest.next();
        (one, rest)
    });
}

#[test]
fn readers_are_looked_through_and_buffered_writers_are_not() {
    #[derive(Trace)]
    struct Source(Gc<Node>);

    impl Read for Source {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Ok(0)
        }
    }

    struct Sink(Gc<Node>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            assert!(self.0.through.try_borrow().is_ok(), "alive when it is flushed");
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    assert_reclaimed_through(|spoke| Cursor::new(spoke()));
    assert_reclaimed_through(|spoke| BufReader::new(Source(spoke())).take(1));
    assert_reclaimed_through(|spoke| Source(spoke()).chain(Source(spoke())));
    assert_held_through(|node| {
        let mut writer = BufWriter::new(Sink(node));
        writer.write_all(b"for later").expect("a buffer with room");
        writer
    });
}

/// Counts its finalizations in `finalized`, and can be part of a cycle.
#[derive(Trace)]
#[trace(finalize)]
struct Finalizing {
    next: Option<Gc<RefCell<Finalizing>>>,
    finalized: Leaf<Drops>,
}

impl Finalize for Finalizing {
    fn finalize(&self) {
        self.finalized.0.0.set(self.finalized.count() + 1);
    }
}

fn finalizing(finalized: &Drops) -> Gc<RefCell<Finalizing>> {
    Gc::new(RefCell::new(Finalizing { next: None, finalized: Leaf(finalized.clone()) }))
}

#[test]
fn a_finalizer_runs_behind_a_cell() {
    let finalized = Drops::default();

    drop(finalizing(&finalized));
    assert_eq!(finalized.count(), 1, "when its count reaches zero");

    let node = finalizing(&finalized);
    node.borrow_mut().next = Some(node.clone());
    drop(node);
    assert_eq!(gc::collect(), 1);
    assert_eq!(finalized.count(), 2, "when its cycle is collected");
}

#[test]
fn a_finalizer_behind_a_mutably_borrowed_cell_is_skipped() {
    let finalized = Drops::default();
    let node = finalizing(&finalized);

    mem::forget(node.borrow_mut());
    drop(node);

    assert_eq!(finalized.count(), 0);
}
