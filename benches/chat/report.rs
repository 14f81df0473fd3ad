use std::collections::BTreeMap;
use std::error::Error;

use crate::rows::{Better, ROWS, Row, Target};
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
        let row = ROWS.iter().find(|row| row.key == key);
        let key = row.unwrap_or_else(|| panic!("no row is called {key}")).key;
        self.values.entry((key, which)).or_default().push(value);
    }

    pub(crate) fn fail(&mut self, which: Which, scenario: Scenario, error: &dyn Error) {
        self.failures.push((which, format!("{scenario:?}: {error}")));
    }

    /// Whether one of our own servers has failed: what Chainlit can't do is a result.
    pub(crate) fn has_failed(&self) -> bool {
        self.failures.iter().any(|(which, _)| *which != Which::Chainlit)
    }

    /// Prints the table, in Markdown.
    pub(crate) fn print(&self, servers: &[Which]) {
        println!("| | ours | bare | chainlit | vs bare | vs chainlit | target | reached |");
        println!("|---|---|---|---|---|---|---|---|");
        let (mut reached, mut missed) = (0, 0);
        for row in ROWS {
            let figures = [Which::Ours, Which::Bare, Which::Chainlit]
                .map(|which| self.values.get(&(row.key, which)).map(|values| median(values)));
            if figures == [None; 3] {
                continue;
            }
            let shown = [Which::Ours, Which::Bare, Which::Chainlit].into_iter().zip(figures).map(
                |(which, figure)| match figure {
                    Some(figure) => number(figure),
                    None if servers.contains(&which) => "-".to_owned(),
                    None => "not run".to_owned(),
                },
            );
            let [ours, bare, chainlit] = figures;
            let times = [times(row, ours, bare), times(row, ours, chainlit)];
            let verdicts: Vec<Option<bool>> =
                row.targets.iter().map(|target| is_reached(row, *target, figures)).collect();
            reached += verdicts.iter().filter(|verdict| **verdict == Some(true)).count();
            missed += verdicts.iter().filter(|verdict| **verdict == Some(false)).count();
            let cells: Vec<String> = std::iter::once(row.label.to_owned())
                .chain(shown)
                .chain(
                    times.map(|times| times.map(|t| format!("{}×", number(t))).unwrap_or_default()),
                )
                .chain([
                    row.targets.iter().map(text).collect::<Vec<_>>().join("; "),
                    verdicts
                        .iter()
                        .map(|verdict| verdict_text(*verdict))
                        .collect::<Vec<_>>()
                        .join("; "),
                ])
                .collect();
            println!("| {} |", cells.join(" | "));
        }
        println!("\n{reached} targets reached, {missed} missed.");
        for (which, failure) in &self.failures {
            println!("failed: {}, {failure}", which.name());
        }
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
fn is_reached(row: &Row, target: Target, figures: [Option<f64>; 3]) -> Option<bool> {
    let [ours, bare, chainlit] = figures;
    match target {
        Target::Times(Which::Chainlit, wanted) => Some(times(row, ours, chainlit)? >= wanted),
        Target::Times(_, wanted) => Some(times(row, ours, bare)? >= wanted),
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
