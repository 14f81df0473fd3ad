//! `#[step]`: a step around a function.
//!
//! | file | step |
//! |---|---|
//! | `options.rs` | reads what stands in the attribute's parentheses |
//! | `function.rs` | reads the function |
//! | `expand.rs` | writes it anew, with a step around its body |

mod expand;
mod function;
mod options;

pub(crate) use expand::attribute;
