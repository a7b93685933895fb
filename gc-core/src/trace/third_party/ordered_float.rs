//! `ordered-float`: floats with a total order.

use ordered_float::{FloatIsNan, NotNan, OrderedFloat, ParseNotNanError};

use crate::impl_trace_leaf;
use crate::object::tracer::Tracer;
use crate::trace::wrapper::transparent;
use crate::trace::{Trace, edges_of};

transparent! {
    #[diagnostic::do_not_recommend]
    <T> OrderedFloat<T> { OrderedFloat(value) => [value] }
}

// A `NotNan` shows its float only to those who know that it is one.
impl_trace_leaf!(<T> NotNan<T>, FloatIsNan, <E> ParseNotNanError<E>);
