//! All sound has come by then.

#[chainlit::on_audio_end]
async fn said(_: chainlit::InputAudioChunk) {}

fn main() {}
