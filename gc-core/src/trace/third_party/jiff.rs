//! `jiff`: dates, times and spans, leaves.

use jiff::{civil, tz};

use crate::impl_trace_leaf;

impl_trace_leaf!(
    jiff::Error,
    jiff::SignedDuration,
    jiff::Span,
    jiff::SpanFieldwise,
    jiff::Timestamp,
    jiff::Unit,
    jiff::Zoned,
    civil::Date,
    civil::DateTime,
    civil::Era,
    civil::ISOWeekDate,
    civil::Time,
    civil::Weekday,
    tz::AmbiguousOffset,
    tz::AmbiguousTimestamp,
    tz::AmbiguousZoned,
    tz::Dst,
    tz::Offset,
    tz::TimeZone
);
