//! `url`: leaves.

use url::{Host, OpaqueOrigin, Origin, ParseError, Position, Url};

use crate::impl_trace_leaf;

impl_trace_leaf!(Url, <S> Host<S>, OpaqueOrigin, Origin, ParseError, Position);
