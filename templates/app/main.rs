use chainlit as cl;

#[cl::on_chat_start]
async fn start() -> cl::Result {
    cl::Message::new("Hello! Say something, and I'll say it back.").send().await?;
    Ok(())
}

#[cl::on_message]
async fn reply(message: cl::Message) -> cl::Result {
    cl::Message::new(format!("You said: {}", message.content)).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}

#[cfg(test)]
mod tests {
    use chainlit::testing::TestApp;

    #[tokio::test]
    async fn it_says_back_what_is_said() {
        let app = TestApp::discover().await;
        let ada = app.user("ada").await;
        ada.send("Good morning").await;
        assert_eq!(
            ada.screen().to_string(),
            "Assistant: Hello! Say something, and I'll say it back.\n\
             User: Good morning\n\
             Assistant: You said: Good morning\n",
        );
    }
}
