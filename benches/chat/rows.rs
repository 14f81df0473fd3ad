//! What is measured, in the order of the table, and what we want to reach.

use crate::server::Which;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Better {
    More,
    Less,
    /// Neither: it explains other rows.
    Neither,
}

/// What our figure is to be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// So many times better than that server.
    Times(Which, f64),
    AtMost(f64),
    AtLeast(f64),
}

pub(crate) struct Row {
    /// How scenarios name it.
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    pub(crate) better: Better,
    pub(crate) targets: &'static [Target],
}

const fn row(
    key: &'static str,
    label: &'static str,
    better: Better,
    targets: &'static [Target],
) -> Row {
    Row { key, label, better, targets }
}

use Better::{Less, More, Neither};
use Target::{AtLeast, AtMost, Times};
use Which::{Bare, Chainlit, PeerPage};

const ROUND_TRIPS: &[Target] = &[Times(Chainlit, 100.0), Times(Bare, 0.75)];
const ROUND_TRIP_CPU: &[Target] = &[Times(Chainlit, 50.0)];
const AHEAD: Target = Times(Chainlit, 1.0);
const UNMOVED: &[Target] = &[AtMost(1.5)];
/// Than Chainlit's page, whichever server it is of.
const PAGE_AHEAD: &[Target] = &[AHEAD, Times(PeerPage, 1.0)];
const PICTURE: &[Target] = &[AtMost(20.0), AHEAD, Times(PeerPage, 1.0)];
const LONGEST: &[Target] = &[AtMost(50.0), AHEAD, Times(PeerPage, 1.0)];
const WITHIN_A_SECOND: &[Target] = &[AtMost(1000.0), AHEAD, Times(PeerPage, 1.0)];

#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    row("start.ms", "start in an empty folder to first HTTP 200, ms", Less, &[AtMost(100.0)]),
    row("start.rss", "memory of the empty server, MiB", Less, &[AtMost(12.0)]),
    row("page.bytes", "first page, KB on the wire", Less, &[]),
    row("page.requests", "first page, requests", Neither, &[]),
    row("page.ms", "first page, ms for all requests one after the other", Less, &[]),
    row("page.cpu", "first page, server CPU ms", Less, &[]),
    row("connect.per_second", "**sessions** opened and closed, 8 at a time, per second", More, &[Times(Chainlit, 20.0), Times(Bare, 0.7)]),
    row("connect.p50", "ms to the greeting, p50", Less, &[]),
    row("connect.p99", "ms to the greeting, p99", Less, &[]),
    row("connect.cpu", "server CPU ms per session", Less, &[]),
    row("echo.1.per_second", "**round trips** per second, 1 session", More, ROUND_TRIPS),
    row("echo.1.p50", "ms p50", Less, &[]),
    row("echo.1.p99", "ms p99", Less, &[]),
    row("echo.1.cpu", "server CPU µs per round trip", Less, ROUND_TRIP_CPU),
    row("echo.16.per_second", "round trips per second, 16 sessions", More, ROUND_TRIPS),
    row("echo.16.p50", "ms p50", Less, &[]),
    row("echo.16.p99", "ms p99", Less, &[]),
    row("echo.16.cpu", "server CPU µs per round trip", Less, ROUND_TRIP_CPU),
    row("echo.16.client", "the client's own CPU µs per round trip", Neither, &[]),
    row("echo.100.per_second", "round trips per second, 100 sessions", More, ROUND_TRIPS),
    row("echo.100.p50", "ms p50", Less, &[]),
    row("echo.100.p99", "ms p99", Less, &[]),
    row("echo.100.cpu", "server CPU µs per round trip", Less, ROUND_TRIP_CPU),
    row("echo.1000.per_second", "round trips per second, 1,000 sessions", More, ROUND_TRIPS),
    row("echo.1000.p50", "ms p50", Less, &[]),
    row("echo.1000.p99", "ms p99", Less, &[]),
    row("echo.1000.cpu", "server CPU µs per round trip", Less, ROUND_TRIP_CPU),
    row("long.first", "server CPU µs per round trip, 8 chats, questions 1 to 100", Less, &[]),
    row("long.late", "questions 501 to 600", Less, &[]),
    row("long.flat", "late : early", Less, UNMOVED),
    row("stream.per_second", "**tokens** per second flat out, 8 sessions", More, &[Times(Chainlit, 60.0), Times(Bare, 0.6)]),
    row("stream.cpu", "server CPU s per 1M tokens", Less, &[Times(Chainlit, 100.0)]),
    row("stream.frames", "frames per 1,000 tokens", Neither, &[]),
    row("stream.client", "the client's own CPU s per 1M tokens", Neither, &[]),
    row("stream.first", "8 × 2,000 tokens at once: first token, ms p50", Less, &[]),
    row("stream.last", "8 × 2,000 tokens at once: last token, ms p99", Less, &[]),
    row("yield.per_second", "**tokens one at a time**, a yield after each, per second", More, &[]),
    row("yield.cpu", "server CPU s per 1M tokens", Less, &[Times(Chainlit, 100.0), Times(Bare, 1.0)]),
    row("yield.frames", "frames per 1,000 tokens", Neither, &[]),
    row("paced.100.per_second", "**paced**, 100 sessions × 50 tokens/s: tokens per second", More, &[]),
    row("paced.100.p50", "lateness ms p50", Less, &[]),
    row("paced.100.p99", "lateness ms p99", Less, &[]),
    row("paced.100.cpu", "server CPU s per 1M tokens", Less, &[Times(Bare, 0.9)]),
    row("paced.400.per_second", "400 sessions × 50 tokens/s: tokens per second", More, &[]),
    row("paced.400.p50", "lateness ms p50", Less, &[AtMost(5.0)]),
    row("paced.400.p99", "lateness ms p99", Less, &[]),
    row("paced.400.cpu", "server CPU s per 1M tokens", Less, &[Times(Bare, 0.9)]),
    row("flat.10.kib", "**many sessions**: memory per idle session, KiB, at 10", Less, &[]),
    row("flat.100.kib", "at 100", Less, &[]),
    row("flat.1000.kib", "at 1,000", Less, &[AtMost(17.0)]),
    row("flat.10000.kib", "at 10,000", Less, &[AtMost(17.0)]),
    row("flat.kib", "at 10,000 : at 100", Less, UNMOVED),
    row("flat.10.cpu", "server CPU µs per round trip, 10 sessions open", Less, &[]),
    row("flat.100.cpu", "100 open, 16 at a time", Less, &[]),
    row("flat.1000.cpu", "1,000 open, 16 at a time", Less, &[]),
    row("flat.10000.cpu", "10,000 open, 16 at a time", Less, &[]),
    row("flat.cpu", "10,000 open : 10 open", Less, &[AtMost(2.0)]),
    row("slow.1.mib", "**1 stopped reader** of a 25 MB stream: memory growth, MiB", Less, &[AtMost(1.0)]),
    row("slow.1.before", "round trip of 8 others, ms p50 before", Less, &[]),
    row("slow.1.during", "ms p50 during", Less, &[]),
    row("slow.1.moved", "during : before", Less, UNMOVED),
    row("slow.1.complete", "readers that get every token when they read on", More, &[AtLeast(1.0)]),
    row("slow.4.mib", "4 stopped readers: memory growth of each, MiB", Less, &[AtMost(1.0)]),
    row("slow.4.before", "round trip of 8 others, ms p50 before", Less, &[]),
    row("slow.4.during", "ms p50 during", Less, &[]),
    row("slow.4.moved", "during : before", Less, UNMOVED),
    row("slow.4.complete", "readers that get every token when they read on", More, &[AtLeast(4.0)]),
    row("steps.per_second", "**steps**, three in each other, 8 sessions: per second", More, &[AHEAD]),
    row("steps.cpu", "server CPU µs per step", Less, &[AHEAD]),
    row("upload.mib", "**1 GiB upload**: memory growth, MiB", Less, &[AtMost(16.0), AHEAD]),
    row("upload.ms", "ms per GiB", Less, &[AHEAD]),
    row("upload.cpu", "server CPU ms per GiB", Less, &[AHEAD]),
];

/// What happens in a browser.
#[rustfmt::skip]
pub(crate) const PAGE_ROWS: &[Row] = &[
    row("answer.prose.painted", "**1 MB answer** in 200,000 tokens: last token sent to painted, ms", Less, WITHIN_A_SECOND),
    row("answer.prose.p95", "ms per picture until then, p95", Less, PICTURE),
    row("answer.prose.longest", "longest", Less, LONGEST),
    row("answer.flat.painted", "the same as one paragraph: last token sent to painted, ms", Less, WITHIN_A_SECOND),
    row("answer.flat.p95", "ms per picture until then, p95", Less, PICTURE),
    row("answer.flat.longest", "longest", Less, LONGEST),
    row("conversation.300.shown", "**300 messages**: question to the last one painted, ms", Less, WITHIN_A_SECOND),
    row("conversation.300.mib", "memory of JavaScript then, MiB", Less, PAGE_AHEAD),
    row("conversation.300.p95", "ms per picture while scrolling to the first one, p95", Less, PICTURE),
    row("conversation.300.longest", "longest", Less, LONGEST),
    row("conversation.300.after", "memory of JavaScript then, MiB", Less, PAGE_AHEAD),
    row("conversation.5000.shown", "**5,000 messages**: question to the last one painted, ms", Less, WITHIN_A_SECOND),
    row("conversation.5000.mib", "memory of JavaScript then, MiB", Less, PAGE_AHEAD),
    row("conversation.5000.p95", "ms per picture while scrolling to the first one, p95", Less, PICTURE),
    row("conversation.5000.longest", "longest", Less, LONGEST),
    row("conversation.5000.after", "memory of JavaScript then, MiB", Less, PAGE_AHEAD),
];
