//! Attribute macros.

mod attr;
mod errors;
mod expand;
mod model;
mod paths;
mod table;

use proc_macro::TokenStream;

macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident = $row:ident;)*) => {$(
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(options: TokenStream, item: TokenStream) -> TokenStream {
            expand::attribute(table::$row, options.into(), item.into()).into()
        }
    )*};
}

attributes! {
    /// x
    on_app_startup = ON_APP_STARTUP;
    /// x
    on_app_shutdown = ON_APP_SHUTDOWN;
    /// x
    on_chat_start = ON_CHAT_START;
    /// x
    on_message = ON_MESSAGE;
    /// x
    on_chat_end = ON_CHAT_END;
    /// x
    on_chat_resume = ON_CHAT_RESUME;
    /// x
    on_stop = ON_STOP;
    /// x
    action_callback = ACTION_CALLBACK;
}
