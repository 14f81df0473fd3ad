//! Days as the browser and the application write them.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// The day that a text names: `2026-01-31`, or a moment such as `2026-01-30T23:00:00.000Z`.
///
/// Chainlit's page sends the moment when the day begins where the user is. The nearest midnight of
/// UTC is of the same day wherever the clock is less than twelve hours away.
pub(super) fn day(text: &str) -> Option<Date> {
    if text.len() > 40 {
        return None;
    }
    if !text.contains('T') {
        return text.parse().ok();
    }
    let moment: Timestamp = text.parse().ok()?;
    let moment = moment.checked_add(SignedDuration::from_hours(12)).ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_from_a_date_and_from_the_moment_it_begins() {
        for (text, wanted) in [
            ("2026-01-02", Some("2026-01-02")),
            ("2026-01-01T23:00:00.000Z", Some("2026-01-02")),
            ("2026-01-02T08:00:00.000Z", Some("2026-01-02")),
            ("2026-01-02T00:00:00+05:30", Some("2026-01-02")),
            ("2026-02-30", None),
            ("tomorrow", None),
            ("", None),
        ] {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), wanted, "{text}");
        }
    }
}
