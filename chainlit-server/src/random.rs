//! Ids that nobody can guess.

use uuid::Uuid;

/// A fresh random id: 20 characters, 120 bits.
pub(crate) fn random_id() -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (a, b) = (Uuid::new_v4(), Uuid::new_v4());
    // Not the bytes that hold a UUID's version and variant.
    let random = a.as_bytes()[9..].iter().chain(&a.as_bytes()[..6]).chain(&b.as_bytes()[9..]);
    random.map(|byte| char::from(ALPHABET[usize::from(byte & 63)])).collect()
}

/// A fresh secret for `CHAINLIT_AUTH_SECRET`: 64 characters, 384 bits. None of them means anything in
/// a file `.env` or to a shell.
///
/// ```
/// assert_eq!(chainlit_server::create_secret().len(), 64);
/// ```
#[must_use]
pub fn create_secret() -> String {
    let mut secret: String = (0..4).map(|_| random_id()).collect();
    secret.truncate(64);
    secret
}
