//! Lists of values that need not be of one type.

/// Several values that become a list of `T`: an array, a `Vec` or any iterator of what converts into
/// `T`, or a tuple of up to twelve where each is of a type of its own.
///
/// It is what methods such as [`Message::elements`](crate::Message::elements) and
/// [`ChatSettings::inputs`](crate::ChatSettings::inputs) take. The compiler finds `Kind`.
///
/// ```
/// use chainlit as cl;
///
/// let code = cl::Text::new("fn main() {}").name("code").language("rust");
/// let several = cl::Message::new("Of one kind").elements(["a.png", "b.png"].map(cl::Image::path));
/// let mixed = cl::Message::new("Of two kinds").elements((code, cl::Image::path("cat.png")));
/// let parts: Vec<cl::Element> = mixed.elements.clone();
/// assert_eq!((several.elements.len(), parts.len()), (2, 2));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of `{T}`",
    label = "not a list of what becomes `{T}`",
    note = "write an array or a `Vec` of values of one type, `[a, b]`, or a tuple of values of several types, `(a, b)` or `(a,)`"
)]
pub trait IntoList<T, Kind> {
    /// The values, in order.
    fn into_list(self) -> Vec<T>;
}

/// For iterators; so that they and tuples can both be lists.
#[doc(hidden)]
#[derive(Debug)]
pub struct OneType;

#[diagnostic::do_not_recommend]
impl<T, I: IntoIterator<Item: Into<T>>> IntoList<T, OneType> for I {
    fn into_list(self) -> Vec<T> {
        self.into_iter().map(Into::into).collect()
    }
}

macro_rules! tuples {
    ($($first:ident $($rest:ident)*)?) => {$(
        #[diagnostic::do_not_recommend]
        #[allow(non_snake_case, reason = "types and values have the same names")]
        impl<T, $first: Into<T>, $($rest: Into<T>),*> IntoList<T, ($first, $($rest,)*)>
            for ($first, $($rest,)*)
        {
            fn into_list(self) -> Vec<T> {
                let ($first, $($rest,)*) = self;
                vec![$first.into(), $($rest.into()),*]
            }
        }

        tuples!($($rest)*);
    )?};
}
tuples!(A B C D E F G H I J K L);
