//! Censuses and leak scopes.

use std::cell::RefCell;
use std::panic::catch_unwind;
use std::rc::Rc;

use gc_core::inspect::{LeakScope, census};
use gc_core::{Gc, Trace, gc};

#[derive(Trace, Default)]
struct Session {
    users: RefCell<Vec<Gc<User>>>,
    #[trace(skip)]
    hidden: RefCell<Vec<Gc<User>>>,
}

#[derive(Trace, Default)]
struct User {
    session: RefCell<Option<Gc<Session>>>,
}

#[test]
fn a_census_counts_objects_and_bytes_by_type_largest_first() {
    let users: Vec<Gc<User>> = (0..10).map(|_| Gc::default()).collect();
    let large = Gc::new([0_u8; 5000]);
    let census = census();
    let rows: Vec<_> = census.rows().iter().map(|row| (row.type_name, row.objects)).collect();
    assert_eq!(rows, [("[u8; 5000]", 1), (std::any::type_name::<User>(), 10)]);
    assert_eq!((census.objects(), census.bytes()), (11, gc::stats().live_bytes));
    let lines: Vec<_> = census
        .to_string()
        .lines()
        .map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" "))
        .collect();
    let [large_bytes, user_bytes] = [0, 1].map(|row| census.rows()[row].bytes);
    let expected = [
        "type objects bytes".to_owned(),
        format!("[u8; 5000] 1 {large_bytes}"),
        format!("User 10 {user_bytes}"),
        format!("sum 11 {}", large_bytes + user_bytes),
    ];
    assert_eq!(lines, expected);
    let widths: Vec<_> = census.to_string().lines().map(|line| line.chars().count()).collect();
    assert!(widths.iter().all(|width| *width == widths[0]), "a table has straight edges");
    drop((users, large));
}

#[test]
fn the_difference_of_two_censuses_shows_what_came_and_went() {
    let kept: Vec<_> = (0..3).map(Gc::new).collect();
    let going = Gc::new("x");
    let before = census();
    let coming = [Gc::new('x'), Gc::new('y')];
    drop(going);
    let difference = census().diff(&before);
    let rows: Vec<_> = difference.rows().iter().map(|row| (row.type_name, row.objects)).collect();
    assert_eq!(rows, [("char", 2), ("&str", -1)]);
    assert!(difference.rows()[0].bytes > 0 && difference.rows()[1].bytes < 0);
    let text = difference.to_string();
    assert!(text.contains("+2") && text.contains("-1") && !text.contains("i32"), "{text}");
    assert!(census().diff(&census()).is_empty());
    drop((kept, coming));
}

/// What a scope says of what is left.
fn report(scope: &LeakScope) -> String {
    scope.survivors().to_string()
}

#[test]
fn a_scope_in_which_everything_dies_is_empty() {
    let before = Gc::new(Session::default());
    let scope = LeakScope::new();
    before.users.borrow_mut().push(Gc::default());
    before.users.borrow_mut().clear();
    assert!(before.hidden.borrow().is_empty());
    drop(Gc::new("x"));
    assert!(scope.survivors().is_empty() && scope.survivors().snapshot().len() == 1);
    assert_eq!(report(&scope), "nothing that was made in this scope is alive");
    scope.assert_empty();
}

#[test]
fn a_scope_finds_what_takes_the_place_of_what_was_there() {
    let before: Vec<Gc<User>> = (0..100).map(|_| Gc::default()).collect();
    let scope = LeakScope::new();
    drop(before);
    let after: Vec<Gc<User>> = (0..100).map(|_| Gc::default()).collect();
    assert_eq!(scope.survivors().len(), 100);
    let inner = LeakScope::new();
    assert_eq!((inner.survivors().len(), scope.survivors().len()), (0, 100));
    let late = Gc::new(1);
    gc::collect();
    assert_eq!((inner.survivors().len(), scope.survivors().len()), (1, 101));
    drop((after, late));
    scope.assert_empty();
}

#[test]
fn survivors_fail_a_test_by_type_with_a_path_each() {
    let session = Gc::new(Session::default());
    let scope = LeakScope::new();
    session.users.borrow_mut().extend((0..3).map(|_| Gc::default()));
    let message = catch_unwind(|| scope.assert_empty()).unwrap_err();
    let message = message.downcast_ref::<String>().expect("a message");
    let bytes = 3 * census().rows().iter().find(|row| row.type_name.ends_with("User")).unwrap().bytes / 3;
    let expected = format!(
        "3 objects that were made in this scope are alive\nheld by objects that are alive:\n  3 x User, {bytes} bytes; one by \
         Session.users["
    );
    assert!(message.starts_with(&expected) && message.ends_with("] -> User"), "{message}");
}

#[test]
fn cyclic_garbage_is_listed_as_such_and_goes_with_a_collection() {
    let scope = LeakScope::new();
    let session = Gc::new(Session::default());
    let user = Gc::new(User { session: Some(session.clone()).into() });
    session.users.borrow_mut().push(user);
    drop(session);
    let text = report(&scope);
    assert!(text.contains("2 objects"), "{text}");
    assert!(text.contains("garbage in cycles, which only a collection would free:"), "{text}");
    assert!(text.contains("; in User.session") && text.contains("; in Session.users[0]"), "{text}");
    gc::collect();
    scope.assert_empty();
}

#[test]
fn untraced_owners_are_named_as_such() {
    let outer = Gc::new(Session::default());
    for owner in ["skip", "Rc", "Rc of several"] {
        let scope = LeakScope::new();
        let user = Gc::<User>::default();
        let held: Option<Rc<dyn std::any::Any>> = match owner {
            "skip" => {
                outer.hidden.borrow_mut().push(user);
                None
            }
            "Rc" => Some(Rc::new((1, user))),
            _ => Some(Rc::new(vec![user])),
        };
        let text = report(&scope);
        assert!(text.contains("held by something that is not traced: a variable, a static, an `Rc`"), "{text}");
        assert!(text.contains("`#[trace(skip)]`") && text.contains("strong pointer"), "{text}");
        drop(held);
        outer.hidden.borrow_mut().clear();
        scope.assert_empty();
    }
}

#[test]
fn a_report_says_where_it_may_be_wrong() {
    let session = Gc::new(Session::default());
    let scope = LeakScope::new();
    session.users.borrow_mut().push(Gc::default());
    let user = session.users.borrow()[0].clone();
    let _borrowed = user.session.borrow_mut();
    let text = report(&scope);
    assert!(text.ends_with("; by 1 of its 2 strong pointers (not all edges of User could be read)"), "{text}");

    // What the borrowed cell owns seems to be held by nobody.
    let users = session.users.borrow_mut();
    let scope = LeakScope::new();
    let held = Gc::new((1, Some(Gc::new("x"))));
    let text = report(&scope);
    assert!(text.contains("; by its only strong pointer (or by "), "{text}");
    assert!(text.contains(", not all edges of which could be read)"), "{text}");
    drop((users, held));
}
