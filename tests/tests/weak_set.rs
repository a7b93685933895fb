//! `WeakSet`: members by identity.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use gc_core::weak::WeakSet;
use gc_core::{Finalize, Gc, Trace, Weak, gc};
use gc_tests::{Node, link, log, node, ring, take_log};

fn sorted(members: impl IntoIterator<Item = Gc<i32>>) -> Vec<i32> {
    let mut members: Vec<_> = members.into_iter().map(|member| *member).collect();
    members.sort_unstable();
    members
}

#[test]
fn a_member_leaves_when_it_dies() {
    let set = WeakSet::new();
    let (kept, counted, cyclic) = (node(), node(), ring(3));
    assert!([&kept, &counted, &cyclic].iter().all(|member| set.insert(member)));
    assert!(!set.insert(&kept) && set.contains(&kept) && set.len() == 3);
    drop(counted);
    assert_eq!(set.len(), 2);
    drop(cyclic);
    assert_eq!((set.len(), gc::collect(), set.len()), (2, 3, 1));
    assert!(set.remove(&kept) && !set.remove(&kept) && !set.contains(&kept) && set.is_empty());
}

#[test]
fn identity_tells_members_apart() {
    let (one, equal) = (Gc::new(5), Gc::new(5));
    let set: WeakSet<_> = [&one].into_iter().collect();
    assert!(set.contains(&one.clone()) && !set.contains(&equal));
}

#[test]
fn a_set_keeps_no_member_alive_and_no_box_tracked() {
    #[derive(Trace, Default)]
    struct Owner(WeakSet<Owner>);
    let owner = Gc::new(Owner::default());
    owner.0.insert(&owner);
    assert!(!Gc::is_tracked(&owner) && Gc::referents(&owner).is_empty());
    let weak = Gc::downgrade(&owner);
    drop(owner);
    assert!(weak.upgrade().is_none());
    let text = Gc::new(String::from("text"));
    WeakSet::new().insert(&text);
    assert!(!Gc::is_tracked(&text));
}

#[test]
fn a_set_is_part_of_garbage() {
    #[derive(Trace, Default)]
    struct Owner(WeakSet<Owner>, RefCell<Option<Gc<Owner>>>);
    let (owner, other) = (Gc::new(Owner::default()), Gc::new(Owner::default()));
    *owner.1.borrow_mut() = Some(owner.clone());
    owner.0.extend_with([&owner, &other]);
    other.0.extend_with([&owner, &other]);
    drop(owner);
    assert_eq!((gc::collect(), other.0.len(), Gc::weak_count(&other)), (1, 1, 1));
}

/// `Extend` asks for `&mut`, which a set inside a `Gc` does not give.
trait ExtendWith<T> {
    fn extend_with<const N: usize>(&self, members: [&Gc<T>; N]);
}

impl<T: 'static> ExtendWith<T> for WeakSet<T> {
    fn extend_with<const N: usize>(&self, members: [&Gc<T>; N]) {
        for member in members {
            self.insert(member);
        }
    }
}

#[test]
fn the_surface_is_that_of_a_hash_set() {
    let numbers = [0, 1, 2, 3, 4].map(Gc::new);
    let mut set: WeakSet<_> = numbers[..3].iter().collect();
    assert_eq!((set.len(), set.capacity() >= 3, sorted(&set)), (3, true, vec![0, 1, 2]));
    set.extend(&numbers[2..4]);
    set.extend([numbers[4].clone(), Gc::new(5)]);
    assert_eq!(sorted(set.iter()), [0, 1, 2, 3, 4]);
    let clone = set.clone();
    set.retain(|number| **number % 2 == 0);
    assert_eq!((sorted(set.drain()), set.len(), clone.len()), (vec![0, 2, 4], 0, 5));
    clone.drain().next();
    assert_eq!(clone.len(), 0);
    let by_value: WeakSet<_> = numbers.iter().cloned().collect();
    assert_eq!(sorted(by_value), [0, 1, 2, 3, 4]);
    let set: WeakSet<i32> = WeakSet::with_capacity(100);
    assert!(set.capacity() >= 100 && set.is_empty());
    set.shrink_to_fit();
    assert_eq!(set.capacity(), 0);
    set.reserve(10);
    assert!(set.capacity() >= 10 && WeakSet::<str>::default().is_empty());
    set.insert(&numbers[0]);
    set.clear();
    assert!(set.is_empty());
}

#[test]
fn sets_are_compared_and_combined() {
    let numbers = [0, 1, 2, 3, 4].map(Gc::new);
    let low: WeakSet<_> = numbers[..3].iter().collect();
    let high: WeakSet<_> = numbers[2..].iter().collect();
    let (none, all) = (WeakSet::new(), numbers.iter().collect::<WeakSet<_>>());
    for (one, other) in [(&low, &high), (&high, &low)] {
        assert_eq!((sorted(one.union(other)), sorted(one.intersection(other))), (vec![0, 1, 2, 3, 4], vec![2]));
        assert_eq!(sorted(one.symmetric_difference(other)), [0, 1, 3, 4]);
        assert!(!one.is_subset(other) && !one.is_superset(other) && !one.is_disjoint(other));
        assert!(one.is_subset(&all) && all.is_superset(one) && one.is_subset(one) && !all.is_subset(one));
        assert!(none.is_subset(one) && none.is_disjoint(one) && one.is_disjoint(&none));
    }
    assert_eq!((sorted(low.difference(&high)), sorted(high.difference(&low))), (vec![0, 1], vec![3, 4]));
    assert_eq!((sorted(none.union(&low)), sorted(low.difference(&none))), (vec![0, 1, 2], vec![0, 1, 2]));
}

#[test]
fn debug_prints_the_members() {
    let set = WeakSet::new();
    let member = Gc::new("member");
    set.insert(&member);
    set.insert(&Gc::new("dead"));
    assert_eq!(format!("{set:?}"), r#"{"member"}"#);
}

#[test]
fn closures_may_do_anything_to_the_set() {
    let held: Rc<RefCell<Vec<_>>> = Rc::new(RefCell::new((0..4).map(|_| node()).collect()));
    held.borrow().iter().for_each(|member| link(member, member));
    let set: WeakSet<_> = held.borrow().iter().collect();
    set.retain(|member| {
        assert!(set.remove(member) && set.insert(member));
        assert_eq!(set.drain().count(), 4);
        held.borrow().iter().for_each(|member| assert!(set.insert(member)));
        false
    });
    assert!(set.len() >= 3);
    set.retain(|member| {
        held.borrow_mut().retain(|other| !Gc::ptr_eq(other, member));
        gc::collect();
        assert!(set.contains(member));
        true
    });
    gc::collect();
    assert!(set.is_empty());
    let members = [node(), node()];
    let set: WeakSet<_> = members.iter().collect();
    assert!(catch_unwind(AssertUnwindSafe(|| set.retain(|_| panic!("on purpose")))).is_err());
    assert_eq!(set.iter().inspect(|_| set.clear()).count(), 1);
}

#[test]
fn a_member_is_gone_before_callbacks_run_and_there_in_its_finalizer() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Member(RefCell<Option<Gc<Member>>>, Weak<Member>);
    thread_local!(static SET: WeakSet<Member> = WeakSet::new());
    impl Finalize for Member {
        fn finalize(&self) {
            let me = self.1.upgrade().expect("alive");
            log(SET.with(|set| format!("finalizer {} {}", set.len(), set.contains(&me))));
        }
    }
    for cyclic in [false, true] {
        let member = Gc::new_cyclic(|me| Member(RefCell::new(None), me.clone()));
        *member.0.borrow_mut() = cyclic.then(|| member.clone());
        SET.with(|set| set.insert(&member));
        let _watch = Gc::downgrade_with(&member, || log(SET.with(|set| format!("callback {}", set.len()))));
        drop(member);
        gc::collect();
        assert_eq!(take_log(), ["finalizer 1 true", "callback 0"]);
    }
}

#[test]
fn a_member_of_a_thousand_sets_leaves_them_all() {
    let sets: Vec<WeakSet<Node>> = (0..1000).map(|_| WeakSet::new()).collect();
    let member = node();
    assert!(sets.iter().all(|set| set.insert(&member)));
    drop(member);
    assert!(sets.iter().all(WeakSet::is_empty));
}
