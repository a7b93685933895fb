use gc_core::Trace;

#[derive(Trace)]
#[trace(leef, finalise, unsafe_dorp, bounds = "")]
struct Type {
    #[trace(skp)]
    skipped: u8,
    #[trace(wiht = f)]
    with: u8,
    #[trace(finalise)]
    elsewhere: u8,
}

fn main() {}
