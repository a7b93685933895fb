//! Parameters may be constants.

use gc_core::Trace;
use gc_ui_tests::{Edge, edge, edges, is_tracked, reclaims};

#[derive(Trace)]
struct Array<T, const N: usize>([T; N]);

#[derive(Trace)]
struct Matrix<const ROWS: usize, const COLUMNS: usize> {
    cells: [[Option<Edge>; COLUMNS]; ROWS],
}

#[derive(Trace)]
struct Flags<const DEEP: bool, const LETTER: char, const OFFSET: i8>(Edge);

#[derive(Trace)]
enum Small<T, const N: usize> {
    Inline([T; N]),
    Heap(Vec<T>),
    Nested(Box<Small<T, N>>),
}

#[derive(Trace)]
struct Inner<const N: usize>(Array<Edge, N>, Array<u8, { 1 + 2 }>);

const LEN: usize = 2;

#[derive(Trace)]
struct Lengths([Edge; LEN], [Edge; LEN - 1], [Edge; size_of::<u8>()], [Edge; 0]);

fn main() {
    assert_eq!(edges(Array([edge(), edge(), edge()])), 3);
    assert!(reclaims(|back| Array([edge(), back])));
    assert!(!is_tracked(Array([1, 2])));

    let matrix = |back| Matrix { cells: [[None, Some(edge()), None], [None, None, Some(back)]] };
    assert_eq!(edges(matrix(edge())), 2);
    assert!(reclaims(matrix));

    assert!(reclaims(Flags::<true, 'x', -1>));
    assert!(reclaims(|edge| Small::<_, 1>::Inline([edge])));
    assert!(reclaims(|edge| Small::<_, 0>::Heap(vec![edge])));
    assert!(reclaims(|edge| Small::Nested(Box::new(Small::Inline([edge])))));
    assert!(reclaims(|edge| Inner(Array([edge]), Array([1, 2, 3]))));
    assert!(reclaims(|back| Lengths([edge(), back], [edge()], [edge()], [])));
}
