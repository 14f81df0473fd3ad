//! What the compiler says about wrong handlers, and that it says nothing about right ones.
//!
//! Each file in `ui/fail` holds one mistake; the `.stderr` beside it must underline what the user
//! has to change. After a change of a message, run with `TRYBUILD=overwrite` and read the
//! difference as you would read a change of the user interface.

#[test]
fn wrong_handlers_are_told_what_to_write() {
    trybuild::TestCases::new().compile_fail("tests/ui/fail/*.rs");
}

#[test]
fn right_handlers_compile() {
    trybuild::TestCases::new().pass("tests/ui/pass/*.rs");
}
