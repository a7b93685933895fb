//! `gc-arena`. Its pointers are branded with the lifetime of a closure, so it cannot be a [`Column`](super::Column): the workloads are
//! written once more. Between the closures, each of which makes some thousand objects, the arena collects as much as it owes.

use std::hint::black_box;
use std::time::{Duration, Instant};

use gc_arena::barrier::field;
use gc_arena::{Arena, Collect, Gc, GcWeak, Lock, Mutation, RefLock, Rootable, static_collect};

use crate::tokens::{self, Token};
use crate::workloads::{
    LIVE_EDGES_SEED, OBJECTS_PER_COLLECTION, Random, Run, Sample, Size, Step, bytes_per_object, digraph_edges, discard,
    steps, time,
};

static_collect!(Token);

#[derive(Collect)]
#[collect(no_drop)]
struct List<'gc> {
    value: u64,
    next: Option<Gc<'gc, List<'gc>>>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct Tree<'gc> {
    value: u64,
    kids: Option<(Gc<'gc, Tree<'gc>>, Gc<'gc, Tree<'gc>>)>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct StrongTree<'gc> {
    token: Token,
    parent: Lock<Option<Gc<'gc, StrongTree<'gc>>>>,
    kids: Option<[Gc<'gc, StrongTree<'gc>>; 2]>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct WeakTree<'gc> {
    token: Token,
    parent: Lock<Option<GcWeak<'gc, WeakTree<'gc>>>>,
    kids: Option<[Gc<'gc, WeakTree<'gc>>; 2]>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct Node<'gc> {
    value: u64,
    token: Token,
    next: Lock<Option<Gc<'gc, Node<'gc>>>>,
    other: Lock<Option<Gc<'gc, Node<'gc>>>>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct Vertex<'gc> {
    value: u64,
    token: Token,
    edges: RefLock<Vec<Gc<'gc, Vertex<'gc>>>>,
}

#[derive(Collect, Default)]
#[collect(no_drop)]
struct Root<'gc> {
    list: Option<Gc<'gc, List<'gc>>>,
    lists: Vec<Gc<'gc, List<'gc>>>,
    handles: Vec<Option<Gc<'gc, Node<'gc>>>>,
}

type Heap = Arena<Rootable![Root<'_>]>;

pub fn find(name: &str) -> Option<Run> {
    Some(match name {
        "leaf" => |size| batches(size, |mc, value| discard(Gc::new(mc, value))),
        "container" => |size| batches(size, |mc, value| discard(Gc::new(mc, List { value, next: None }))),
        "clone" => clone,
        "clone-shuffled" => clone_shuffled,
        "walk-list" => walk_list,
        "walk-tree" => walk_tree,
        "trees" => |size| trees(size, |mc, depth| discard(tree(mc, depth))),
        "trees-strong" => |size| trees(size, |mc, depth| discard(strong_tree(mc, depth))),
        "trees-weak" => |size| trees(size, |mc, depth| discard(weak_tree(mc, depth))),
        "cycles" => |size| batches(size, |mc, value| pair(mc, value, None)),
        "ring" => ring,
        "digraph" => digraph,
        "churn" | "churn-empty" => |size| Some(churn(size, size.live).0),
        "churn-few" => |size| Some(churn(size, 1_000).0),
        "churn-pause" => |size| {
            let (sample, longest) = churn(size, size.live);
            Some(Sample { value: longest.as_nanos() as f64, ..sample })
        },
        "collect-quiet" => |size| Some(collections(size, &[])),
        "collect-ordered" => |size| Some(collections(size, &(0..size.live as usize).collect::<Vec<_>>())),
        "collect-shuffled" => |size| {
            let mut order: Vec<usize> = (0..size.live as usize).collect();
            Random::new(4).shuffle(&mut order);
            Some(collections(size, &order))
        },
        "survivors" => |size| Some(survivors(size, true)),
        "survivors-off" => |size| Some(survivors(size, false)),
        "mutation" => mutation,
        "drop-list" => drop_list,
        "bytes-leaf" => |size| heap().mutate(|mc, _| bytes_per_object(size.operations, |value| Gc::new(mc, value))),
        "bytes-container" => |size| {
            heap().mutate(|mc, _| bytes_per_object(size.operations, |value| Gc::new(mc, List { value, next: None })))
        },
        _ => return None,
    })
}

fn heap() -> Heap {
    Arena::new(|_| Root::default())
}

/// Reclaims all garbage: what was made during a cycle survives it, but not the next.
fn collect(heap: &mut Heap) {
    heap.finish_cycle();
    heap.finish_cycle();
}

fn batches(size: Size, make: impl for<'gc> Fn(&Mutation<'gc>, u64)) -> Option<Sample> {
    Some(time(size.operations, || {
        let mut heap = heap();
        let mut value = 0;
        while value < size.operations {
            let end = size.operations.min(value + OBJECTS_PER_COLLECTION);
            heap.mutate(|mc, _| (value..end).for_each(|value| make(mc, value)));
            heap.collect_debt();
            value = end;
        }
        collect(&mut heap);
    }))
}

fn clone(size: Size) -> Option<Sample> {
    Some(heap().mutate(|mc, _| {
        let pointer = Gc::new(mc, List { value: 1, next: None });
        time(size.operations, || (0..size.operations).for_each(|_| discard(*black_box(&pointer))))
    }))
}

fn clone_shuffled(size: Size) -> Option<Sample> {
    Some(heap().mutate(|mc, _| {
        let mut pointers: Vec<_> = (0..size.live).map(|value| Gc::new(mc, List { value, next: None })).collect();
        Random::new(1).shuffle(&mut pointers);
        time(size.operations, || {
            for _ in 0..size.operations / size.live {
                pointers.iter().for_each(|pointer| discard(*pointer));
            }
        })
    }))
}

fn list<'gc>(mc: &Mutation<'gc>, length: u64) -> Option<Gc<'gc, List<'gc>>> {
    (0..length).fold(None, |next, value| Some(Gc::new(mc, List { value, next })))
}

fn walk_list(size: Size) -> Option<Sample> {
    Some(heap().mutate(|mc, _| {
        let list = list(mc, size.live);
        time(size.operations, || {
            for _ in 0..size.operations / size.live {
                let entries = std::iter::successors(black_box(list), |entry| entry.next);
                black_box(entries.map(|entry| entry.value).sum::<u64>());
            }
        })
    }))
}

fn walk_tree(size: Size) -> Option<Sample> {
    Some(heap().mutate(|mc, _| {
        let tree = tree(mc, size.live.ilog2());
        time(size.operations, || {
            for _ in 0..size.operations / size.live {
                black_box(sum(black_box(tree)));
            }
        })
    }))
}

fn sum(tree: Gc<'_, Tree<'_>>) -> u64 {
    tree.value + tree.kids.map_or(0, |(left, right)| sum(left) + sum(right))
}

fn trees(size: Size, make: impl for<'gc> Fn(&Mutation<'gc>, u32)) -> Option<Sample> {
    Some(time(size.operations, || {
        let mut heap = heap();
        for _ in 0..size.operations / size.live {
            heap.mutate(|mc, _| make(mc, size.live.ilog2()));
            heap.collect_debt();
        }
        collect(&mut heap);
    }))
}

fn tree<'gc>(mc: &Mutation<'gc>, depth: u32) -> Gc<'gc, Tree<'gc>> {
    let kids = (depth > 0).then(|| (tree(mc, depth - 1), tree(mc, depth - 1)));
    Gc::new(mc, Tree { value: depth.into(), kids })
}

fn strong_tree<'gc>(mc: &Mutation<'gc>, depth: u32) -> Gc<'gc, StrongTree<'gc>> {
    let kids = (depth > 0).then(|| [strong_tree(mc, depth - 1), strong_tree(mc, depth - 1)]);
    let tree = Gc::new(mc, StrongTree { token: Token::new(), parent: Lock::new(None), kids });
    for kid in kids.iter().flatten() {
        field!(Gc::write(mc, *kid), StrongTree, parent).unlock().set(Some(tree));
    }
    tree
}

fn weak_tree<'gc>(mc: &Mutation<'gc>, depth: u32) -> Gc<'gc, WeakTree<'gc>> {
    let kids = (depth > 0).then(|| [weak_tree(mc, depth - 1), weak_tree(mc, depth - 1)]);
    let tree = Gc::new(mc, WeakTree { token: Token::new(), parent: Lock::new(None), kids });
    for kid in kids.iter().flatten() {
        field!(Gc::write(mc, *kid), WeakTree, parent).unlock().set(Some(Gc::downgrade(tree)));
    }
    tree
}

fn node<'gc>(mc: &Mutation<'gc>, value: u64) -> Gc<'gc, Node<'gc>> {
    Gc::new(mc, Node { value, token: Token::new(), next: Lock::new(None), other: Lock::new(None) })
}

fn set_next<'gc>(mc: &Mutation<'gc>, node: Gc<'gc, Node<'gc>>, next: Option<Gc<'gc, Node<'gc>>>) {
    field!(Gc::write(mc, node), Node, next).unlock().set(next);
}

fn set_other<'gc>(mc: &Mutation<'gc>, node: Gc<'gc, Node<'gc>>, other: Option<Gc<'gc, Node<'gc>>>) {
    field!(Gc::write(mc, node), Node, other).unlock().set(other);
}

fn pair<'gc>(mc: &Mutation<'gc>, value: u64, other: Option<Gc<'gc, Node<'gc>>>) {
    let [first, second] = [node(mc, value), node(mc, value)];
    set_next(mc, first, Some(second));
    set_next(mc, second, Some(first));
    if other.is_some() {
        set_other(mc, first, other);
    }
}

fn ring(size: Size) -> Option<Sample> {
    Some(time(size.operations, || {
        let mut heap = heap();
        heap.mutate(|mc, _| {
            let first = node(mc, 0);
            let mut last = first;
            for value in 1..size.operations {
                let node = node(mc, value);
                set_next(mc, last, Some(node));
                last = node;
            }
            set_next(mc, last, Some(first));
        });
        collect(&mut heap);
    }))
}

fn digraph(size: Size) -> Option<Sample> {
    Some(time(size.operations, || {
        let mut heap = heap();
        heap.mutate(|mc, _| {
            let vertex = |value| Gc::new(mc, Vertex { value, token: Token::new(), edges: RefLock::new(Vec::new()) });
            let vertices: Vec<_> = (0..size.operations).map(vertex).collect();
            for (from, to) in digraph_edges(size.operations) {
                field!(Gc::write(mc, vertices[from]), Vertex, edges).unlock().borrow_mut().push(vertices[to]);
            }
        });
        collect(&mut heap);
    }))
}

fn live_heap(nodes: u64) -> Heap {
    Arena::new(|mc| {
        let mut random = Random::new(LIVE_EDGES_SEED);
        let mut root = Root { handles: Vec::with_capacity(nodes as usize), ..Root::default() };
        for value in 0..nodes {
            let node = node(mc, value);
            if value > 0 {
                set_next(mc, node, root.handles[random.below(value) as usize]);
                set_other(mc, node, root.handles[random.below(value) as usize]);
            }
            root.handles.push(Some(node));
        }
        root
    })
}

/// The time of a cycle, and the longest time that the arena collected at once.
fn churn(size: Size, targets: u64) -> (Sample, Duration) {
    let mut heap = live_heap(size.live);
    collect(&mut heap);
    let spread = size.live / targets;
    let mut random = Random::new(5);
    let mut longest = Duration::ZERO;
    let mut done = 0;
    let start = Instant::now();
    while done < size.operations && (done == 0 || size.limit.is_none_or(|limit| start.elapsed() < limit)) {
        let end = size.operations.min(done + OBJECTS_PER_COLLECTION / 2);
        heap.mutate(|mc, root| {
            (done..end).for_each(|value| pair(mc, value, root.handles[(random.below(targets) * spread) as usize]));
        });
        let before = Instant::now();
        heap.collect_debt();
        longest = longest.max(before.elapsed());
        done = end;
    }
    collect(&mut heap);
    (left_alive(start.elapsed(), done, size.live, heap), longest)
}

/// Full collections, each after the handles were copied in this order.
fn collections(size: Size, order: &[usize]) -> Sample {
    let mut heap = live_heap(size.live);
    collect(&mut heap);
    let mut elapsed = Duration::ZERO;
    let start = Instant::now();
    let mut done = 0;
    while done < size.operations && (done == 0 || size.limit.is_none_or(|limit| start.elapsed() < limit)) {
        heap.mutate(|_, root| order.iter().for_each(|&index| discard(root.handles[index])));
        let before = Instant::now();
        heap.finish_cycle();
        elapsed += before.elapsed();
        done += 1;
    }
    left_alive(elapsed, done, size.live, heap)
}

fn left_alive(elapsed: Duration, operations: u64, live: u64, heap: Heap) -> Sample {
    let leaked = tokens::alive() - live as i64;
    // The process ends now.
    std::mem::forget(heap);
    Sample { value: elapsed.as_nanos() as f64 / operations as f64, leaked }
}

fn survivors(size: Size, automatic: bool) -> Sample {
    let mut heap = Heap::new(|_| Root { lists: Vec::with_capacity(size.operations as usize), ..Root::default() });
    let mut value = 0;
    let start = Instant::now();
    while value < size.operations {
        let end = size.operations.min(value + OBJECTS_PER_COLLECTION);
        heap.mutate_root(|mc, root| {
            for value in value..end {
                let next = if value % 2 == 1 { root.lists.last().copied() } else { None };
                root.lists.push(Gc::new(mc, List { value, next }));
            }
        });
        if automatic {
            heap.collect_debt();
        }
        value = end;
    }
    left_alive(start.elapsed(), size.operations, 0, heap)
}

fn mutation(size: Size) -> Option<Sample> {
    Some(time(size.operations, || {
        let mut heap = Heap::new(|_| Root { handles: vec![None; size.live as usize], ..Root::default() });
        let mut steps = steps(size.operations, size.live).peekable();
        while steps.peek().is_some() {
            heap.mutate_root(|mc, root| {
                steps.by_ref().take(OBJECTS_PER_COLLECTION as usize).for_each(|step| take(mc, &mut root.handles, step));
            });
            heap.collect_debt();
        }
        heap.mutate_root(|_, root| root.handles.clear());
        collect(&mut heap);
    }))
}

fn take<'gc>(mc: &Mutation<'gc>, handles: &mut [Option<Gc<'gc, Node<'gc>>>], step: Step) {
    match step {
        Step::Create(handle) => handles[handle] = Some(node(mc, handle as u64)),
        Step::Link(from, to) => {
            if let (Some(from), Some(to)) = (handles[from], handles[to]) {
                set_next(mc, from, Some(to));
            }
        }
        Step::LinkOther(from, to) => {
            if let (Some(from), Some(to)) = (handles[from], handles[to]) {
                set_other(mc, from, Some(to));
            }
        }
        Step::Unlink(handle) => {
            if let Some(node) = handles[handle] {
                set_next(mc, node, None);
            }
        }
        Step::Drop(handle) => handles[handle] = None,
    }
}

fn drop_list(size: Size) -> Option<Sample> {
    let mut heap = Heap::new(|mc| Root { list: list(mc, size.operations), ..Root::default() });
    collect(&mut heap);
    Some(time(size.operations, || {
        heap.mutate_root(|_, root| root.list = None);
        collect(&mut heap);
    }))
}
