//! The applications that the test suites of Engine.IO and Socket.IO are written against.
//!
//! `cargo run --example protocol_conformance -- --port 3000`, then in the folder `test-suite` of
//! <https://github.com/socketio/engine.io-protocol> and of <https://github.com/socketio/socket.io-protocol>:
//! `npm ci && npm install --no-save ws@8.16.0 && npm test`. Older and newer versions of `ws` can lose a message there,
//! when two come in one piece.

use chainlit_server::conformance::{Options, serve};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let port = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => 3000,
        (Some("--port"), Some(port)) => port.parse()?,
        _ => return Err("usage: protocol_conformance [--port PORT]".into()),
    };
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on {}", listener.local_addr()?);
    serve(listener, Options::default(), std::future::pending()).await;
    Ok(())
}
