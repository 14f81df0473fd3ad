//! An argument of the application's own, for each event of a session.

use chainlit as cl;

struct Tenant(String);

impl<E: cl::SessionEvent> cl::FromEvent<E> for Tenant {
    async fn from_event(event: &cl::EventContext<E>) -> cl::Result<Self> {
        let user = cl::User::from_event(event).await?;
        let id: u32 = user.identifier.parse()?;
        Ok(Tenant(id.to_string()))
    }
}

#[cl::on_chat_start]
async fn start(Tenant(name): Tenant) {
    let _ = name;
}

#[cl::action_callback("invoice")]
async fn invoice(tenant: Tenant) -> String {
    tenant.0
}

fn main() {}
