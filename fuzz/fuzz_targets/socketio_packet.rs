//! What comes in a message, and the attachments that it asks for.
#![no_main]

use chainlit_server::conformance::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(attachments) = decode::socketio_packet(text) {
        assert!(attachments <= 16);
    }
});
