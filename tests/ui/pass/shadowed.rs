//! Nothing in the application stands in the way of an expansion.

#![allow(dead_code, non_camel_case_types, unused_macros)]
#![deny(deprecated, unused_imports, unused_variables)]

mod bot {
    pub mod chainlit {}
    pub mod core {}
    pub mod std {}
    pub struct Option;
    pub struct Result;
    pub struct Some;
    pub struct None;
    pub struct Box;
    pub trait Future {}
    macro_rules! concat { () => {}; }
    macro_rules! module_path { () => {}; }

    #[::chainlit::on_message]
    async fn r#match(
        message: ::chainlit::Message,
        state: ::chainlit::State<u8>,
    ) -> ::core::result::Result<(), ::std::string::String> {
        let _ = (message, state);
        ::core::result::Result::Ok(())
    }

    #[::chainlit::action_callback("old")]
    #[deprecated]
    async fn old() {}
}

fn main() {}
