//! Payloads that belong to an action.

use chainlit as cl;
use cl::ActionPayload as _;

#[derive(serde::Serialize, serde::Deserialize, cl::ActionPayload)]
struct RefundOrder {
    order: u32,
}

#[derive(serde::Serialize, serde::Deserialize, cl::ActionPayload)]
#[action("approve", crate = cl)]
enum Decision {
    Yes { order: u32 },
    No,
}

#[cl::action_callback]
async fn refund(session: cl::Session, action: cl::Action<RefundOrder>) {
    let _ = (session, action.payload.order);
}

#[cl::action_callback]
async fn decide(action: cl::Action<Decision>) -> u32 {
    match action.payload {
        Decision::Yes { order } => order,
        Decision::No => 0,
    }
}

mod elsewhere {
    type Option = ();
    trait ActionPayload {}

    #[derive(serde::Serialize, serde::Deserialize, chainlit::ActionPayload)]
    pub struct r#Match(());

    #[chainlit::action_callback("match")]
    async fn matched(action: chainlit::Action<Match>) -> Option {
        let _ = action;
    }

    #[allow(dead_code)]
    struct Nothing;
    impl ActionPayload for Nothing {}
}

fn main() {
    let registry = cl::Registry::from_inventory();
    for name in ["refund_order", "approve", "match"] {
        assert!(registry.action(name).is_some(), "{name}");
    }
    assert!(registry.check(&cl::AppParts::new()).is_ok());
    assert_eq!(RefundOrder::NAME, "refund_order");
    assert_eq!(elsewhere::Match::NAME, "match");
    assert_eq!(cl::Action::of(&Decision::No).unwrap().name, "approve");
}
