//! Types that contain one another need no bounds either.

use std::cell::RefCell;

use gc_core::{Gc, Trace, gc};
use gc_ui_tests::{Opaque, edge, edges, reclaims};

#[derive(Trace)]
struct Even<T>(Option<Box<Odd<T>>>, Option<T>);

#[derive(Trace)]
struct Odd<T>(Vec<Even<T>>);

#[derive(Trace)]
enum Expression<T> {
    Block(Vec<Statement<T>>),
    Value(T),
}

#[derive(Trace)]
enum Statement<T> {
    Expression(Expression<T>),
    If { condition: Box<Expression<T>>, then: Box<Statement<T>> },
}

#[derive(Trace)]
struct Class<T> {
    objects: RefCell<Vec<Gc<Object<T>>>>,
    tag: Gc<T>,
}

#[derive(Trace)]
struct Object<T> {
    class: Gc<Class<T>>,
}

mod inner {
    #[derive(gc_core::Trace)]
    pub struct Inner<T>(pub Vec<super::Outer<T>>);
}

#[derive(Trace)]
struct Outer<T>(T, inner::Inner<T>);

fn main() {
    let odd = |back| Odd(vec![Even(None, Some(edge())), Even(Some(Box::new(Odd(vec![Even(None, Some(back))]))), None)]);
    assert_eq!(edges(Even(Some(Box::new(odd(edge()))), Some(edge()))), 3);
    assert!(reclaims(|back| Even(Some(Box::new(odd(back))), None)));

    assert!(reclaims(|back| {
        let condition = Box::new(Expression::Value(edge()));
        let then = Box::new(Statement::Expression(Expression::Value(back)));
        Expression::Block(vec![Statement::If { condition, then }])
    }));

    assert!(reclaims(|back| Outer(edge(), inner::Inner(vec![Outer(back, inner::Inner(vec![]))]))));

    let class = Gc::new(Class { objects: RefCell::default(), tag: Gc::leaf(Opaque) });
    let object = Gc::new(Object { class: class.clone() });
    class.objects.borrow_mut().push(object.clone());
    drop((class, object));
    assert_eq!(gc::collect(), 2);
}
