use std::collections::HashMap;

/// A piece of a text on the wire: what two runs of the same conversation share, or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// The same in both.
    Text(&'a str),
    /// A UUID.
    Id(&'a str),
    /// A point in time, as Chainlit writes it.
    Time(&'a str),
    /// The id of a logged error: 12 hexadecimal digits in `(error ...)`.
    ErrorId(&'a str),
}

/// Cuts a text into its pieces.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut begin, mut at) = (0, 0);
    while at < text.len() {
        let Some(rest) = text.get(at..) else {
            at += 1;
            continue;
        };
        let is_error_id = text[..at].ends_with("(error ");
        let token = match (length(rest, ID), time_length(rest), length(rest, ERROR_ID)) {
            (Some(length), _, _) => Some(Piece::Id(&rest[..length])),
            (_, Some(length), _) => Some(Piece::Time(&rest[..length])),
            (_, _, Some(length)) if is_error_id => Some(Piece::ErrorId(&rest[..length])),
            _ => None,
        };
        match token {
            Some(token) => {
                pieces.push(Piece::Text(&text[begin..at]));
                at += token.as_str().len();
                begin = at;
                pieces.push(token);
            }
            None => at += 1,
        }
    }
    pieces.push(Piece::Text(&text[begin..]));
    pieces
}

/// `x` stands for a hexadecimal digit, `0` for a decimal one, the rest for itself.
const ID: &str = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
const ERROR_ID: &str = "xxxxxxxxxxxx";
const SECOND: &str = "0000-00-00T00:00:00";

fn length(text: &str, pattern: &str) -> Option<usize> {
    let fits = |(byte, wanted): (u8, u8)| match wanted {
        b'x' => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        b'0' => byte.is_ascii_digit(),
        other => byte == other,
    };
    let is_long_enough = text.len() >= pattern.len();
    (is_long_enough && text.bytes().zip(pattern.bytes()).all(fits)).then_some(pattern.len())
}

fn time_length(text: &str) -> Option<usize> {
    let second = length(text, SECOND)?;
    let rest = &text[second..];
    let fraction = rest
        .strip_prefix('.')
        .map_or(0, |digits| 1 + digits.bytes().take_while(u8::is_ascii_digit).count());
    rest[fraction..].starts_with('Z').then_some(second + fraction + 1)
}

impl<'a> Piece<'a> {
    pub(super) fn as_str(&self) -> &'a str {
        match self {
            Self::Text(text) | Self::Id(text) | Self::Time(text) | Self::ErrorId(text) => text,
        }
    }
}

/// The same ids and times once more, as others: for what this server does again. The same `turn`
/// gives the same ones.
pub(super) fn renewed(text: &str, turn: u32) -> String {
    let renew = |piece| match piece {
        Piece::Id(id) => format!("{turn:08x}{}", &id[8..]),
        Piece::Time(time) => format!("{:04}{}", 3000 + turn, &time[4..]),
        Piece::Text(text) | Piece::ErrorId(text) => text.to_owned(),
    };
    pieces(text).into_iter().map(renew).collect()
}

/// Which id and time of this run is which of the recording.
#[derive(Default)]
pub(super) struct Bindings {
    ours: HashMap<String, String>,
    recorded: HashMap<String, String>,
}

impl Bindings {
    /// The recorded text with this run's ids: for what the client sends. An id that the server has
    /// not given is the client's own and stays.
    pub(super) fn translate(&mut self, recorded: &str) -> String {
        let translate = |piece| match piece {
            Piece::Id(id) => {
                let ours = self.ours.entry(id.to_owned()).or_insert_with(|| id.to_owned());
                self.recorded.insert(ours.clone(), id.to_owned());
                ours.clone()
            }
            other => other.as_str().to_owned(),
        };
        pieces(recorded).into_iter().map(translate).collect()
    }

    /// Whether a text says the same as the recorded one: equal but for ids and times, and those
    /// equal to each other wherever the recorded ones are.
    pub(super) fn agree(&mut self, recorded: &str, ours: &str) -> bool {
        let (recorded, ours) = (pieces(recorded), pieces(ours));
        recorded.len() == ours.len()
            && recorded.into_iter().zip(ours).all(|pair| match pair {
                (Piece::Text(recorded), Piece::Text(ours)) => recorded == ours,
                (Piece::Id(recorded), Piece::Id(ours))
                | (Piece::ErrorId(recorded), Piece::ErrorId(ours)) => {
                    self.bind(recorded, ours) && self.bind_back(recorded, ours)
                }
                (Piece::Time(recorded), Piece::Time(ours)) => self.bind(recorded, ours),
                _ => false,
            })
    }

    fn bind(&mut self, recorded: &str, ours: &str) -> bool {
        self.ours.entry(recorded.to_owned()).or_insert_with(|| ours.to_owned()) == ours
    }

    fn bind_back(&mut self, recorded: &str, ours: &str) -> bool {
        self.recorded.entry(ours.to_owned()).or_insert_with(|| recorded.to_owned()) == recorded
    }
}

#[test]
fn ids_and_times_are_found_and_bound() {
    const A: &str = "21572db7-33e1-452c-bcf2-d92d87cf4a6a";
    const B: &str = "c3bdd44d-386b-4e6b-b65e-2430bb131378";
    let text = format!(r#"{{"é":"{A}","t":"2026-11-21T02:25:26Z","e":"x (error 0123456789ab)"}}"#);
    assert_eq!(
        pieces(&text)
            .into_iter()
            .filter(|piece| !matches!(piece, Piece::Text(_)))
            .collect::<Vec<_>>(),
        [Piece::Id(A), Piece::Time("2026-11-21T02:25:26Z"), Piece::ErrorId("0123456789ab")]
    );
    let mut bindings = Bindings::default();
    assert!(bindings.agree(&format!("{A} {A}"), &format!("{B} {B}")));
    assert!(!bindings.agree(A, A), "an id stands for one other");
    assert!(!bindings.agree(B, B), "and is stood for by one");
    assert_eq!(bindings.translate(A), B);
}
