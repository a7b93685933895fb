//! Types of other crates as parts of a traced value. Each module needs the feature of its crate's name.

mod through;

#[cfg(feature = "arrayvec")]
mod arrayvec_types {
    use arrayvec::{ArrayString, ArrayVec};

    use crate::through::{assert_reclaimed_through, assert_untracked};

    #[test]
    fn cycles_through_them_are_reclaimed() {
        assert_reclaimed_through(|spoke| ArrayVec::<_, 8>::from_iter([spoke(), spoke()]));
        assert_reclaimed_through(|spoke| (spoke(), ArrayString::<8>::new()));
    }

    #[test]
    fn without_edges_they_are_untracked() {
        assert_untracked(ArrayVec::from([1, 2]));
        assert_untracked(ArrayString::<8>::from("text").expect("short enough"));
    }
}

#[cfg(feature = "bytes")]
#[test]
fn bytes_are_untracked() {
    use bytes::{Bytes, BytesMut};
    use through::assert_untracked;

    assert_untracked(Bytes::from_static(b"bytes"));
    assert_untracked(BytesMut::from(&b"bytes"[..]));
}

#[cfg(feature = "chrono")]
#[test]
fn chrono_times_are_untracked() {
    use chrono::{DateTime, FixedOffset, Month, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};
    use through::{assert_reclaimed_through, assert_untracked};

    assert_reclaimed_through(|spoke| (spoke(), DateTime::<Utc>::UNIX_EPOCH));
    assert_untracked(DateTime::<Utc>::UNIX_EPOCH);
    assert_untracked(DateTime::<Utc>::UNIX_EPOCH.with_timezone(&FixedOffset::east_opt(3600).expect("an hour")));
    assert_untracked(NaiveDate::MIN);
    assert_untracked(NaiveTime::MIN);
    assert_untracked(NaiveDateTime::MIN);
    assert_untracked(TimeDelta::zero());
    assert_untracked(Weekday::Mon);
    assert_untracked(Month::May);
}

#[cfg(feature = "either")]
mod either_types {
    use either::Either;
    use gc_core::Gc;

    use crate::through::{Node, assert_reclaimed_through, assert_untracked};

    #[test]
    fn cycles_through_them_are_reclaimed() {
        assert_reclaimed_through(|spoke| Either::<_, u8>::Left(spoke()));
        assert_reclaimed_through(|spoke| Either::<u8, _>::Right(spoke()));
        assert_reclaimed_through(|spoke| [Either::<_, Gc<Node>>::Left(spoke()), Either::Right(spoke())]);
    }

    #[test]
    fn without_edges_they_are_untracked() {
        assert_untracked(Either::<u8, &str>::Left(1));
    }
}

#[cfg(feature = "hashbrown")]
mod hashbrown_types {
    use std::hash::{BuildHasher, RandomState};

    use hashbrown::{HashMap, HashSet, HashTable};

    use crate::through::{assert_reclaimed_through, assert_untracked};

    #[test]
    fn cycles_through_them_are_reclaimed() {
        assert_reclaimed_through(|spoke| {
            HashMap::<_, _, RandomState>::from_iter([(spoke(), spoke()), (spoke(), spoke())])
        });
        assert_reclaimed_through(|spoke| HashMap::<_, _, RandomState>::from_iter([(1, spoke())]));
        assert_reclaimed_through(|spoke| HashSet::<_, RandomState>::from_iter([spoke(), spoke()]));
        assert_reclaimed_through(|spoke| {
            let hasher = RandomState::new();
            let mut table = HashTable::new();
            for node in [spoke(), spoke()] {
                table.insert_unique(hasher.hash_one(&node), node, |node| hasher.hash_one(node));
            }
            table
        });
    }

    #[test]
    fn without_edges_they_are_untracked() {
        assert_untracked(HashMap::<_, _, RandomState>::from_iter([(1, "one")]));
        assert_untracked(HashSet::<_, RandomState>::from_iter([1]));
        assert_untracked(HashTable::<u8>::new());
    }
}

#[cfg(feature = "indexmap")]
mod indexmap_types {
    use std::hash::RandomState;

    use indexmap::{IndexMap, IndexSet};

    use crate::through::{assert_reclaimed_through, assert_untracked};

    #[test]
    fn cycles_through_them_are_reclaimed() {
        assert_reclaimed_through(|spoke| {
            IndexMap::<_, _, RandomState>::from_iter([(spoke(), spoke()), (spoke(), spoke())])
        });
        assert_reclaimed_through(|spoke| IndexMap::<_, _, RandomState>::from_iter([(1, spoke())]));
        assert_reclaimed_through(|spoke| IndexSet::<_, RandomState>::from_iter([spoke(), spoke()]));
    }

    #[test]
    fn without_edges_they_are_untracked() {
        assert_untracked(IndexMap::<_, _, RandomState>::from_iter([(1, "one")]));
        assert_untracked(IndexSet::<_, RandomState>::from_iter([1]));
    }
}

#[cfg(feature = "jiff")]
#[test]
fn jiff_times_are_untracked() {
    use jiff::{SignedDuration, Span, Timestamp, civil, tz};
    use through::assert_untracked;

    assert_untracked(Timestamp::UNIX_EPOCH);
    assert_untracked(Timestamp::UNIX_EPOCH.to_zoned(tz::TimeZone::UTC));
    assert_untracked(Span::new());
    assert_untracked(SignedDuration::ZERO);
    assert_untracked(civil::Date::MIN);
    assert_untracked(civil::Time::MIN);
    assert_untracked(civil::DateTime::MIN);
    assert_untracked(tz::TimeZone::UTC);
    assert_untracked(tz::Offset::UTC);
}

#[cfg(feature = "num-bigint")]
#[test]
fn big_integers_are_untracked() {
    use num_bigint::{BigInt, BigUint};
    use through::assert_untracked;

    assert_untracked(BigInt::from(-1));
    assert_untracked(BigUint::from(1u8));
}

#[cfg(feature = "ordered-float")]
mod ordered_float_types {
    use ordered_float::{NotNan, OrderedFloat};

    use crate::through::{assert_reclaimed_through, assert_untracked};

    #[test]
    fn cycles_through_them_are_reclaimed() {
        assert_reclaimed_through(|spoke| OrderedFloat(spoke()));
    }

    #[test]
    fn without_edges_they_are_untracked() {
        assert_untracked(OrderedFloat(1.0));
        assert_untracked(NotNan::new(1.0).expect("a number"));
    }
}

#[cfg(feature = "parking_lot")]
mod parking_lot_types {
    use gc_core::{Gc, Leaf, Trace, gc};
    use parking_lot::{Condvar, FairMutex, Mutex, Once, RecursiveRwLock, ReentrantMutex, RwLock};

    use crate::through::{Drops, Node, OnDrop, assert_reclaimed_through, assert_untracked, survives_while_locked};

    #[test]
    fn cycles_through_them_are_reclaimed() {
        assert_reclaimed_through(|spoke| Mutex::new(spoke()));
        assert_reclaimed_through(|spoke| FairMutex::new(spoke()));
        assert_reclaimed_through(|spoke| ReentrantMutex::new(spoke()));
        assert_reclaimed_through(|spoke| RwLock::new(spoke()));
        assert_reclaimed_through(|spoke| RecursiveRwLock::new(spoke()));
    }

    #[test]
    fn without_edges_they_are_untracked() {
        assert_untracked(Mutex::new(1));
        assert_untracked(FairMutex::new(1));
        assert_untracked(ReentrantMutex::new(1));
        assert_untracked(RwLock::new(1));
        assert_untracked(RecursiveRwLock::new(1));
        assert_untracked(Condvar::new());
        assert_untracked(Once::new());
    }

    #[test]
    fn tracing_leaves_locks_free() {
        let mutex = Gc::new(Mutex::new(Some(Gc::new(1))));
        let lock = Gc::new(RwLock::new(Some(Gc::new(1))));

        assert_eq!(Gc::referents(&mutex).len(), 1);
        assert_eq!(Gc::referents(&lock).len(), 1);

        assert!(mutex.try_lock().is_some());
        assert!(lock.try_write().is_some());
    }

    #[test]
    fn a_lock_that_is_read_is_traced() {
        let drops = Drops::default();
        let node = Node::new(0, &drops);
        let lock = Gc::new(RwLock::new(node.clone()));
        node.hold(lock.clone());

        let reading = lock.read();
        assert_eq!(Gc::referents(&lock).len(), 1);

        drop(reading);
        drop((node, lock));
        assert_eq!(gc::collect(), 2);
        assert_eq!(drops.count(), 1);
    }

    #[test]
    fn a_reentrant_lock_is_traced_while_its_own_thread_holds_it() {
        let drops = Drops::default();
        let node = Node::new(0, &drops);
        let lock = Gc::new(ReentrantMutex::new(node.clone()));
        node.hold(lock.clone());

        let guard = lock.lock();
        assert_eq!(Gc::referents(&lock).len(), 1);

        drop(guard);
        drop((node, lock));
        assert_eq!(gc::collect(), 2);
        assert_eq!(drops.count(), 1);
    }

    survives_while_locked!(a_locked_mutex_is_left_for_a_later_collection: Mutex.lock());
    survives_while_locked!(a_locked_fair_mutex_is_left_for_a_later_collection: FairMutex.lock());
    survives_while_locked!(a_write_locked_lock_is_left_for_a_later_collection: RwLock.write());
    survives_while_locked!(a_write_locked_recursive_lock_is_left_for_a_later_collection: RecursiveRwLock.write());
}

#[cfg(feature = "serde")]
mod serde_types {
    use std::cell::RefCell;

    use gc_core::{Gc, Leaf, Trace, Weak, gc};
    use serde::{Deserialize, Serialize};

    /// A tree that is also linked upwards.
    #[derive(Trace, Serialize, Deserialize, Default)]
    struct Tree {
        name: Leaf<String>,
        #[serde(default)]
        children: RefCell<Vec<Gc<Tree>>>,
        #[serde(skip)]
        parent: RefCell<Weak<Tree>>,
    }

    fn tree(name: &str, children: &[Gc<Tree>]) -> Gc<Tree> {
        let tree =
            Gc::new(Tree { name: Leaf(name.into()), children: RefCell::new(children.into()), ..Tree::default() });
        children.iter().for_each(|child| *child.parent.borrow_mut() = Gc::downgrade(&tree));
        tree
    }

    #[test]
    fn a_gc_is_written_as_its_value_and_read_into_a_new_box() {
        let root = tree("root", &[tree("left", &[]), tree("right", &[])]);

        let json = serde_json::to_string(&root).expect("a tree can be written");
        assert_eq!(
            json,
            r#"{"name":"root","children":[{"name":"left","children":[]},{"name":"right","children":[]}]}"#
        );

        let copy: Gc<Tree> = serde_json::from_str(&json).expect("and read");
        assert!(!Gc::ptr_eq(&copy, &root));
        assert!(Gc::is_tracked(&copy));
        assert_eq!(serde_json::to_string(&copy).expect("as before"), json);
    }

    #[test]
    fn what_is_shared_is_written_for_each_pointer_to_it() {
        let shared = tree("shared", &[]);
        let root = tree("root", &[shared.clone(), shared]);

        let json = serde_json::to_string(&root).expect("nothing here is a cycle");

        let copy: Gc<Tree> = serde_json::from_str(&json).expect("a tree");
        let children = copy.children.borrow();
        assert_eq!(children.len(), 2);
        assert!(!Gc::ptr_eq(&children[0], &children[1]));
    }

    #[test]
    fn a_cycle_is_an_error_not_an_overflow() {
        let root = tree("root", &[tree("child", &[])]);
        root.children.borrow()[0].children.borrow_mut().push(root.clone());

        for _ in 0..2 {
            let error = serde_json::to_string(&root).expect_err("it has no end");
            assert!(error.to_string().contains("part of its own value"), "{error}");
        }

        let child = root.children.borrow()[0].clone();
        child.children.take();
        assert!(serde_json::to_string(&root).is_ok(), "nothing is left marked");
        drop((child, root));
        assert_eq!(gc::collect(), 0);
    }

    #[test]
    fn unsized_values_are_read_too() {
        let text: Gc<str> = serde_json::from_str(r#""text""#).expect("text");
        assert_eq!(&*text, "text");
        let numbers: Gc<[Gc<u8>]> = serde_json::from_str("[1,2]").expect("a list");
        assert_eq!((*numbers[0], *numbers[1]), (1, 2));
        assert_eq!(serde_json::to_string(&(text, numbers)).expect("a pair"), r#"["text",[1,2]]"#);
    }

    #[test]
    fn a_weak_is_written_as_an_option_and_read_as_dead() {
        let gc = Gc::new(5);
        let weak = Gc::downgrade(&gc);
        assert_eq!(serde_json::to_string(&weak).expect("a number"), "5");

        let read: Weak<i32> = serde_json::from_str("5").expect("a number");
        assert!(read.upgrade().is_none());

        drop(gc);
        assert_eq!(serde_json::to_string(&weak).expect("nothing"), "null");
        assert!(serde_json::from_str::<Weak<i32>>("null").is_ok());
        assert!(serde_json::from_str::<Weak<i32>>("[]").is_err());
    }
}

#[cfg(feature = "serde_json")]
#[test]
fn json_is_untracked() {
    use serde_json::{Map, Number, Value};
    use through::assert_untracked;

    assert_untracked(Value::Null);
    assert_untracked(Map::<String, Value>::new());
    assert_untracked(Number::from(1));
}

#[cfg(feature = "slotmap")]
mod slotmap_types {
    use gc_core::Trace;
    use slotmap::{DefaultKey, DenseSlotMap, Key, SecondaryMap, SlotMap, SparseSecondaryMap, new_key_type};

    use crate::through::{assert_reclaimed_through, assert_untracked};

    new_key_type! {
        /// A key that can be stored beside the map.
        #[derive(Trace)]
        struct NodeKey;
    }

    #[test]
    fn cycles_through_them_are_reclaimed() {
        assert_reclaimed_through(|spoke| {
            let mut map = SlotMap::<NodeKey, _>::with_key();
            let [_, removed, _] = [spoke(), spoke(), spoke()].map(|node| map.insert(node));
            let removed = map.remove(removed);
            (map, removed)
        });
        assert_reclaimed_through(|spoke| {
            let mut map = DenseSlotMap::new();
            map.insert(spoke());
            map.insert(spoke());
            map
        });
        assert_reclaimed_through(|spoke| {
            let mut keys = SlotMap::new();
            let mut map = SecondaryMap::new();
            map.insert(keys.insert(1), spoke());
            map.insert(keys.insert(2), spoke());
            (keys, map)
        });
        assert_reclaimed_through(|spoke| {
            let mut map = SparseSecondaryMap::new();
            map.insert(SlotMap::new().insert(1), spoke());
            map
        });
    }

    #[test]
    fn without_edges_they_are_untracked() {
        assert_untracked(SlotMap::<DefaultKey, u8>::new());
        assert_untracked(DenseSlotMap::<DefaultKey, u8>::new());
        assert_untracked(SecondaryMap::<DefaultKey, u8>::new());
        assert_untracked(SparseSecondaryMap::<DefaultKey, u8>::new());
        assert_untracked(DefaultKey::null());
        assert_untracked(NodeKey::null());
    }
}

#[cfg(feature = "smallvec")]
mod smallvec_types {
    use smallvec::{SmallVec, smallvec};

    use crate::through::{assert_reclaimed_through, assert_untracked};

    #[test]
    fn cycles_through_them_are_reclaimed() {
        assert_reclaimed_through(|spoke| -> SmallVec<[_; 2]> { smallvec![spoke()] });
        assert_reclaimed_through(|spoke| {
            let spilled: SmallVec<[_; 2]> = smallvec![spoke(), spoke(), spoke()];
            assert!(spilled.spilled());
            spilled
        });
    }

    #[test]
    fn without_edges_they_are_untracked() {
        assert_untracked(SmallVec::from([1, 2]));
    }
}

#[cfg(feature = "thin-vec")]
mod thin_vec_types {
    use thin_vec::{ThinVec, thin_vec};

    use crate::through::{assert_reclaimed_through, assert_untracked};

    #[test]
    fn cycles_through_them_are_reclaimed() {
        assert_reclaimed_through(|spoke| thin_vec![spoke(), spoke()]);
        assert_reclaimed_through(|spoke| (spoke(), ThinVec::from([thin_vec![spoke()], ThinVec::new()])));
    }

    #[test]
    fn without_edges_they_are_untracked() {
        assert_untracked(thin_vec![1]);
    }
}

#[cfg(feature = "url")]
#[test]
fn urls_are_untracked() {
    use through::assert_untracked;
    use url::{Host, Url};

    assert_untracked(Url::parse("https://example.org/").expect("a url"));
    assert_untracked(Host::parse("example.org").expect("a host"));
}

#[cfg(feature = "uuid")]
#[test]
fn uuids_are_untracked() {
    use through::assert_untracked;
    use uuid::Uuid;

    assert_untracked(Uuid::nil());
}
