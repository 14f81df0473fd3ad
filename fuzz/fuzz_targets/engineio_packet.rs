//! What comes in a text frame of a WebSocket.
#![no_main]

use chainlit_server::conformance::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = decode::engineio_packet(text);
});
