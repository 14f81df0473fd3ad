//! Turn a few annotated async functions into a chat application with a web UI.

extern crate self as chainlit;

pub use chainlit_core::*;
pub use chainlit_server::*;

#[doc(hidden)]
pub use chainlit_core::__private;
