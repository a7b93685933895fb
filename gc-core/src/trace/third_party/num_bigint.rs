//! `num-bigint`: integers of any size, leaves.

use num_bigint::{BigInt, BigUint, ParseBigIntError, Sign, TryFromBigIntError};

use crate::impl_trace_leaf;

impl_trace_leaf!(BigInt, BigUint, Sign, ParseBigIntError, <T> TryFromBigIntError<T>);
