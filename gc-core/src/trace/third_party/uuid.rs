//! `uuid`: leaves.

use uuid::{Builder, Error, NonNilUuid, Timestamp, Uuid, Variant, Version, fmt};

use crate::impl_trace_leaf;

impl_trace_leaf!(
    Uuid,
    NonNilUuid,
    Builder,
    Timestamp,
    Variant,
    Version,
    Error,
    fmt::Braced,
    fmt::Hyphenated,
    fmt::Simple,
    fmt::Urn
);
