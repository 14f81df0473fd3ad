use bytes::Bytes;
use futures_util::stream::{FusedStream, StreamExt};

/// Bytes that a name may have; file systems and headers take no more either.
const MAX_NAME: usize = 255;

/// What nobody knows more of.
const UNKNOWN: &str = "application/octet-stream";

/// Types that browsers claim by a name's extension for what is text in truth.
const MISTAKEN: [(&str, &str, &str); 3] = [
    (".ts", "video/mp2t", "text/plain"),
    (".ts", "video/vnd.dlna.mpeg-tts", "text/plain"),
    (".csv", "application/vnd.ms-excel", "text/csv"),
];

/// How media types are found out.
pub(crate) struct MediaType;

/// A file is not what its sender says.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("File type not allowed: `{name}` is sent as {claim}, but its content is {found}")]
pub(crate) struct Lie {
    name: String,
    claim: String,
    found: String,
}

impl MediaType {
    /// Bytes of a file's beginning that tell what it is.
    pub(crate) const HEAD_BYTES: usize = 8 * 1024;

    /// The pieces of a file's beginning.
    pub(crate) async fn head<E>(
        content: &mut (impl FusedStream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<Vec<Bytes>, E> {
        let (mut head, mut bytes) = (Vec::new(), 0);
        while bytes < Self::HEAD_BYTES
            && let Some(piece) = content.next().await
        {
            let piece = piece?;
            bytes += piece.len();
            // A piece costs memory even when there is nothing in it.
            if !piece.is_empty() {
                head.push(piece);
            }
        }
        Ok(head)
    }

    /// What a file is by its content, or else by its name.
    pub(crate) fn of(name: &str, head: &[u8]) -> String {
        let by_name = mime_guess::from_path(name).first_raw();
        if is_text(head) {
            let by_name = by_name.filter(|guess| head.is_empty() || is_texts(guess));
            return by_name.unwrap_or_else(|| text_type(head)).into();
        }
        let found = infer::get(head).map(|found| found.mime_type());
        match (found, by_name) {
            // The name says more than that it is an archive, or a container of sound and pictures.
            (Some(found), Some(by_name)) if is_same(by_name, found) => by_name,
            (Some(found), _) => found,
            (None, Some(by_name)) if !is_texts(by_name) && !has_signature(by_name) => by_name,
            (None, _) => UNKNOWN,
        }
        .to_owned()
    }

    /// What a file is whose sender claims a type. The content counts; a claim is taken for what
    /// content can't tell.
    pub(crate) fn checked(name: &str, claim: Option<&str>, head: &[u8]) -> Result<String, Lie> {
        let claim = claim.map(essence).filter(|claim| is_media_type(claim) && claim != UNKNOWN);
        let Some(claim) = claim else { return Ok(Self::of(name, head)) };
        let found = infer::get(head).map(|found| found.mime_type());
        let found = if head.is_empty() {
            return Ok(claim);
        } else if is_text(head) {
            if is_texts(&claim) || !is_known(&claim) {
                return Ok(claim);
            }
            let lower = name.to_lowercase();
            let mistaken = MISTAKEN.iter().find(|(end, mistaken, _)| {
                lower.ends_with(end) && claim.eq_ignore_ascii_case(mistaken)
            });
            if let Some((_, _, truth)) = mistaken {
                return Ok((*truth).to_owned());
            }
            found.filter(|found| is_texts(found)).unwrap_or("text/plain")
        } else {
            match found {
                Some(found) if is_same(&claim, found) => return Ok(claim),
                Some(found) => found,
                // Text in an encoding of its own, or something that has no signature.
                None if !has_signature(&claim) => return Ok(claim),
                None => "something else",
            }
        };
        Err(Lie { name: name.to_owned(), claim, found: found.to_owned() })
    }
}

/// A name that is no path and has no character that controls something; never empty.
pub(crate) fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut clean: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    if clean.len() > MAX_NAME {
        // The extension says what it is.
        let dot = clean.rfind('.').filter(|dot| clean.len() - dot <= 16);
        let end = clean.split_off(dot.unwrap_or(clean.len()));
        let mut length = MAX_NAME - end.len();
        while !clean.is_char_boundary(length) {
            length -= 1;
        }
        clean.truncate(length);
        clean.push_str(&end);
    }
    if matches!(clean.trim(), "" | "." | "..") { "file".to_owned() } else { clean }
}

/// Whether the character breaks a line, or has its neighbours shown in another order: a name would seem to have another
/// extension.
fn turns(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The type without its parameters, in lower case.
fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// `type/subtype` of the characters that such names have.
fn is_media_type(text: &str) -> bool {
    let is_name = |part: &str| {
        (1..=127).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    text.split_once('/').is_some_and(|(kind, subtype)| is_name(kind) && is_name(subtype))
}

/// Whether the bytes are text in UTF-8, or in UTF-16 with its mark; the last character may be cut.
/// What a text is whose name does not tell.
fn text_type(head: &[u8]) -> &'static str {
    match head {
        [] => UNKNOWN,
        _ if is_svg(head) => "image/svg+xml",
        _ => "text/plain",
    }
}

/// Whether the first element of the text is a drawing.
fn is_svg(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    // Before it may stand a declaration, a document type and comments.
    for (start, end) in [("<?xml", "?>"), ("<!--", "-->"), ("<!DOCTYPE svg", ">"), ("<!--", "-->")]
    {
        if rest.starts_with(start)
            && let Some((_, behind)) = rest.split_once(end)
        {
            rest = behind.trim_start();
        }
    }
    let behind = rest.strip_prefix("<svg");
    behind.is_some_and(|behind| behind.starts_with(|c: char| c.is_whitespace() || "/>".contains(c)))
}

fn is_text(head: &[u8]) -> bool {
    if head.starts_with(&[0xFE, 0xFF]) || head.starts_with(&[0xFF, 0xFE]) {
        // The same two bytes begin an MP3 of a rare kind.
        return head.len().is_multiple_of(2) || head.len() >= MediaType::HEAD_BYTES;
    }
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    // PDF, PostScript and RTF begin with text, and are no text for anybody.
    let is_document = ["%PDF-", "%!PS", "{\\rtf"].iter().any(|start| text.starts_with(start));
    !is_document && text.chars().all(|c| !c.is_control() || "\t\n\r\u{8}\u{c}\u{1b}".contains(c))
}

/// Whether files of that type are text.
fn is_texts(media_type: &str) -> bool {
    const TEXTS: [&str; 14] = [
        "application/json",
        "application/javascript",
        "application/x-javascript",
        "application/ecmascript",
        "application/typescript",
        "application/xml",
        "application/x-yaml",
        "application/yaml",
        "application/toml",
        "application/x-sh",
        "application/sql",
        "application/x-httpd-php",
        "application/x-ndjson",
        "application/x-tex",
    ];
    let subtype = media_type.split_once('/').map_or("", |(_, subtype)| subtype);
    media_type.starts_with("text/")
        || TEXTS.contains(&media_type)
        || [".json", "+json", "+xml", "+yaml"].iter().any(|end| subtype.ends_with(end))
}

/// Whether we know what files of that type look like, so that one that is text is none.
fn is_known(media_type: &str) -> bool {
    infer::is_mime_supported(media_type)
        || ["image/", "audio/", "video/", "font/"].iter().any(|kind| media_type.starts_with(kind))
        || is_archive(media_type)
        || is_old_office(media_type)
}

/// Whether each file of that type begins with bytes that we know. Sound and film have too many forms.
fn has_signature(media_type: &str) -> bool {
    !is_texts(media_type)
        && !is_sound_or_film(media_type)
        && (infer::is_mime_supported(media_type)
            || matches!(media_type, "image/jpg" | "image/x-png" | "image/pjpeg"))
}

/// Whether a file that was found to be one may be called the other.
fn is_same(claim: &str, found: &str) -> bool {
    let plain = |media_type: &str| {
        let (kind, subtype) = media_type.split_once('/').unwrap_or((media_type, ""));
        let subtype = subtype.trim_start_matches("x-").trim_start_matches("vnd.");
        let subtype = match subtype {
            "jpg" | "pjpeg" => "jpeg",
            "microsoft.icon" => "icon",
            "heic" | "heif-sequence" | "heic-sequence" => "heif",
            "ms-bmp" => "bmp",
            "gzip-compressed" | "gzipped" => "gzip",
            "rar-compressed" => "rar",
            "zip-compressed" => "zip",
            "rtf" => return "application/rtf".to_owned(),
            subtype => subtype,
        };
        format!("{kind}/{subtype}")
    };
    plain(claim) == plain(found)
        || is_sound_or_film(claim) && is_sound_or_film(found)
        || is_archive(claim) && is_archive(found)
        || is_old_office(claim) && is_old_office(found)
        // A type that we don't know may be built upon an archive.
        || is_container(found) && !is_known(claim) && !is_texts(claim)
}

fn is_sound_or_film(media_type: &str) -> bool {
    media_type.starts_with("audio/")
        || media_type.starts_with("video/")
        || matches!(media_type, "application/ogg" | "application/mp4")
}

/// ZIP, and what is a ZIP.
fn is_archive(media_type: &str) -> bool {
    const ARCHIVES: [&str; 7] = [
        "application/zip",
        "application/x-zip",
        "application/x-zip-compressed",
        "application/java-archive",
        "application/vnd.android.package-archive",
        "application/epub+zip",
        "image/openraster",
    ];
    ARCHIVES.contains(&media_type)
        || ["openxmlformats", "opendocument", "macroenabled", "+zip", "apple."]
            .iter()
            .any(|part| media_type.contains(part))
}

/// What is in Microsoft's old container.
fn is_old_office(media_type: &str) -> bool {
    [
        "application/msword",
        "application/vnd.ms-",
        "application/vnd.visio",
        "application/x-ole-storage",
    ]
    .iter()
    .any(|start| media_type.starts_with(start))
        && !media_type.contains("macroenabled")
        && media_type != "application/vnd.ms-cab-compressed"
}

/// What other formats are built upon.
fn is_container(media_type: &str) -> bool {
    is_archive(media_type)
        || is_old_office(media_type)
        || matches!(
            media_type,
            "application/gzip" | "application/vnd.sqlite3" | "application/x-tar"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\x08\0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0\0\0\0\0\0\0";

    #[test]
    fn what_a_file_is_without_a_claim() {
        for (name, head, media_type) in [
            ("a", PNG, "image/png"),
            ("a.txt", PNG, "image/png"),
            ("a.csv", b"a,b\n".as_slice(), "text/csv"),
            ("a.png", b"hello", "text/plain"),
            ("a", b"hello", "text/plain"),
            ("a.json", b"{}", "application/json"),
            ("a.svg", b"<svg/>", "image/svg+xml"),
            (
                "a.docx",
                ZIP,
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
            ("a.pdf", b"%PDF-1.7\n", "application/pdf"),
            ("a.pdf", b"\x01\x02\x03\0", "application/octet-stream"),
            ("a.txt", b"", "text/plain"),
            ("a", b"", "application/octet-stream"),
        ] {
            assert_eq!(MediaType::of(name, head), media_type, "{name}");
        }
    }

    #[test]
    fn honest_claims() {
        for (name, claim, head) in [
            ("a.png", "image/png", PNG),
            ("a.png", "image/png", b"".as_slice()),
            ("a.jpg", "image/jpg", b"\xFF\xD8\xFF\xE0\0\0\0\0"),
            ("a.txt", "text/plain", b"BM is no picture"),
            ("a.txt", "text/plain", b"caf\xE9"),
            ("a.txt", "text/plain", b"\xFF\xFEh\0i\0"),
            ("a.md", "text/markdown", b"<p>x</p>"),
            ("a.html", "text/html", b"<html>x"),
            ("a.svg", "image/svg+xml", b"<svg onload=alert(1)>"),
            (
                "a.docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                ZIP,
            ),
            ("a.xls", "application/vnd.ms-excel", OLE),
            ("a.doc", "application/msword", OLE),
            ("a.m4a", "audio/mp4", b"\0\0\0\x18ftypisom\0\0\0\0"),
            ("a.mp3", "audio/mpeg", b"\x01\x02\x03\0"),
            ("a.xyz", "chemical/x-xyz", b"text"),
            ("a.xyz", "chemical/x-xyz", ZIP),
            ("a.bin", "application/x-own", b"\x01\x02\x03\0"),
        ] {
            assert_eq!(MediaType::checked(name, Some(claim), head).as_deref(), Ok(claim), "{name}");
        }
        for (name, claim, head, media_type) in [
            ("a.ts", "video/mp2t", b"let a = 1;".as_slice(), "text/plain"),
            ("a.csv", "application/vnd.ms-excel", b"a;b", "text/csv"),
            ("a.png", "application/octet-stream", PNG, "image/png"),
            ("a.png", "no type", PNG, "image/png"),
            ("a.txt", "Text/Plain; charset=latin1", b"x", "text/plain"),
        ] {
            let checked = MediaType::checked(name, Some(claim), head);
            assert_eq!(checked.as_deref(), Ok(media_type), "{name}");
        }
    }

    #[test]
    fn lies() {
        for (claim, head) in [
            ("image/png", b"<html><script>alert(1)</script>".as_slice()),
            ("image/png", b"\xFF\xD8\xFF\xE0\0\0\0\0"),
            ("image/png", b"\x01\x02\x03\0"),
            ("image/png", b"MZ\x90\0\x03\0\0\0"),
            ("application/pdf", b"hello"),
            ("application/pdf", ZIP),
            ("text/plain", PNG),
            ("text/plain", b"%PDF-1.7\n"),
            ("text/csv", ZIP),
            ("video/mp4", b"<html>"),
            ("video/mp4", PNG),
            ("application/zip", b"hello"),
            ("application/x-own", PNG),
        ] {
            let lie = MediaType::checked("a.x", Some(claim), head).unwrap_err().to_string();
            assert!(lie.contains("`a.x`") && lie.contains(claim), "{lie}");
        }
    }

    #[test]
    fn names_are_no_paths() {
        for (name, clean) in [
            ("a b.txt", "a b.txt"),
            ("../../etc/passwd", "passwd"),
            ("C:\\fakepath\\x.png", "x.png"),
            ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
            ("..", "file"),
            ("", "file"),
            ("a/", "file"),
            ("Ünï \u{1F600}.pdf", "Ünï \u{1F600}.pdf"),
        ] {
            assert_eq!(clean_name(name), clean);
        }
        let long = clean_name(&format!("{}.txt", "ä".repeat(1000)));
        assert!(long.len() <= MAX_NAME && long.ends_with("ä.txt"), "{long}");
    }

    proptest::proptest! {
        /// Whatever is sent: a type with a slash, or a lie; for a text no more than a text.
        #[test]
        fn any_content_has_a_type(
            start in proptest::sample::select(vec![
                b"".as_slice(), PNG, ZIP, OLE, b"PK\x03\x04", b"RIFF", b"\0\0\0\x18ftyp", b"<?xml",
                b"PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaaaa[Content_Types].xml",
            ]),
            rest in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
            claim in proptest::option::of("[a-z/+.; -]{0,20}|text/plain|image/png|application/zip"),
        ) {
            let head = [start, &rest].concat();
            let media_type = MediaType::of("a.bin", &head);
            proptest::prop_assert!(is_media_type(&media_type), "{media_type}");
            if let Ok(media_type) = MediaType::checked("a.bin", claim.as_deref(), &head) {
                proptest::prop_assert!(is_media_type(&media_type), "{media_type}");
            }
        }
    }
}
