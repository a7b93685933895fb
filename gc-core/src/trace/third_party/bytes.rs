//! `bytes`: shared buffers, leaves. An owner of [`Bytes`] is `Send`, so it holds no `Gc`.

use bytes::{Bytes, BytesMut};

use crate::impl_trace_leaf;

impl_trace_leaf!(Bytes, BytesMut);
