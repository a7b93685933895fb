//! `either`: one of two values.

use either::Either;

use crate::object::tracer::Tracer;
use crate::trace::wrapper::transparent;
use crate::trace::{Trace, edges_of};

transparent! {
    #[diagnostic::do_not_recommend]
    <L, R> Either<L, R> { Either::Left(value) => [value "Left"], Either::Right(value) => [value "Right"] }
}
