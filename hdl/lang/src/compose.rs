//! Tuples, arrays, vectors and options of signals are signals.

use crate::signal::Signal;
use crate::walk::Walk;

impl<T: Signal> Signal for Vec<T> {
    fn walk(&self, walk: &mut Walk<'_>) -> Self {
        walk.vec(self, |walk, item| item.walk(walk))
    }
}

impl<T: Signal, const N: usize> Signal for [T; N] {
    fn walk(&self, walk: &mut Walk<'_>) -> Self {
        walk.array(self, |walk, item| item.walk(walk))
    }
}

impl<T: Signal> Signal for Option<T> {
    fn walk(&self, walk: &mut Walk<'_>) -> Self {
        walk.option(self, |walk, item| item.walk(walk))
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),*))*) => {$(
        impl<$($name: Signal),*> Signal for ($($name,)*) {
            fn walk(&self, walk: &mut Walk<'_>) -> Self {
                ($(walk.element($index, |walk| self.$index.walk(walk)),)*)
            }
        }

        impl<$($name: Signal),*> crate::named::Nameable for ($($name,)*) {
            fn take_name(&self, name: &str) {
                crate::named::name_signal(self, name);
            }
        }
    )*};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}
