use gc_core::Trace;

#[derive(Trace)]
enum Type {
    Const(*const u8),
    Mut { pointer: *mut str },
    Skipped(#[trace(skip)] *mut u8),
}

fn main() {}
