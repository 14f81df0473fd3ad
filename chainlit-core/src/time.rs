//! Points in time, as the wire writes them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time in UTC with microseconds, written `2026-11-21T02:25:26.335047Z`.
///
/// The times a [`Session`](crate::Session) gives are strictly increasing, so that what was sent
/// later also sorts later.
///
/// ```
/// use chainlit as cl;
///
/// let time: cl::Timestamp = "2026-11-21T02:25:26.335047Z".parse()?;
/// assert_eq!(time.to_string(), "2026-11-21T02:25:26.335047Z");
/// # Ok::<(), cl::TimestampError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text that is no point in time.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no time; write it like `2026-11-21T02:25:26.335047Z`")]
pub struct TimestampError(String);

impl Timestamp {
    /// The current time.
    #[must_use]
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_microsecond())
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// The time that many microseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
}

/// Room for a time of the years 0 to 9999.
type Text = [u8; 27];

impl Timestamp {
    /// The time as the wire writes it. Several stand in each event, so this asks no formatter;
    /// `None` for years that have not four digits.
    fn text(self, buffer: &mut Text) -> Option<&str> {
        let time = jiff::Timestamp::from_microsecond(self.0).ok()?;
        let time = jiff::tz::Offset::UTC.to_datetime(time);
        let year = u32::try_from(time.year()).ok()?;
        *buffer = *b"0000-00-00T00:00:00.000000Z";
        digits(&mut buffer[0..4], year);
        digits(&mut buffer[5..7], time.month().unsigned_abs().into());
        digits(&mut buffer[8..10], time.day().unsigned_abs().into());
        digits(&mut buffer[11..13], time.hour().unsigned_abs().into());
        digits(&mut buffer[14..16], time.minute().unsigned_abs().into());
        digits(&mut buffer[17..19], time.second().unsigned_abs().into());
        let micros = time.subsec_nanosecond().unsigned_abs() / 1000;
        let length = if micros == 0 {
            buffer[19] = b'Z';
            20
        } else {
            digits(&mut buffer[20..26], micros);
            27
        };
        str::from_utf8(&buffer[..length]).ok()
    }
}

/// Writes the last digits of a number, as many as there is room for.
fn digits(room: &mut [u8], mut number: u32) {
    for digit in room.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = self.text(&mut Text::default()) {
            return f.write_str(text);
        }
        let time = jiff::Timestamp::from_microsecond(self.0).map_err(|_| fmt::Error)?;
        write!(f, "{time}")
    }
}

impl std::str::FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>()
            .map(|time| Self(time.as_microsecond()))
            .map_err(|_| TimestampError(text.to_owned()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text(&mut Text::default()) {
            Some(text) => serializer.serialize_str(text),
            None => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "typescript")]
impl ts_rs::TS for Timestamp {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;
    fn name(_: &ts_rs::Config) -> String {
        "string".to_owned()
    }
    fn inline(_: &ts_rs::Config) -> String {
        "string".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Timestamp;

    proptest! {
        #[test]
        fn what_is_written_is_the_time(micros in -62_167_219_200_000_000..253_402_207_200_000_000_i64) {
            let text = Timestamp::from_micros(micros).to_string();
            let time: jiff::Timestamp = text.parse().unwrap();
            prop_assert_eq!(time.as_microsecond(), micros);
            prop_assert_eq!(text.len(), if micros % 1_000_000 == 0 { 20 } else { 27 });
        }
    }

    #[test]
    fn years_of_other_lengths_are_written_too() {
        assert_eq!(
            Timestamp::from_micros(-62_198_755_200_000_000).to_string(),
            "-000001-01-01T00:00:00Z"
        );
    }

    #[test]
    fn whole_seconds_have_no_fraction() {
        assert_eq!(Timestamp::from_micros(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(Timestamp::from_micros(1_500_000).to_string(), "1970-01-01T00:00:01.500000Z");
    }
}
