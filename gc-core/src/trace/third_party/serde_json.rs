//! `serde_json`: values, leaves.

use serde_json::{Error, Map, Number, Value};

use crate::impl_trace_leaf;

impl_trace_leaf!(Value, Map<String, Value>, Number, Error);
