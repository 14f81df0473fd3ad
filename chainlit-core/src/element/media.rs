//! Pictures, sounds and films.

use serde_json::{Map, Value};

use super::Element;
use super::kind::{kind, sources};
use crate::wire::ElementSize;

kind! {
    /// A picture.
    ///
    /// Charts that a Rust library draws are pictures too; the example `charts` shows one.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"/>"#;
    /// let drawn = cl::Image::new(svg).name("drawn").size(cl::ElementSize::Small);
    /// let kept = cl::Image::path("cat.png");
    /// let elsewhere = cl::Image::url("https://example.org/cat.png");
    /// assert_eq!(kept.size, Some(cl::ElementSize::Medium));
    /// # let _ = (drawn, elsewhere);
    /// ```
    ///
    /// Follows [`cl.Image`](https://docs.chainlit.io/api-reference/elements/image), and stands for
    /// `cl.Pyplot`.
    Image
}

sources!(Image, Image, medium);

kind! {
    /// A sound.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let bell = cl::Audio::path("bell.mp3").auto_play(true);
    /// assert_eq!(bell.name, "bell.mp3");
    /// ```
    ///
    /// Follows [`cl.Audio`](https://docs.chainlit.io/api-reference/elements/audio).
    Audio
}

sources!(Audio, Audio, |audio: &mut Element| audio.auto_play = Some(false));

impl Audio {
    /// Sets whether it starts by itself, where the browser allows it.
    pub fn auto_play(mut self, auto_play: bool) -> Self {
        self.0.auto_play = Some(auto_play);
        self
    }
}

kind! {
    /// A film.
    ///
    /// ```
    /// use chainlit as cl;
    /// use serde_json::json;
    ///
    /// let tour = cl::Video::url("https://example.org/tour.mp4").player_config("loop", json!(true));
    /// assert_eq!(tour.name, "tour.mp4");
    /// ```
    ///
    /// Follows [`cl.Video`](https://docs.chainlit.io/api-reference/elements/video).
    Video
}

sources!(Video, Video, medium);

impl Video {
    /// Sets an option of the player.
    pub fn player_config(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.player_config.get_or_insert_with(Map::new).insert(key.into(), value.into());
        self
    }
}

fn medium(element: &mut Element) {
    element.size = Some(ElementSize::Medium);
}
