//! What comes in the body of a POST.
#![no_main]

use chainlit_server::conformance::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let _ = decode::polling_payload(body.to_vec());
});
