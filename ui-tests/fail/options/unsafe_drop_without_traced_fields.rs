use gc_core::Trace;

#[derive(Trace)]
#[trace(unsafe_drop)]
enum Type {
    Function(fn(&u8)),
    Skipped(#[trace(skip)] u8),
    Unit,
}

fn main() {}
