//! The tables: those of Chainlit's SQLAlchemy layer, with columns of ours that may be null, so that
//! Python's code goes on reading and writing them.

use super::dialect::Dialect;

pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [Column],
}

pub(super) struct Column {
    pub(super) name: &'static str,
    kind: Kind,
    /// What a new table says of it further; a column that has such can't be added to one that is there.
    pub(super) rule: &'static str,
}

#[derive(Clone, Copy)]
enum Kind {
    Id,
    Text,
    /// A text of ours that is sorted by.
    Sorted,
    Json,
    Tags,
    Flag,
    Number,
}

impl Kind {
    fn in_sql(self, dialect: Dialect) -> &'static str {
        match (self, dialect) {
            (Self::Text, _) => "TEXT",
            (Self::Number, _) | (Self::Flag, Dialect::Sqlite) => "INTEGER",
            (_, Dialect::Sqlite) => "TEXT",
            (Self::Id, _) => "UUID",
            (Self::Json, _) => "JSONB",
            (Self::Tags, _) => "TEXT[]",
            (Self::Flag, _) => "BOOLEAN",
            (Self::Sorted, _) => "TEXT COLLATE \"C\"",
        }
    }
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, rule: "" }
}

const fn ruled(name: &'static str, kind: Kind, rule: &'static str) -> Column {
    Column { name, kind, rule }
}

use Kind::{Flag, Id, Json, Number, Sorted, Tags, Text};

const OF_THREAD: &str = r#"REFERENCES threads("id") ON DELETE CASCADE"#;
const OF_ONE_THREAD: &str = r#"NOT NULL REFERENCES threads("id") ON DELETE CASCADE"#;

/// In the order in which they refer to each other.
pub(super) const TABLES: [Table; 5] = [
    Table {
        name: "users",
        columns: &[
            ruled("id", Id, "PRIMARY KEY NOT NULL"),
            ruled("identifier", Text, "NOT NULL UNIQUE"),
            ruled("metadata", Json, "NOT NULL"),
            column("createdAt", Text),
            column("displayName", Text),
        ],
    },
    Table {
        name: "threads",
        columns: &[
            ruled("id", Id, "PRIMARY KEY NOT NULL"),
            column("createdAt", Text),
            column("name", Text),
            ruled("userId", Id, r#"REFERENCES users("id") ON DELETE CASCADE"#),
            column("userIdentifier", Text),
            column("tags", Tags),
            column("metadata", Json),
            column("updatedAt", Sorted),
            column("archivedAt", Sorted),
        ],
    },
    Table {
        name: "steps",
        columns: &[
            ruled("id", Id, "PRIMARY KEY NOT NULL"),
            ruled("name", Text, "NOT NULL"),
            ruled("type", Text, "NOT NULL"),
            ruled("threadId", Id, OF_ONE_THREAD),
            column("parentId", Id),
            ruled("streaming", Flag, "NOT NULL"),
            column("waitForAnswer", Flag),
            column("isError", Flag),
            column("metadata", Json),
            column("tags", Tags),
            column("input", Text),
            column("output", Text),
            column("createdAt", Text),
            column("command", Text),
            column("start", Text),
            column("end", Text),
            column("generation", Json),
            column("showInput", Text),
            column("language", Text),
            column("indent", Number),
            column("defaultOpen", Flag),
            column("modes", Json),
            column("autoCollapse", Flag),
        ],
    },
    Table {
        name: "elements",
        columns: &[
            ruled("id", Id, "PRIMARY KEY NOT NULL"),
            ruled("threadId", Id, OF_THREAD),
            column("type", Text),
            column("url", Text),
            column("chainlitKey", Text),
            ruled("name", Text, "NOT NULL"),
            column("display", Text),
            column("objectKey", Text),
            column("size", Text),
            column("page", Number),
            column("language", Text),
            column("forId", Id),
            column("mime", Text),
            column("props", Json),
            column("autoPlay", Flag),
            column("playerConfig", Json),
        ],
    },
    Table {
        name: "feedbacks",
        columns: &[
            ruled("id", Id, "PRIMARY KEY NOT NULL"),
            ruled("forId", Id, "NOT NULL"),
            ruled("threadId", Id, OF_ONE_THREAD),
            ruled("value", Number, "NOT NULL"),
            column("comment", Text),
        ],
    },
];

impl Table {
    /// The statement that makes it.
    pub(super) fn create(&self, dialect: Dialect) -> String {
        let columns: Vec<String> =
            self.columns.iter().map(|column| column.definition(dialect)).collect();
        format!("CREATE TABLE {} ({})", self.name, columns.join(", "))
    }
}

impl Column {
    /// How a table has it.
    pub(super) fn definition(&self, dialect: Dialect) -> String {
        let text = format!("\"{}\" {} {}", self.name, self.kind.in_sql(dialect), self.rule);
        text.trim_end().to_owned()
    }

    /// Whether it can be added to a table that has rows.
    pub(super) fn can_be_added(&self) -> bool {
        self.rule.is_empty()
    }
}
