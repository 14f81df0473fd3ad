use std::collections::BTreeMap;
use std::error::Error;

use crate::rows::{Better, PAGE_ROWS, ROWS, Row, Target};
use crate::scenarios::Scenario;
use crate::server::Which;
use crate::stats::median;

/// The figures of all rounds.
#[derive(Default)]
pub(crate) struct Results {
    values: BTreeMap<(&'static str, Which), Vec<f64>>,
    failures: Vec<(Which, String)>,
}

impl Results {
    /// Adds the figure of one round.
    pub(crate) fn add(&mut self, which: Which, key: &str, value: f64) {
        let row = ROWS.iter().chain(PAGE_ROWS).find(|row| row.key == key);
        let key = row.unwrap_or_else(|| panic!("no row is called {key}")).key;
        self.values.entry((key, which)).or_default().push(value);
    }

    pub(crate) fn fail(&mut self, which: Which, scenario: Scenario, error: &dyn Error) {
        self.failures.push((which, format!("{scenario:?}: {error}")));
    }

    /// Whether one of our own servers has failed: what Chainlit can't do is a result.
    pub(crate) fn has_failed(&self) -> bool {
        let is_ours = |which| matches!(which, Which::Ours | Which::Bare);
        self.failures.iter().any(|(which, _)| is_ours(*which))
    }

    /// Prints the tables, in Markdown.
    pub(crate) fn print(&self, servers: &[Which]) {
        let tables = [
            (ROWS, [Which::Ours, Which::Bare, Which::Chainlit]),
            (PAGE_ROWS, [Which::Ours, Which::PeerPage, Which::Chainlit]),
        ];
        let mut verdicts = Vec::new();
        for (rows, columns) in tables {
            verdicts.extend(self.print_table(rows, columns, servers));
        }
        let count = |verdict| verdicts.iter().filter(|known| **known == verdict).count();
        println!("{} targets reached, {} missed.", count(true), count(false));
        for (which, failure) in &self.failures {
            println!("failed: {}, {failure}", which.name());
        }
    }

    /// Gives whether the targets are reached, as far as they were measured.
    fn print_table(&self, rows: &[Row], columns: [Which; 3], servers: &[Which]) -> Vec<bool> {
        let figure =
            |row: &Row, which| self.values.get(&(row.key, which)).map(|values| median(values));
        let measured: Vec<&Row> = rows
            .iter()
            .filter(|row| columns.iter().any(|which| figure(row, *which).is_some()))
            .collect();
        let mut reached = Vec::new();
        if measured.is_empty() {
            return reached;
        }
        let [ours, limit, peer] = columns.map(Which::name);
        println!("| | {ours} | {limit} | {peer} | vs {limit} | vs {peer} | target | reached |");
        println!("|---|---|---|---|---|---|---|---|");
        for row in measured {
            let figure = |which| figure(row, which);
            let shown = columns.map(|which| match figure(which) {
                Some(figure) => number(figure),
                None if servers.contains(&which) => "-".to_owned(),
                None => "not run".to_owned(),
            });
            let compared = [columns[1], columns[2]].map(|other| {
                let times = times(row, figure(Which::Ours), figure(other));
                times.map(|times| format!("{}×", number(times))).unwrap_or_default()
            });
            let verdicts: Vec<Option<bool>> =
                row.targets.iter().map(|target| is_reached(row, *target, figure)).collect();
            let wanted: Vec<String> = row.targets.iter().map(text).collect();
            let said: Vec<&str> = verdicts.iter().map(|verdict| verdict_text(*verdict)).collect();
            let cells: Vec<String> = std::iter::once(row.label.to_owned())
                .chain(shown)
                .chain(compared)
                .chain([wanted.join("; "), said.join("; ")])
                .collect();
            println!("| {} |", cells.join(" | "));
            reached.extend(verdicts.into_iter().flatten());
        }
        println!();
        reached
    }
}

/// How many times better ours is.
fn times(row: &Row, ours: Option<f64>, other: Option<f64>) -> Option<f64> {
    let (ours, other) = (ours?, other?);
    let times = match row.better {
        Better::More => ours / other,
        Better::Less => other / ours,
        Better::Neither => return None,
    };
    times.is_finite().then_some(times)
}

/// `None` when it was not measured.
fn is_reached(row: &Row, target: Target, figure: impl Fn(Which) -> Option<f64>) -> Option<bool> {
    let ours = figure(Which::Ours);
    match target {
        Target::Times(which, wanted) => Some(times(row, ours, figure(which))? >= wanted),
        Target::AtMost(most) => Some(ours? <= most),
        Target::AtLeast(least) => Some(ours? >= least),
    }
}

fn text(target: &Target) -> String {
    match target {
        Target::Times(which, wanted) => format!("{}× {}", number(*wanted), which.name()),
        Target::AtMost(most) => format!("≤ {}", number(*most)),
        Target::AtLeast(least) => format!("≥ {}", number(*least)),
    }
}

fn verdict_text(verdict: Option<bool>) -> &'static str {
    match verdict {
        Some(true) => "yes",
        Some(false) => "**no**",
        None => "?",
    }
}

/// Three digits that count, thousands with a comma.
fn number(value: f64) -> String {
    let whole = value.abs();
    match whole {
        0.0 => "0".to_owned(),
        ..0.1 => format!("{value:.3}"),
        ..10.0 => trimmed(format!("{value:.2}")),
        ..100.0 => trimmed(format!("{value:.1}")),
        _ => {
            let digits = (((value / 10_f64.powf(whole.log10().floor() - 2.0)).round())
                * 10_f64.powf(whole.log10().floor() - 2.0))
            .round() as i64;
            let text = digits.to_string();
            let mut parts: Vec<String> = Vec::new();
            let mut rest = text.as_str();
            while rest.len() > 3 {
                let (head, tail) = rest.split_at(rest.len() - 3);
                parts.insert(0, tail.to_owned());
                rest = head;
            }
            parts.insert(0, rest.to_owned());
            parts.join(",")
        }
    }
}

/// Without zeros at the end.
fn trimmed(text: String) -> String {
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
