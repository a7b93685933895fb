use gc_core::Trace;

#[derive(Trace)]
#[trace(skip, with = f)]
enum Type {
    #[trace(leaf, with = f)]
    One,
    Two(#[trace(finalize)] u8),
    Three {
        #[trace(leaf, unsafe_drop, bound = "", crate = gc_core)]
        field: u8,
    },
}

fn main() {}
