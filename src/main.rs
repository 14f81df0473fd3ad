//! The hello application.
fn main() {}
