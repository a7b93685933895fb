use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf = true, finalize(always))]
struct Flags {
    #[trace(skip = "always")]
    field: u8,
}

#[derive(Trace)]
#[trace(bound, crate)]
struct Missing {
    #[trace(with)]
    field: u8,
    #[trace(with(f))]
    other: u8,
}

#[derive(Trace)]
#[trace(bound = T::Item, crate = "gc_core")]
struct Wrong {
    #[trace(with = "f")]
    field: u8,
    #[trace(with = |value, tracer| ())]
    other: u8,
}

fn main() {}
