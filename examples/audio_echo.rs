//! Run with: cargo run --example audio_echo
//!
//! Press the microphone, say something, press it again: you hear yourself, and read how long you
//! spoke. A model would get the pieces while they come.

use chainlit as cl;

/// Bytes of a second: 16-bit samples, as many as `features.audio.sample_rate` says.
const SECOND: usize = 2 * 24_000;

/// What is kept of one talk.
const MAX_BYTES: usize = 60 * SECOND;

static SAID: cl::SessionKey<Vec<u8>> = cl::SessionKey::new("said");

#[cl::on_chat_start]
async fn greet() -> cl::Result {
    cl::Message::new("Press the microphone and say something.").send().await?;
    Ok(())
}

#[cl::on_message]
async fn remind() -> cl::Result {
    cl::Message::new("I would rather hear you: press the microphone.").send().await?;
    Ok(())
}

#[cl::on_audio_start]
async fn begin() {
    SAID.set(Vec::new());
}

#[cl::on_audio_chunk]
async fn hear(chunk: cl::InputAudioChunk) {
    SAID.update(|said| {
        let room = MAX_BYTES - said.len();
        said.extend_from_slice(&chunk.data[..chunk.data.len().min(room)]);
    });
}

#[cl::on_audio_end]
async fn repeat() -> cl::Result {
    let said = SAID.get().unwrap_or_default();
    let seconds = said.len() / SECOND;
    cl::Message::new(format!("You spoke for about {seconds} s.")).send().await?;
    for piece in said.chunks(SECOND / 10) {
        cl::send_audio_chunk(cl::OutputAudioChunk::new("echo", piece.to_vec())).await?;
    }
    Ok(())
}

fn main() -> cl::Result {
    // The same as `enabled = true` below `[features.audio]` in `.chainlit/config.toml`; the rest is as the file says.
    cl::App::discover().configure(|config| config.features.audio.enabled = true).run()
}
