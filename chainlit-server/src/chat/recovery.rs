//! Socket.IO's [connection state recovery](https://socket.io/docs/v4/connection-state-recovery), as
//! `socket.io-client` speaks it.
//!
//! The answer to CONNECT carries a private id, each event the client's new offset as a last
//! argument. A client that comes back names both, and gets what it missed. One that does not speak
//! this must not see the additional argument: handlers of `python-socketio` take no more than they
//! ask for.

use std::fmt;

use serde_json::{Map, Value};

/// Characters of an offset that say which private id it belongs to.
const TAG: usize = 4;

/// What a client needs to come back where it was. Made anew for each client that has to be shown
/// the whole chat, so that whoever knows the one before can't go on.
pub(super) struct Recovery {
    pid: String,
    /// Begins each offset. A client keeps its last offset when it gets a new private id, and would
    /// name it with the new one if the connection broke before the first event.
    tag: String,
}

impl Recovery {
    pub(super) fn new() -> Self {
        let mut tag = crate::random::random_id();
        tag.truncate(TAG);
        Self { pid: crate::random::random_id(), tag }
    }

    /// The private id that the client is told.
    pub(super) fn pid(&self) -> &str {
        &self.pid
    }

    /// How the client will name an event's position.
    pub(super) fn offset(&self, position: u64) -> Offset<'_> {
        Offset { tag: &self.tag, position }
    }

    /// What the claim proves.
    pub(super) fn check(&self, claim: &Claim) -> Proof {
        if claim.pid != self.pid {
            return Proof::Nothing;
        }
        let offset = claim.offset.as_deref().and_then(|text| text.strip_prefix(self.tag.as_str()));
        match offset.map(str::parse) {
            Some(Ok(position)) => Proof::Has(position),
            _ => Proof::HasNothing,
        }
    }
}

/// An offset, as it goes over the wire.
#[derive(Clone, Copy)]
pub(super) struct Offset<'a> {
    tag: &'a str,
    position: u64,
}

impl fmt::Display for Offset<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.tag, self.position)
    }
}

/// What a client that comes back says of itself.
#[derive(Debug)]
pub(super) struct Claim {
    pid: String,
    offset: Option<String>,
}

/// What is known of the client that connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// It may show anything.
    Nothing,
    /// It is the one that was told the private id, and has got no event since.
    HasNothing,
    /// It has the event at that position, and all before it.
    Has(u64),
}

/// How a client takes part.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// Whether it speaks connection state recovery at all.
    pub(super) speaks_recovery: bool,
    pub(super) claim: Option<Claim>,
}

impl Dialect {
    /// Reads the object that came with CONNECT and the query of the handshake.
    ///
    /// `recovery` in the object decides. Without it, `socket.io-client` is known by writing `EIO`
    /// before `transport`; `python-socketio` has them the other way round.
    pub(super) fn read(auth: &Map<String, Value>, query: &str) -> Result<Self, String> {
        let speaks_recovery = match auth.get("recovery") {
            None | Some(Value::Null) => is_socket_io_client(query),
            Some(Value::Bool(speaks)) => *speaks,
            Some(_) => return Err("`recovery` in the auth object must be true or false".to_owned()),
        };
        let text = |key| auth.get(key).and_then(Value::as_str).map(str::to_owned);
        let claim = text("pid").map(|pid| Claim { pid, offset: text("offset") });
        Ok(Self { speaks_recovery, claim: claim.filter(|_| speaks_recovery) })
    }
}

fn is_socket_io_client(query: &str) -> bool {
    let place = |name| query.split('&').position(|pair| pair.split('=').next() == Some(name));
    match (place("EIO"), place("transport")) {
        (Some(version), Some(transport)) => version < transport,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(auth: Value, query: &str) -> Result<Dialect, String> {
        Dialect::read(auth.as_object().unwrap(), query)
    }

    const JS: &str = "EIO=4&transport=websocket";
    const PYTHON: &str = "transport=websocket&EIO=4&t=1.5";

    #[test]
    fn a_client_says_whether_it_recovers_or_is_known_by_its_handshake() {
        for (auth, query, speaks) in [
            (json!({}), JS, true),
            (json!({}), PYTHON, false),
            (json!({}), "EIO=4", false),
            (json!({ "recovery": false }), JS, false),
            (json!({ "recovery": true }), PYTHON, true),
            (json!({ "recovery": null }), JS, true),
        ] {
            assert_eq!(
                read(auth.clone(), query).unwrap().speaks_recovery,
                speaks,
                "{auth} {query}"
            );
        }
        assert!(read(json!({ "recovery": "yes" }), JS).unwrap_err().contains("`recovery`"));
    }

    #[test]
    fn only_the_right_id_proves_something_and_only_its_own_offsets_count() {
        let (recovery, other) = (Recovery::new(), Recovery::new());
        let proof = |pid: &Recovery, offset: Value| {
            let auth = json!({ "pid": pid.pid(), "offset": offset });
            recovery.check(&read(auth, JS).unwrap().claim.unwrap())
        };
        assert_eq!(proof(&recovery, json!(recovery.offset(7).to_string())), Proof::Has(7));
        for offset in [json!(null), json!(7), json!("7"), json!(other.offset(7).to_string())] {
            assert_eq!(proof(&recovery, offset.clone()), Proof::HasNothing, "{offset}");
        }
        assert_eq!(proof(&other, json!(recovery.offset(7).to_string())), Proof::Nothing);
        assert!(read(json!({ "pid": 7 }), JS).unwrap().claim.is_none());
    }
}
