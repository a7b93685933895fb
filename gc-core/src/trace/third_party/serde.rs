//! `serde`: a [`Leaf`] serializes as the value it holds. (`Gc` and `Weak` do in `pointers`.)

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::trace::Leaf;

impl<T: Serialize + ?Sized> Serialize for Leaf<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Leaf<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Leaf)
    }
}
