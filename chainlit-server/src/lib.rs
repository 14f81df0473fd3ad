//! Server.
mod action;
mod chat;
mod engineio;
mod serve;
mod service;
mod socket;
mod socketio;

/// A fresh random id: 20 characters, 120 bits.
pub(crate) fn random_id() -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (a, b) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
    // Not the bytes that hold a UUID's version and variant.
    let random = a.as_bytes()[9..].iter().chain(&a.as_bytes()[..6]).chain(&b.as_bytes()[9..]);
    random.map(|byte| char::from(ALPHABET[usize::from(byte & 63)])).collect()
}
