//! The derive may be named by its path, imported under another name, or come from a prelude.

use gc_ui_tests::{Edge, reclaims};

#[derive(gc_core::Trace)]
struct ByPath(Edge);

#[derive(::gc_core::Trace)]
struct ByGlobalPath(Edge);

mod renamed {
    use gc_core::Trace as Collectable;

    #[derive(Collectable)]
    pub struct Renamed<T>(pub T);
}

mod unnamed {
    // Without the trait's name in scope.
    #[derive(gc_core::Trace)]
    pub enum Unnamed<T> {
        Edge(T, fn(&T)),
    }
}

mod prelude {
    pub use gc_core::{Gc, Trace};
}

mod globbed {
    use crate::prelude::*;

    #[derive(Trace)]
    pub struct Globbed<T>(pub Gc<T>);
}

fn main() {
    assert!(reclaims(ByPath) && reclaims(ByGlobalPath));
    assert!(reclaims(renamed::Renamed));
    assert!(reclaims(|edge| unnamed::Unnamed::Edge(edge, |_| ())));
    assert!(reclaims(globbed::Globbed));
}
