//! `chrono`: dates and times, leaves.
//!
//! `Local` by itself is left out, since it exists only with a feature of `chrono`; a `DateTime<Local>` is covered.

use chrono::{format, naive};

use crate::impl_trace_leaf;
use crate::object::tracer::Tracer;
use crate::trace::Trace;

impl_trace_leaf!(
    chrono::Days,
    chrono::FixedOffset,
    chrono::IsoWeek,
    chrono::Month,
    chrono::Months,
    chrono::NaiveDate,
    chrono::NaiveDateTime,
    chrono::NaiveTime,
    chrono::NaiveWeek,
    chrono::OutOfRange,
    chrono::ParseError,
    chrono::ParseMonthError,
    chrono::ParseWeekdayError,
    chrono::TimeDelta,
    chrono::Utc,
    chrono::Weekday,
    chrono::WeekdaySet,
    format::Parsed,
    naive::NaiveDateDaysIterator,
    naive::NaiveDateWeeksIterator
);

// SAFETY: nothing is reported (T1 to T4).
#[diagnostic::do_not_recommend]
unsafe impl<Tz: chrono::TimeZone> Trace for chrono::DateTime<Tz> {
    #[inline]
    fn trace(&self, _: &mut Tracer<'_>) {}

    #[inline]
    fn has_edges() -> bool {
        false
    }
}
