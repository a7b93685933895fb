//! What the heap did, as a table.

use std::fmt;
use std::time::Duration;

use gc_core::gc::{self, Stats};

/// Collects what the interpreter left behind and returns the figures of the whole run.
pub(crate) fn collect_and_summarize() -> Summary {
    gc::collect();
    Summary { stats: gc::stats() }
}

/// The figures of a run.
pub(crate) struct Summary {
    stats: Stats,
}

impl Summary {
    /// How many objects collections freed.
    fn collected(&self) -> u64 {
        self.stats.generations.iter().map(|generation| generation.collected).sum()
    }

    /// How many objects went the moment their count reached zero.
    fn counted_out(&self) -> u64 {
        self.stats.allocated - self.stats.live_objects as u64 - self.collected()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "gc: objects made          {:>12}", self.stats.allocated)?;
        writeln!(f, "gc: freed by count        {:>12}", self.counted_out())?;
        writeln!(f, "gc: freed by collections  {:>12}", self.collected())?;
        writeln!(f, "gc: live objects          {:>12}", self.stats.live_objects)?;
        writeln!(f, "gc: generation  collections  objects freed  longest pause")?;
        for (name, generation) in ["young", "middle", "old"].iter().zip(&self.stats.generations) {
            let pause = Milliseconds(generation.longest_pause);
            writeln!(
                f,
                "gc: {name:<10}  {:>11}  {:>13}  {pause:>10} ms",
                generation.collections, generation.collected
            )?;
        }
        Ok(())
    }
}

/// A duration in milliseconds, to the microsecond.
struct Milliseconds(Duration);

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:.3}", self.0.as_secs_f64() * 1e3))
    }
}
