//! The matrix: every act behind every door, by every way to it. One test for each door.

mod births;
mod collections;
mod deaths;
mod exits;
mod hooks;
mod trace;

use std::rc::Rc;

use gc_core::gc;

use crate::acts::ACTS;
use crate::case::{Case, Collections, Kind, Way, matrix};
use crate::collect_automatically;

const fn way(name: &'static str, kind: Kind, collections: Collections, go: fn(&Rc<Case>)) -> Way {
    Way { name, go, kind, collections }
}

/// The heap opens the door in a collection.
const fn in_collection(name: &'static str, go: fn(&Rc<Case>)) -> Way {
    way(name, Kind::HeldBack, Collections::Never, go)
}

/// The heap opens the door as a count reaches zero.
const fn by_count(name: &'static str, go: fn(&Rc<Case>)) -> Way {
    way(name, Kind::HeldBack, Collections::WhenAskedFor, go)
}

/// The same, while the thread panics.
const fn unwinding(name: &'static str, go: fn(&Rc<Case>)) -> Way {
    way(name, Kind::Unwinding, Collections::WhenAskedFor, go)
}

/// The door is in the middle of user code, which a panic breaks off.
const fn direct(name: &'static str, go: fn(&Rc<Case>)) -> Way {
    way(name, Kind::Direct, Collections::ByThemselves, go)
}

fn all_acts(ways: &[Way]) {
    matrix(ways, ACTS.iter());
}
