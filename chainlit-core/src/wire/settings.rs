use serde::{Deserialize, Serialize};

/// One entry of the form with the chat's settings. A form has either tabs or widgets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum SettingsItem {
    /// Widgets under a heading.
    Tab(TabDict),
    /// A widget.
    Widget(WidgetDict),
}

/// A page of the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TabDict {
    /// What it is known by.
    pub id: String,
    /// Its heading.
    pub label: String,
    /// What stands on it.
    pub inputs: Vec<WidgetDict>,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ItemDict {
    /// What the user reads.
    pub label: String,
    /// What the application gets.
    pub value: String,
}

/// Writes a variant for each kind of widget, all with the same head and tail, in Chainlit's order.
macro_rules! widgets {
    ($(
        $(#[doc = $doc:literal])*
        $kind:ident $name:literal {
            $($(#[doc = $field_doc:literal])* $field:ident: $ty:ty,)*
            ..
            $($(#[doc = $last_doc:literal])* $last:ident: $last_ty:ty,)*
        }
    )*) => {
        /// A widget of the form.
        ///
        /// ```
        /// use chainlit as cl;
        ///
        /// let widget: cl::wire::WidgetDict = serde_json::from_str(
        ///     r#"{"type":"switch","id":"s","label":"S","initial":true,"tooltip":null,"description":null,"disabled":false}"#,
        /// )?;
        /// assert!(matches!(widget, cl::wire::WidgetDict::Switch { initial: true, .. }));
        /// # Ok::<(), serde_json::Error>(())
        /// ```
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
        #[serde(tag = "type")]
        pub enum WidgetDict {$(
            $(#[doc = $doc])*
            #[serde(rename = $name)]
            $kind {
                /// What it is known by.
                id: String,
                /// What the user reads.
                label: String,
                $($(#[doc = $field_doc])* $field: $ty,)*
                /// What is shown when one points at it.
                tooltip: Option<String>,
                /// What stands below it.
                description: Option<String>,
                $($(#[doc = $last_doc])* $last: $last_ty,)*
                /// Whether it can only be looked at.
                disabled: bool,
            },
        )*}
    };
}

widgets! {
    /// On or off.
    Switch "switch" {
        /// Its value.
        initial: bool,
        ..
    }
    /// A box to tick.
    Checkbox "checkbox" {
        /// Its value.
        initial: bool,
        ..
    }
    /// A number between two.
    Slider "slider" {
        /// Its value.
        initial: f64,
        /// The least.
        min: f64,
        /// The most.
        max: f64,
        /// From one value to the next.
        step: f64,
        ..
    }
    /// One of a list that opens.
    Select "select" {
        /// Its value.
        initial: Option<String>,
        /// What can be chosen.
        items: Vec<ItemDict>,
        ..
    }
    /// One of a list that is shown.
    Radio "radio" {
        /// Its value.
        initial: Option<String>,
        /// What can be chosen.
        items: Vec<ItemDict>,
        ..
    }
    /// Any of a list.
    MultiSelect "multiselect" {
        /// Its values.
        initial: Vec<String>,
        /// What can be chosen.
        items: Vec<ItemDict>,
        ..
    }
    /// A text.
    TextInput "textinput" {
        /// Its value.
        initial: Option<String>,
        /// What an empty one shows.
        placeholder: Option<String>,
        ..
        /// Whether it has room for several lines.
        multiline: bool,
    }
    /// A number.
    NumberInput "numberinput" {
        /// Its value.
        initial: Option<f64>,
        /// What an empty one shows.
        placeholder: Option<String>,
        ..
    }
    /// Words that the user makes up.
    Tags "tags" {
        /// Its values.
        initial: Vec<String>,
        ..
    }
    /// A day, or from one to another.
    DatePicker "datepicker" {
        ..
        /// One day or two.
        mode: DateMode,
        /// Its value.
        initial: Option<DateValue>,
        /// The first day that can be chosen.
        min_date: Option<String>,
        /// The last day that can be chosen.
        max_date: Option<String>,
        /// How days are written, in the words of `date-fns`.
        format: Option<String>,
        /// What an empty one shows.
        placeholder: Option<String>,
    }
}

/// What a date picker picks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum DateMode {
    /// One day.
    Single,
    /// From one day to another.
    Range,
}

/// The days that are picked, as `2026-01-31`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum DateValue {
    /// One day.
    Day(String),
    /// The first and the last.
    Range([String; 2]),
}
