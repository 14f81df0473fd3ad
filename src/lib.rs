//! Facade.

// The attributes name this crate as `::chainlit`, also in its own tests.
#[allow(unused_extern_crates)]
extern crate self as chainlit;

pub use chainlit_core::*;
pub use chainlit_macros::{
    action_callback, on_app_shutdown, on_app_startup, on_chat_end, on_chat_resume, on_chat_start,
    on_message, on_stop,
};

#[doc(hidden)]
pub mod __private {
    pub use chainlit_core::__private::*;
}
