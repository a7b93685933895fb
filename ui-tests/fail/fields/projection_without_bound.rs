use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "")]
struct Peeked<I: Iterator> {
    next: I::Item,
    count: usize,
}

fn main() {}
