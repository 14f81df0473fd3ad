/// What a message asks the application for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// So many tokens, as fast as they can be sent.
    Stream(u32),
    /// So many tokens, other tasks between any two.
    Yield(u32),
    /// So many tokens at a fixed pace.
    Paced { tokens: u32, per_second: u32 },
    /// So many calls that are three steps each.
    Steps(u32),
    /// So many tokens as a model writes them; or as one paragraph.
    Text { tokens: u32, has_paragraphs: bool },
    /// So many messages.
    Messages(u32),
    /// Anything else is said back.
    Echo,
}

impl Command {
    pub(super) fn of(text: &str) -> Self {
        let mut words = text.split(' ');
        let name = words.next();
        let mut number = || words.next().and_then(|word| word.parse().ok());
        match (name, number(), number()) {
            (Some("steps"), Some(calls), None) => Self::Steps(calls),
            (Some("prose"), Some(tokens), None) => Self::Text { tokens, has_paragraphs: true },
            (Some("flat"), Some(tokens), None) => Self::Text { tokens, has_paragraphs: false },
            (Some("messages"), Some(messages), None) => Self::Messages(messages),
            (Some("stream"), Some(tokens), None) => Self::Stream(tokens),
            (Some("yield"), Some(tokens), None) => Self::Yield(tokens),
            (Some("paced"), Some(tokens), Some(per_second)) => Self::Paced { tokens, per_second },
            _ => Self::Echo,
        }
    }
}
