use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "")]
struct Items<I: Iterator> {
    item: I::Item,
    iterator: I,
}

fn main() {}
