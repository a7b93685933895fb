//! `thin-vec`: vectors that are one word.

use thin_vec::ThinVec;

use crate::object::tracer::Tracer;
use crate::trace::collection::sequences;
use crate::trace::{Trace, edges_of, worth_tracing};

sequences! {
    #[diagnostic::do_not_recommend]
    [T] ThinVec<T>;
}
