//! Where the two engines differ in their SQL.
//!
//! Statements are written once, with marks where the types differ: `$1:uuid` is a parameter that
//! PostgreSQL has to be told the type of, `%like%` a word. Parameters are always text, numbers or
//! truth values, and columns are read as such (`CAST("id" AS TEXT)`): all that `sqlx::Any` has.

use sqlx::AssertSqlSafe;

/// The engine, and what its tables are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Our tables in SQLite.
    Sqlite,
    /// Our tables in PostgreSQL.
    Postgres,
    /// The tables of Chainlit's official data layer, which are in PostgreSQL only: see `official.rs`.
    Official,
}

impl Dialect {
    pub(super) fn is_postgres(self) -> bool {
        self != Self::Sqlite
    }

    /// The statement as the engine wants it. No text of users may be in it, that is what parameters are for.
    pub(super) fn sql(self, text: &str) -> AssertSqlSafe<String> {
        let mut out = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some(place) = rest.find(['$', '%']) {
            out.push_str(&rest[..place]);
            let mark = &rest[place..];
            let length = if mark.starts_with('$') {
                self.parameter(mark, &mut out)
            } else {
                self.word(mark, &mut out)
            };
            rest = &mark[length..];
        }
        out.push_str(rest);
        AssertSqlSafe(out)
    }

    /// Writes `$1:uuid`; gives how long the mark is.
    fn parameter(self, mark: &str, out: &mut String) -> usize {
        let digits = mark[1..].bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = mark.split_at(1 + digits);
        let kind = behind
            .strip_prefix(':')
            .filter(|kind| !kind.starts_with(':'))
            .map_or("", |kind| &kind[..kind.bytes().take_while(u8::is_ascii_lowercase).count()]);
        if kind.is_empty() {
            out.push_str(number);
            return number.len();
        }
        let written = match (self, kind) {
            (Self::Sqlite, "uuids" | "texts") => format!("SELECT value FROM json_each({number})"),
            (Self::Sqlite, _) | (Self::Official, "uuid") => number.to_owned(),
            (Self::Postgres, "uuids") => {
                format!(
                    "SELECT value::uuid FROM jsonb_array_elements_text({number}::jsonb) AS value"
                )
            }
            (_, "uuids" | "texts") => {
                format!("SELECT value FROM jsonb_array_elements_text({number}::jsonb) AS value")
            }
            (_, "json") => format!("{number}::jsonb"),
            (_, "tags") => format!(
                "(CASE WHEN {number} IS NULL THEN NULL \
                 ELSE ARRAY(SELECT jsonb_array_elements_text({number}::jsonb)) END)"
            ),
            (_, other) => format!("{number}::{other}"),
        };
        out.push_str(&written);
        number.len() + 1 + kind.len()
    }

    /// What a table, or the column for an element's or a feedback's step, is called.
    fn table(self, word: &str) -> Option<&'static str> {
        let (ours, official) = match word {
            "users" => ("users", "\"User\""),
            "threads" => ("threads", "\"Thread\""),
            "steps" => ("steps", "\"Step\""),
            "elements" => ("elements", "\"Element\""),
            "feedbacks" => ("feedbacks", "\"Feedback\""),
            "for" => ("\"forId\"", "\"stepId\""),
            _ => return None,
        };
        Some(if self == Self::Official { official } else { ours })
    }

    /// Writes `%like%`; gives how long the mark is.
    fn word(self, mark: &str, out: &mut String) -> usize {
        let Some(end) = mark[1..].find('%') else {
            out.push('%');
            return 1;
        };
        let word = &mark[1..=end];
        if let Some(name) = self.table(word) {
            out.push_str(name);
            return end + 2;
        }
        let written = match (word, self.is_postgres()) {
            ("like", true) => "ILIKE",
            ("like", false) => "LIKE",
            // Holds the row until the end of the transaction. SQLite has one writer anyway.
            ("lock", true) => " FOR UPDATE",
            ("tags", true) => r#"to_jsonb("tags")"#,
            ("tags", false) => r#""tags""#,
            // Text in the order of its bytes, whatever the database's language.
            ("order", true) => r#" COLLATE "C""#,
            ("favorite", true) => r#""metadata" @> '{"favorite": true}'"#,
            ("favorite", false) => r#"instr("metadata", '"favorite": true') > 0"#,
            ("lock" | "order", false) => "",
            _ => {
                out.push('%');
                return 1;
            }
        };
        out.push_str(written);
        end + 2
    }
}

#[cfg(test)]
mod tests {
    use super::Dialect::{Official, Postgres, Sqlite};

    #[test]
    fn marks_are_written_for_the_engine() {
        let text = r#"SELECT CAST(%tags% AS TEXT) WHERE "a" = $1:uuid AND "b" %like% $12 AND x IN ($3:texts)"#;
        assert_eq!(
            Postgres.sql(text).0,
            r#"SELECT CAST(to_jsonb("tags") AS TEXT) WHERE "a" = $1::uuid AND "b" ILIKE $12 AND x IN (SELECT value FROM jsonb_array_elements_text($3::jsonb) AS value)"#
        );
        assert_eq!(
            Sqlite.sql(text).0,
            r#"SELECT CAST("tags" AS TEXT) WHERE "a" = $1 AND "b" LIKE $12 AND x IN (SELECT value FROM json_each($3))"#
        );
    }

    #[test]
    fn the_official_tables_have_other_names() {
        let text = r#"DELETE FROM %feedbacks% WHERE %for% = $1:uuid"#;
        assert_eq!(Official.sql(text).0, r#"DELETE FROM "Feedback" WHERE "stepId" = $1"#);
        assert_eq!(Sqlite.sql(text).0, r#"DELETE FROM feedbacks WHERE "forId" = $1"#);
    }

    #[test]
    fn everything_else_stays() {
        let text = "SELECT strftime('%Y-%m', $1), $2::bigint, 5 % 3";
        assert_eq!(Sqlite.sql(text).0, text);
        assert_eq!(Postgres.sql(text).0, text);
    }
}
