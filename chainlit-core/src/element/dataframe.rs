//! Tables.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::Element;
use super::kind::kind;
use crate::error::Error;
use crate::files::Content;
use crate::wire::{ElementSize, ElementType};

kind! {
    /// A table, which the page sorts and shows page by page.
    ///
    /// ```
    /// use chainlit as cl;
    /// use serde_json::json;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Planet { name: &'static str, moons: u32 }
    ///
    /// let planets = [Planet { name: "Earth", moons: 1 }, Planet { name: "Mars", moons: 2 }];
    /// let by_rows = cl::Dataframe::rows(&planets)?.name("planets");
    /// let by_columns = cl::Dataframe::columns([
    ///     ("name", [json!("Earth"), json!("Mars")]),
    ///     ("moons", [json!(1), json!(2)]),
    /// ])?;
    /// # let _ = (by_rows, by_columns);
    /// # Ok::<(), cl::Error>(())
    /// ```
    ///
    /// Follows [`cl.Dataframe`](https://docs.chainlit.io/api-reference/elements/dataframe), with
    /// rows of any [`Serialize`] type in the place of pandas and polars.
    Dataframe
}

/// The shape that the page reads: that of pandas' `to_json(orient="split")`.
#[derive(Serialize)]
struct Table {
    columns: Vec<String>,
    index: Vec<usize>,
    data: Vec<Vec<Option<Box<RawValue>>>>,
}

impl Dataframe {
    /// From rows: structs, or maps with text as keys. Columns stand in the order in which fields
    /// come; where a row lacks one, the cell is empty.
    ///
    /// # Errors
    ///
    /// - [`Error::Json`] when a row can't be written as JSON.
    /// - [`Error::Unreadable`] when a row has no named fields.
    pub fn rows<'a, T>(rows: impl IntoIterator<Item = &'a T>) -> Result<Self, Error>
    where
        T: Serialize + 'a,
    {
        Ok(Self::of(&Table::of_rows(rows)?))
    }

    /// From columns: names, and one value per row.
    ///
    /// # Errors
    ///
    /// - [`Error::Json`] when a value can't be written as JSON.
    /// - [`Error::Definition`] when the columns have different lengths.
    pub fn columns<N, V, T>(columns: impl IntoIterator<Item = (N, V)>) -> Result<Self, Error>
    where
        N: Into<String>,
        V: IntoIterator<Item = T>,
        T: Serialize,
    {
        Ok(Self::of(&Table::of_columns(columns)?))
    }

    /// Gives it other rows; [`update`](Element::update) shows them.
    ///
    /// # Errors
    ///
    /// Those of [`rows`](Self::rows).
    pub fn set_rows<'a, T>(&mut self, rows: impl IntoIterator<Item = &'a T>) -> Result<(), Error>
    where
        T: Serialize + 'a,
    {
        self.0.set_content(Table::of_rows(rows)?.content());
        Ok(())
    }

    fn of(table: &Table) -> Self {
        let mut element = Element::from_content(ElementType::Dataframe, table.content());
        element.size = Some(ElementSize::Large);
        Self(element)
    }
}

impl Table {
    fn of_rows<'a, T>(rows: impl IntoIterator<Item = &'a T>) -> Result<Self, Error>
    where
        T: Serialize + 'a,
    {
        let mut columns: Vec<String> = Vec::new();
        let mut data: Vec<Vec<Option<Box<RawValue>>>> = Vec::new();
        for row in rows {
            let Row(fields) = read_row(row, data.len())?;
            let mut cells: Vec<Option<Box<RawValue>>> = Vec::new();
            cells.resize_with(columns.len(), || None);
            for (place, (name, value)) in fields.into_iter().enumerate() {
                // Rows of one type have their fields in the same places.
                let column = if columns.get(place) == Some(&name) {
                    place
                } else if let Some(known) = columns.iter().position(|column| *column == name) {
                    known
                } else {
                    columns.push(name);
                    cells.push(None);
                    columns.len() - 1
                };
                cells[column] = Some(value);
            }
            data.push(cells);
        }
        for cells in &mut data {
            cells.resize_with(columns.len(), || None);
        }
        Ok(Self { columns, index: (0..data.len()).collect(), data })
    }

    fn of_columns<N, V, T>(columns: impl IntoIterator<Item = (N, V)>) -> Result<Self, Error>
    where
        N: Into<String>,
        V: IntoIterator<Item = T>,
        T: Serialize,
    {
        let mut names: Vec<String> = Vec::new();
        let mut data: Vec<Vec<Option<Box<RawValue>>>> = Vec::new();
        for (name, values) in columns {
            let (name, mut rows) = (name.into(), 0);
            for value in values {
                if names.is_empty() {
                    data.push(Vec::new());
                }
                if let Some(row) = data.get_mut(rows) {
                    row.push(Some(to_raw_value(&value).map_err(Error::Json)?));
                }
                rows += 1;
            }
            if rows != data.len() {
                let (name, first) = (&name, &names[0]);
                let problem = format!(
                    "must have the same length, but `{name}` has {rows} values and `{first}` has {}",
                    data.len()
                );
                return Err(Error::Definition {
                    what: "table".to_owned(),
                    field: "columns",
                    problem,
                });
            }
            names.push(name);
        }
        Ok(Self { columns: names, index: (0..data.len()).collect(), data })
    }

    fn content(&self) -> Content {
        serde_json::to_vec(self).expect("texts, numbers and JSON can be written as JSON").into()
    }
}

/// The fields of a row, which has that many before it.
fn read_row(row: &impl Serialize, place: usize) -> Result<Row, Error> {
    let json = serde_json::to_string(row).map_err(Error::Json)?;
    serde_json::from_str(&json).map_err(|error| Error::Unreadable {
        what: format!("row {} of the table", place + 1),
        wanted: "fields of a table".to_owned(),
        path: String::new(),
        reason: error.to_string(),
    })
}

/// A JSON object's fields in the order of its text.
struct Row(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Row;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row with named fields: a struct or a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
                let mut fields = Vec::with_capacity(map.size_hint().unwrap_or_default());
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Row(fields))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn text(table: Table) -> String {
        let Content::Bytes(bytes) = table.content() else { panic!("in memory") };
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn columns_stand_in_the_order_of_the_fields() {
        #[derive(Serialize)]
        struct Row {
            zebra: u8,
            ant: Option<&'static str>,
        }
        let rows = [Row { zebra: 1, ant: None }, Row { zebra: 2, ant: Some("x") }];
        assert_eq!(
            text(Table::of_rows(&rows).unwrap()),
            r#"{"columns":["zebra","ant"],"index":[0,1],"data":[[1,null],[2,"x"]]}"#
        );
    }

    #[test]
    fn rows_may_lack_fields() {
        let rows = [json!({ "a": 1 }), json!({ "b": 2 }), json!({ "b": 3, "a": 4 })];
        assert_eq!(
            text(Table::of_rows(&rows).unwrap()),
            r#"{"columns":["a","b"],"index":[0,1,2],"data":[[1,null],[null,2],[4,3]]}"#
        );
    }

    #[test]
    fn columns_become_rows() {
        let table = Table::of_columns([("n", vec![1.5, f64::NAN]), ("m", vec![2.0, 3.0])]).unwrap();
        let text = text(table);
        assert_eq!(text, r#"{"columns":["n","m"],"index":[0,1],"data":[[1.5,2.0],[null,3.0]]}"#);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let error = Dataframe::rows(&[(1, 2)]).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("row 1 of the table can't be read as"), "{text}");
        assert!(text.contains("a struct or a map"), "{text}");
        let uneven = Dataframe::columns([("a", vec![1]), ("b", vec![1, 2])]).unwrap_err();
        assert!(uneven.to_string().contains("`b` has 2 values and `a` has 1"), "{uneven}");
    }

    #[test]
    fn a_table_may_be_empty() {
        let rows: [Value; 0] = [];
        assert_eq!(text(Table::of_rows(&rows).unwrap()), r#"{"columns":[],"index":[],"data":[]}"#);
        let none: [(&str, Vec<u8>); 1] = [("a", Vec::new())];
        let table = Table::of_columns(none).unwrap();
        assert_eq!(text(table), r#"{"columns":["a"],"index":[],"data":[]}"#);
    }
}
