//! CPython 3.11's `test_weakset.py`, one test here for each of its tests that means something for this heap, by the same
//! name and in the same order.
//!
//! Members are told apart by identity here, so where the original makes an equal letter anew, the one here is no member.
//!
//! Left out:
//! - `test_methods`, `test_new_or_init`, `test_abc`: whether a method is there is the compiler's matter.
//! - `test_or`, `test_and`, `test_sub`, `test_xor`, `test_ior`, `test_iand`, `test_isub`, `test_ixor`, `test_lt`, `test_gt`: no
//!   operators; the methods are tested by the tests before them.
//! - `test_eq`, `test_ne`, `test_hash`: a `WeakSet` has neither `Eq` nor `Hash`.
//! - `test_subclass_with_custom_hash`: no subclasses.
//! - `test_copying`: no attributes beside the members, and no `deepcopy`; `Clone` is in `test_copy`.

use std::cell::RefCell;

use gc_core::gc::{self, Thresholds};
use gc_core::weak::WeakSet;
use gc_core::{Gc, Trace};

type Letter = Gc<char>;

/// The letters from `a` to `z`, which nothing else holds.
fn letters() -> Vec<Letter> {
    ('a'..='z').map(Gc::new).collect()
}

/// Those of `letters` that `names` names.
fn pick<'a>(letters: &'a [Letter], names: &'a str) -> impl Iterator<Item = &'a Letter> {
    letters.iter().filter(|letter| names.contains(***letter))
}

fn set(letters: &[Letter], names: &str) -> WeakSet<char> {
    pick(letters, names).collect()
}

/// The letters that are members, asked for one by one; all members are among them, and each is given once.
fn members(letters: &[Letter], set: &WeakSet<char>) -> String {
    let asked: String = letters.iter().filter(|letter| set.contains(letter)).map(|letter| **letter).collect();
    let mut given: Vec<_> = set.iter().map(|letter| *letter).collect();
    given.sort_unstable();
    assert_eq!((given.iter().collect::<String>(), set.len()), (asked.clone(), asked.len()));
    asked
}

/// Lets the letter die.
fn kill(letters: &mut Vec<Letter>, name: char) {
    letters.retain(|letter| **letter != name);
}

/// `pop`.
fn pop(set: &WeakSet<char>) -> Option<Letter> {
    set.iter().next().inspect(|letter| assert!(set.remove(letter)))
}

/// `class RefCycle`.
#[derive(Trace, Default)]
struct RefCycle {
    cycle: RefCell<Option<Gc<RefCycle>>>,
}

fn ref_cycles() -> Vec<Gc<RefCycle>> {
    let cycles: Vec<_> = (0..20).map(|_| Gc::new(RefCycle::default())).collect();
    cycles.iter().for_each(|cycle| *cycle.cycle.borrow_mut() = Some(cycle.clone()));
    cycles
}

// Claim: the length is the number of members alive.
#[test]
fn test_len() {
    let letters = letters();
    let object = Gc::new('F');
    let lone = WeakSet::from_iter([&object]);
    assert_eq!((set(&letters, "abc").len(), lone.len(), lone.is_empty()), (3, 1, false));
    drop(object);
    assert_eq!((lone.len(), lone.is_empty()), (0, true));
}

// Claim: a set contains what it was made of, as long as that lives, and nothing else, even if it is equal.
#[test]
fn test_contains() {
    let letters = letters();
    assert_eq!(members(&letters, &set(&letters, "abc")), "abc");
    let object = Gc::new('F');
    let lone = WeakSet::from_iter([&object]);
    assert!(lone.contains(&object) && !lone.contains(&Gc::new('F')));
    drop(object);
    assert!(!lone.contains(&Gc::new('F')));
}

// Claim: a union has the members of both, leaves both alone, and loses those that die.
#[test]
fn test_union() {
    let mut letters = letters();
    let (some, others) = (set(&letters, "abc"), set(&letters, "cxyz"));
    let union: WeakSet<_> = some.union(&others).collect();
    assert_eq!((some.union(&others).count(), members(&letters, &union)), (6, "abcxyz".into()));
    assert_eq!((members(&letters, &some), members(&letters, &others)), ("abc".into(), "cxyz".into()));
    kill(&mut letters, 'z');
    assert_eq!(members(&letters, &union), "abcxy");
}

// Claim: an intersection has the members that both have, leaves both alone, and loses those that die.
#[test]
fn test_intersection() {
    let mut letters = letters();
    let (some, others) = (set(&letters, "abcxyz"), set(&letters, "defxyz"));
    let both: WeakSet<_> = some.intersection(&others).collect();
    assert_eq!((some.intersection(&others).count(), members(&letters, &both)), (3, "xyz".into()));
    assert_eq!((members(&letters, &some), members(&letters, &others)), ("abcxyz".into(), "defxyz".into()));
    assert_eq!(both.intersection(&set(&letters, "abc")).count(), 0);
    kill(&mut letters, 'z');
    assert_eq!(members(&letters, &both), "xy");
}

// Claim: sets are disjoint if they have no member in common.
#[test]
fn test_isdisjoint() {
    let letters = letters();
    let some = set(&letters, "abc");
    assert!(some.is_disjoint(&set(&letters, "xyz")) && some.is_disjoint(&WeakSet::new()));
    assert!(!some.is_disjoint(&letters.iter().collect()) && !some.is_disjoint(&set(&letters, "cde")));
}

// Claim: a difference has the members that the other has not, and leaves both alone.
#[test]
fn test_difference() {
    let letters = letters();
    let (some, others) = (set(&letters, "abc"), set(&letters, "cxyz"));
    let difference: WeakSet<_> = some.difference(&others).collect();
    assert_eq!((some.difference(&others).count(), members(&letters, &difference)), (2, "ab".into()));
    assert_eq!((members(&letters, &some), members(&letters, &others)), ("abc".into(), "cxyz".into()));
}

// Claim: a symmetric difference has the members that only one has, leaves both alone, and loses those that die.
#[test]
fn test_symmetric_difference() {
    let mut letters = letters();
    let (some, others) = (set(&letters, "abc"), set(&letters, "cxyz"));
    let either: WeakSet<_> = some.symmetric_difference(&others).collect();
    assert_eq!((some.symmetric_difference(&others).count(), members(&letters, &either)), (5, "abxyz".into()));
    assert_eq!((members(&letters, &some), members(&letters, &others)), ("abc".into(), "cxyz".into()));
    kill(&mut letters, 'z');
    assert_eq!(members(&letters, &either), "abxy");
}

// Claim: a set is a subset of those that have all its members, itself among them, and they are supersets of it.
#[test]
fn test_sub_and_super() {
    let letters = letters();
    let [ab, abcde, def] = ["ab", "abcde", "def"].map(|names| set(&letters, names));
    assert!(ab.is_subset(&abcde) && abcde.is_subset(&abcde) && abcde.is_superset(&ab));
    assert!(!abcde.is_subset(&ab) && !ab.is_superset(&abcde));
    assert!(!abcde.is_subset(&def) && !abcde.is_superset(&def) && !ab.is_subset(&def));
}

// Claim: sets in a nest of cycles are no edges: the nest dies when the last pointer into it goes.
#[test]
fn test_gc() {
    #[derive(Trace, Default)]
    struct Foo {
        cycle: RefCell<Option<Gc<WeakSet<Foo>>>>,
        sub: RefCell<Option<Gc<Foo>>>,
        set: WeakSet<Foo>,
    }
    let foos: Vec<_> = (0..1000).map(|_| Gc::new(Foo::default())).collect();
    let all = Gc::new(foos.iter().collect::<WeakSet<_>>());
    for foo in &*all {
        *foo.cycle.borrow_mut() = Some(all.clone());
        *foo.sub.borrow_mut() = Some(foo.clone());
        foo.set.insert(&foo);
    }
    assert_eq!((gc::collect(), all.len(), Gc::strong_count(&all)), (0, 1000, 1001));
    drop(foos);
    assert_eq!((gc::collect(), all.len(), Gc::strong_count(&all)), (1000, 0, 1));
}

// Claim: a set is made of pointers or of references to them, and made again it has only the new ones.
#[test]
fn test_init() {
    let letters = letters();
    let mut set: WeakSet<_> = pick(&letters, "abc").collect();
    assert_eq!(members(&letters, &set), "abc");
    set = pick(&letters, "xyz").cloned().collect();
    assert_eq!(members(&letters, &set), "xyz");
    assert_eq!(Gc::strong_count(&letters[25]), 1);
}

// Claim: a set that is made of another is another.
#[test]
fn test_constructor_identity() {
    let letters = letters();
    let some = set(&letters, "abc");
    let again: WeakSet<_> = some.iter().collect();
    again.insert(&letters[25]);
    assert_eq!((members(&letters, &some), members(&letters, &again)), ("abc".into(), "abcz".into()));
    let moved: WeakSet<_> = again.into_iter().collect();
    assert_eq!(members(&letters, &moved), "abcz");
}

// Claim: a cleared set is empty.
#[test]
fn test_clear() {
    let letters = letters();
    let some = set(&letters, "abc");
    some.clear();
    assert_eq!((members(&letters, &some), some.len()), (String::new(), 0));
}

// Claim: a clone has the same members and is another set.
#[test]
fn test_copy() {
    let letters = letters();
    let some = set(&letters, "abc");
    let copy = some.clone();
    assert_eq!(members(&letters, &copy), "abc");
    some.clear();
    assert_eq!(members(&letters, &copy), "abc");
}

// Claim: what is added is a member, once; what dies at once is none.
#[test]
fn test_add() {
    let letters = letters();
    let some = set(&letters, "abc");
    assert!(some.insert(&letters[16]) && !some.insert(&letters[16]));
    assert_eq!(members(&letters, &some), "abcq");
    let object = Gc::new('F');
    let lone = WeakSet::from_iter([&object]);
    assert!(lone.insert(&Gc::new('G')));
    assert_eq!(lone.len(), 1);
    assert!(!lone.insert(&object));
    assert_eq!(lone.len(), 1);
}

// Claim: what is removed is no member, and cannot be removed again.
#[test]
fn test_remove() {
    let letters = letters();
    let some = set(&letters, "abc");
    assert!(some.remove(&letters[0]) && !some.remove(&letters[0]));
    assert_eq!(members(&letters, &some), "bc");
}

// Claim: to remove what is no member, even if it is equal to one, does nothing.
#[test]
fn test_discard() {
    let letters = letters();
    let some = set(&letters, "abc");
    assert!(!some.remove(&letters[16]) && !some.remove(&Gc::new('a')));
    assert_eq!(members(&letters, &some), "abc");
}

// Claim: any member can be taken out, until there is none.
#[test]
fn test_pop() {
    let letters = letters();
    let some = set(&letters, "abc");
    for left in [2, 1, 0] {
        let letter = pop(&some).expect("one more");
        assert!(!some.contains(&letter) && "abc".contains(*letter));
        assert_eq!(some.len(), left);
    }
    assert!(pop(&some).is_none());
}

// Claim: `extend` adds what pointers or references to them lead to, and takes nothing away.
#[test]
fn test_update() {
    let letters = letters();
    let mut some = set(&letters, "abc");
    some.extend(pick(&letters, "cx"));
    some.extend(pick(&letters, "yz").cloned());
    assert_eq!(members(&letters, &some), "abcxyz");
}

// Claim: `extend` adds the members of another set, which keeps them.
#[test]
fn test_update_set() {
    let letters = letters();
    let (mut some, others) = (set(&letters, "abc"), set(&letters, "cxyz"));
    some.extend(&others);
    assert_eq!((members(&letters, &some), members(&letters, &others)), ("abcxyz".into(), "cxyz".into()));
}

// Claim: `retain` keeps the members that another set has.
#[test]
fn test_intersection_update() {
    let letters = letters();
    let (some, others) = (set(&letters, "abc"), set(&letters, "bcx"));
    some.retain(|letter| others.contains(letter));
    assert_eq!(members(&letters, &some), "bc");
}

// Claim: `retain` keeps the members that another set has not.
#[test]
fn test_difference_update() {
    let letters = letters();
    let (some, others) = (set(&letters, "abc"), set(&letters, "bcx"));
    some.retain(|letter| !others.contains(letter));
    assert_eq!(members(&letters, &some), "a");
}

/// `symmetric_difference_update`.
fn toggle(some: &WeakSet<char>, others: &WeakSet<char>) {
    for letter in others {
        if !some.remove(&letter) {
            some.insert(&letter);
        }
    }
}

// Claim: what `remove` does not find is what `insert` adds.
#[test]
fn test_symmetric_difference_update() {
    let letters = letters();
    let (some, others) = (set(&letters, "abc"), set(&letters, "bcx"));
    toggle(&some, &others);
    assert_eq!((members(&letters, &some), members(&letters, &others)), ("ax".into(), "bcx".into()));
}

// Claim: a set may be combined with itself in place.
#[test]
fn test_inplace_on_self() {
    let letters = letters();
    let some = set(&letters, "abc");
    let copy = some.clone();
    copy.iter().for_each(|letter| assert!(!copy.insert(&letter)));
    assert_eq!(members(&letters, &copy), "abc");
    copy.retain(|letter| copy.contains(letter));
    assert_eq!(members(&letters, &copy), "abc");
    copy.retain(|letter| !copy.contains(letter));
    assert_eq!(members(&letters, &copy), "");
    let copy = some.clone();
    toggle(&copy, &copy);
    assert_eq!(members(&letters, &copy), "");
}

// Claim: a member that dies in the middle of an iteration leaves at once, and the iteration goes on without it.
#[test]
fn test_weak_destroy_while_iterating() {
    for name in ['a', 'c'] {
        let mut letters = letters();
        let some = set(&letters, "abc");
        let mut walk = some.iter();
        let first = walk.next().map(|letter| *letter).expect("a letter");
        kill(&mut letters, name);
        assert_eq!(walk.count(), if first == name { 2 } else { 1 });
        assert_eq!(some.len(), 2);
    }
}

/// Lets a member die in the middle of an iteration, does something with a letter made as it was, and ends the iteration.
fn in_iteration(some: &WeakSet<char>, letters: &mut Vec<Letter>, action: impl FnOnce(&Letter)) {
    let mut walk = some.iter();
    drop(walk.next());
    let name = *letters.pop().expect("a letter");
    gc::collect();
    action(&Gc::new(name));
    drop(walk.next());
}

// Claim: a set may be changed in any way in the middle of an iteration in which a member died.
#[test]
fn test_weak_destroy_and_mutate_while_iterating() {
    let mut letters = letters();
    let some: WeakSet<_> = letters.iter().collect();
    in_iteration(&some, &mut letters, |letter| assert!(!some.contains(letter)));
    in_iteration(&some, &mut letters, |letter| assert!(!some.remove(letter) && !some.contains(letter)));
    let mut kept = None;
    in_iteration(&some, &mut letters, |letter| {
        assert!(some.insert(letter));
        kept = Some(letter.clone());
    });
    assert!(kept.as_ref().is_some_and(|letter| some.contains(letter)) && some.len() == letters.len() + 1);
    let copy = some.clone();
    in_iteration(&some, &mut letters, |_| copy.iter().for_each(|letter| assert!(!some.insert(&letter))));
    assert_eq!((some.len(), copy.len()), (letters.len() + 1, letters.len() + 1));
    in_iteration(&some, &mut letters, |_| some.clear());
    assert_eq!((some.len(), copy.len()), (0, letters.len() + 1));
}

// Claim: an iterator between two steps keeps no garbage alive.
#[test]
fn test_len_cycles() {
    let cycles = ref_cycles();
    let some: WeakSet<_> = cycles.iter().collect();
    drop(cycles);
    let mut walk = some.iter();
    assert!(walk.next().is_some());
    gc::collect();
    assert_eq!((some.len(), walk.next().is_none()), (0, true));
}

// Claim: the length is right whenever a collection comes.
#[test]
fn test_len_race() {
    for threshold in 1..100 {
        gc::set_thresholds(Thresholds { young: threshold, middle: threshold, old: threshold });
        let some: WeakSet<_> = ref_cycles().iter().collect();
        let mut walk = some.iter();
        walk.next();
        let _more = Gc::new(RefCycle::default());
        let first = some.len();
        let _still_more = Gc::new(RefCycle::default());
        let second = some.len();
        assert!(second <= first && first <= 20);
        assert_eq!(some.iter().count(), second);
    }
}

// Claim: a set is shown as its members are, as a set of std is.
#[test]
fn test_repr() {
    let letters = letters();
    let shown = format!("{:?}", set(&letters, "abc"));
    let mut parts: Vec<_> = shown.trim_matches(['{', '}']).split(", ").collect();
    parts.sort_unstable();
    assert_eq!((parts, shown.len()), (vec!["'a'", "'b'", "'c'"], "{'a', 'b', 'c'}".len()));
}
