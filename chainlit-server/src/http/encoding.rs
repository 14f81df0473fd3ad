//! Which compressed form a client takes.

use http::HeaderMap;
use http::header::ACCEPT_ENCODING;

/// The forms a client takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Accepted {
    pub(super) brotli: bool,
    pub(super) gzip: bool,
}

impl Accepted {
    pub(super) fn from(headers: &HeaderMap) -> Self {
        let values = headers.get_all(ACCEPT_ENCODING);
        let mut items =
            values.iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
        let mut accepted = Self { brotli: false, gzip: false };
        items.by_ref().for_each(|item| {
            let mut parts = item.split(';');
            let coding = parts.next().unwrap_or_default().trim();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q="));
            let taken = weight.is_none_or(|q| q.trim().parse::<f32>().is_ok_and(|q| q > 0.0));
            match coding.to_ascii_lowercase().as_str() {
                "br" => accepted.brotli = taken,
                "gzip" => accepted.gzip = taken,
                _ => {}
            }
        });
        accepted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_and_their_weights() {
        for (header, brotli, gzip) in [
            ("gzip, deflate, br, zstd", true, true),
            ("br;q=0, gzip;q=0.5", false, true),
            ("GZIP", false, true),
            ("identity", false, false),
            ("br;q=x", false, false),
            ("", false, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, header.parse().unwrap());
            assert_eq!(Accepted::from(&headers), Accepted { brotli, gzip }, "{header}");
        }
    }
}
