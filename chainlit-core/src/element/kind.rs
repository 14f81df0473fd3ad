//! What all kinds of elements have in common.

/// Defines a kind of element: a type of its own, so that it can be set up only in ways that mean
/// something for it.
macro_rules! kind {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        #[must_use = "an element is shown by a message's `element` or its own `send`"]
        pub struct $name($crate::element::Element);

        impl $name {
            /// Sets the name: shown above it, and a link to it where the message's text has it.
            pub fn name(mut self, name: impl Into<String>) -> Self {
                self.0.name = name.into();
                self
            }

            /// Sets where the page shows it; inline otherwise.
            pub fn display(mut self, display: $crate::wire::Display) -> Self {
                self.0.display = display;
                self
            }

            /// Sets how large it is shown.
            pub fn size(mut self, size: $crate::wire::ElementSize) -> Self {
                self.0.size = Some(size);
                self
            }

            /// Sets the content's media type; found out otherwise.
            pub fn mime(mut self, mime: impl Into<String>) -> Self {
                self.0.mime = Some(mime.into());
                self
            }

            /// Sets the id; a fresh UUID v4 otherwise.
            pub fn id(mut self, id: impl Into<String>) -> Self {
                self.0.id = id.into();
                self
            }
        }

        impl ::std::ops::Deref for $name {
            type Target = $crate::element::Element;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl ::std::ops::DerefMut for $name {
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }

        impl From<$name> for $crate::element::Element {
            fn from(element: $name) -> Self {
                element.0
            }
        }
    };
}

/// The three ways to a kind's content; `$set` completes a new element of that kind.
macro_rules! sources {
    ($name:ident, $kind:ident, $set:expr) => {
        impl $name {
            /// From content at hand, or from a stream of it.
            pub fn new(content: impl Into<$crate::files::Content>) -> Self {
                let kind = $crate::wire::ElementType::$kind;
                let mut element = $crate::element::Element::from_content(kind, content.into());
                $set(&mut element);
                Self(element)
            }

            /// From a file on this machine, which is read where it is for as long as the chat
            /// lives. Its name is the element's name unless another is set.
            pub fn path(path: impl Into<::std::path::PathBuf>) -> Self {
                Self::new($crate::files::Content::path(path))
            }

            /// From an address that the page loads it from. Pictures, sounds and films from other
            /// hosts show by themselves where `features.allowed_media_hosts` names the host.
            pub fn url(url: impl Into<String>) -> Self {
                let kind = $crate::wire::ElementType::$kind;
                let mut element = $crate::element::Element::from_url(kind, url.into());
                $set(&mut element);
                Self(element)
            }
        }
    };
}

pub(super) use {kind, sources};
