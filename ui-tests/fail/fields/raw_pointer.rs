use gc_core::Trace;

#[derive(Trace)]
struct Raw {
    pointer: *const u8,
    other: *mut u8,
}

fn main() {}
