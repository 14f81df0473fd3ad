use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use super::heartbeat::Heartbeat;
use super::polling::Polling;
use super::websocket::{self, Socket};
use super::{Connection, Settings};

/// Lets a WebSocket take over a polling connection: waits for its probe, answers it, and takes the
/// connection when the client says that it polls no more. None when nothing came of it; the
/// connection goes on polling then.
pub(super) async fn take_over<C: Connection>(
    mut socket: Socket,
    polling: &Arc<Polling<C>>,
    settings: &Settings,
) -> Option<(Socket, C, Heartbeat)> {
    let probed = tokio::select! {
        biased;
        () = polling.over() => None,
        probed = tokio::time::timeout(settings.upgrade_timeout, probe(&mut socket, polling)) => {
            probed.ok().flatten()
        }
    };
    let taken = match probed {
        Some(()) => polling.hand_over().await,
        None => None,
    };
    let Some((connection, heartbeat)) = taken else {
        polling.give_up_upgrade();
        websocket::close(socket).await;
        return None;
    };
    Some((socket, connection, heartbeat))
}

async fn probe<C: Connection>(socket: &mut Socket, polling: &Polling<C>) -> Option<()> {
    let mut is_probed = false;
    loop {
        match socket.next().await?.ok()? {
            Message::Text(text) if text == "2probe" && !is_probed => {
                // Before the waiting GET is let go, so that the client does not send another one.
                socket.send(Message::text("3probe")).await.ok()?;
                is_probed = polling.probed();
            }
            Message::Text(text) if text == "5" && is_probed => return Some(()),
            Message::Ping(_) | Message::Pong(_) => {}
            _ => return None,
        }
    }
}
