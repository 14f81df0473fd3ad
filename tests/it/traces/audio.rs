//! Sound in both directions.

use chainlit::{self as cl, App};

use super::Replay;

#[tokio::test]
async fn audio() {
    async fn allow() -> bool {
        true
    }
    async fn echo(chunk: cl::InputAudioChunk) -> cl::Result {
        cl::send_audio_chunk(cl::OutputAudioChunk::new("t1", chunk.data)).await?;
        Ok(())
    }
    async fn over() -> cl::Result {
        cl::send_audio_interrupt().await?;
        cl::Message::new("audio ended").author("You").kind(cl::MessageType::User).send().await?;
        Ok(())
    }
    async fn ignore() {}
    let app = App::new().on_message(ignore).on_audio_start(allow);
    let app = app.on_audio_chunk(echo).on_audio_end(over);
    Replay::new("audio", app).config(|config| config.features.audio.enabled = true).run().await;
}
