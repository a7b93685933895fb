//! The small examples, seen from outside: each prints what its text says.

#[path = "support/executable.rs"]
mod executable;

use std::process::{Command, Stdio};

use executable::example;

/// Runs an example of one file, and compares what it prints.
#[track_caller]
fn assert_prints(name: &str, expected: &str) {
    let mut command = Command::new(example(name, &format!("{name}.rs")));
    let output = command.stdin(Stdio::null()).output().expect("the example starts");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success(), "{}", output.status);
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
}

#[test]
fn a_long_list_is_freed_by_counting() {
    assert_prints(
        "linked_list",
        "\
forward:  a b c
backward: c b a
without b: a c; and back: c a
nodes alive: 100000
nodes alive: 0; collections needed: 0
",
    );
}

#[test]
fn the_ring_of_a_dropped_cache_is_collected() {
    assert_prints(
        "lru_cache",
        "\
one: Some(1)
two: None
three: Some(3)
boxes alive: 3
in the ring that is left: 3, collected: 3
",
    );
}

#[test]
fn a_graph_is_collected_and_its_tables_empty_themselves() {
    assert_prints(
        "digraph",
        "\
component: d e
component: a b c
from a to a: Some(0)
from a to b: Some(4)
from a to c: Some(5)
from a to d: Some(7)
from a to e: Some(10)
collected: 5; distances left: 0
",
    );
}

#[test]
fn versions_of_a_document_share_what_did_not_change() {
    assert_prints(
        "undo_history",
        "\
boxes: 1001
boxes after an edit: 1003
lines shared with the former version: 999
boxes after another: 1003
now:    line 1 / line 2, changed twice
undone: 1000 lines, the second: line 2
redone: line 1 / line 2, changed twice
boxes in the end: 0
",
    );
}

#[test]
fn thunks_are_computed_once_and_collected() {
    assert_prints(
        "lazy_thunks",
        "\
computed before anybody looked: 0
[0, 1, 1, 2, 3, 5, 8, 13, 21, 34]
computed for 10: 10
the 91st: Some(2880067194370816120)
computed for 91: 91
collected: 4, alive: 0
1 + 1, the 100,000th: Some(2)
collected: 1, alive: 0
",
    );
}

#[test]
fn a_frozen_world_is_not_looked_at() {
    assert_prints(
        "entity_graph",
        "\
built: 40000 boxes, of which collections looked at 0
frozen: 40000
steps: 300000; collected: 100000 guests
looked at for each guest: 1.0 boxes
alive: 40000, frozen among them: 40000
the world, collected: 40000
",
    );
}
