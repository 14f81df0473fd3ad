//! What a failed statement means for the one who asked.

use chainlit_core::DataError;
use sqlx::Error;

/// Why something could not be read or written.
#[derive(Debug)]
pub(super) enum Failure {
    /// The database says so.
    Sql(Error),
    /// Our own rules say so.
    Refused(&'static str),
}

pub(super) type Outcome<T> = Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Failure> for DataError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(why) => Self::refused(why),
            Failure::Sql(error) if is_refusal(&error) => Self::refused(error),
            Failure::Sql(error) => Self::unavailable(error),
        }
    }
}

impl Failure {
    /// Whether doing it again can't help.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Refused(_) => true,
            Self::Sql(error) => is_refusal(error),
        }
    }
}

/// Whether the statement can never work. What is not known to be so counts as a trouble that passes:
/// waiting loses nothing, giving up does.
fn is_refusal(error: &Error) -> bool {
    match error {
        Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            match code.parse::<i32>() {
                // PostgreSQL's codes of five digits look like numbers, too.
                Ok(number) if code.len() < 5 => is_sqlite_refusal(number),
                _ => is_postgres_refusal(&code),
            }
        }
        Error::Encode(_) | Error::TypeNotFound { .. } | Error::ColumnDecode { .. } => true,
        _ => false,
    }
}

/// By <https://www.sqlite.org/rescode.html>: the low byte is the kind. Not among them: busy (5), locked (6), out
/// of memory (7), read-only (8), interrupted (9), an error of the disk (10), a damaged file (11), a
/// full disk (13), a file that can't be opened (14). Code 1 is a mistake in the statement, or a trigger's trouble.
fn is_sqlite_refusal(code: i32) -> bool {
    const TOO_BIG: i32 = 18;
    const CONSTRAINT: i32 = 19;
    const MISMATCH: i32 = 20;
    matches!(code & 0xff, TOO_BIG | CONSTRAINT | MISMATCH)
}

/// By <https://www.postgresql.org/docs/current/errcodes-appendix.html>: the first two letters are the class. Not among
/// them: connections (08), transactions that lost a race (40), resources (53), limits (54, 55), an operator's command
/// (57), the system (58), rights (42501) and missing tables (42P01), which an operator can mend.
fn is_postgres_refusal(code: &str) -> bool {
    const STATEMENT_TOO_COMPLEX: &str = "54001";
    // Data that the type can't hold, and constraints.
    code.starts_with("22") || code.starts_with("23") || code == STATEMENT_TOO_COMPLEX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_codes_are_sorted_by_whether_waiting_helps() {
        for refused in [19, 787, 1555, 2067, 20, 18] {
            assert!(is_sqlite_refusal(refused), "{refused}");
        }
        for passing in [5, 261, 517, 6, 13, 10, 4618, 14, 8, 11, 1] {
            assert!(!is_sqlite_refusal(passing), "{passing}");
        }
    }

    #[test]
    fn postgres_codes_are_sorted_by_whether_waiting_helps() {
        for refused in ["22P02", "22021", "23503", "23505"] {
            assert!(is_postgres_refusal(refused), "{refused}");
        }
        for passing in
            ["08006", "40001", "40P01", "53100", "53300", "57P01", "57014", "55P03", "42501"]
        {
            assert!(!is_postgres_refusal(passing), "{passing}");
        }
    }

    #[test]
    fn a_lost_connection_passes() {
        assert!(!is_refusal(&Error::PoolTimedOut));
        assert!(!is_refusal(&Error::Io(std::io::ErrorKind::ConnectionReset.into())));
    }
}
