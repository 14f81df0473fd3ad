//! The widgets of a form, and how an application makes them.

use serde_json::Value;

use super::input::{AnyKind, Choices, Common, DateField, Input, NumberField, Range, TextField};
use crate::wire::ItemDict;

/// A widget of a [`ChatSettings`](super::ChatSettings) form: what all kinds have in common.
///
/// Use it by the kinds' names: [`Switch`], [`Slider`], [`Select`], [`TextInput`], [`NumberInput`],
/// [`Tags`], [`MultiSelect`], [`Checkbox`], [`RadioGroup`], [`DatePicker`], [`DateRangePicker`].
///
/// What is wrong with it, for example a `min` above `max`, is told when the form is sent.
#[derive(Clone, Debug)]
#[must_use = "a widget is seen only in a form that is sent"]
pub struct Widget<K> {
    pub(super) common: Common,
    pub(super) kind: K,
}

impl<K: Kind> Widget<K> {
    /// A widget with that id, which its value is known by, and that label.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { common: Common::new(id.into(), label.into()), kind: K::default() }
    }

    /// Sets what is shown when one points at it.
    pub fn tooltip(mut self, text: impl Into<String>) -> Self {
        self.common.tooltip = Some(text.into());
        self
    }

    /// Sets what stands below it.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.common.description = Some(text.into());
        self
    }

    /// Sets whether it can only be looked at. A client that changes it all the same is refused.
    pub fn disabled(mut self, is_disabled: bool) -> Self {
        self.common.is_disabled = is_disabled;
        self
    }

    // For the derived forms, whose fields are more precise than their widgets.
    #[doc(hidden)]
    /// Takes only values that this takes too.
    pub fn checked(mut self, check: fn(&Value) -> Result<(), String>) -> Self {
        self.common.check = Some(check);
        self
    }
}

impl<K: Kind> From<Widget<K>> for Input {
    fn from(widget: Widget<K>) -> Self {
        Self { common: widget.common, kind: widget.kind.into_any() }
    }
}

/// A kind of widget. Sealed: the browser knows these kinds and no other.
pub trait Kind: sealed::Sealed + Default {
    #[doc(hidden)]
    fn into_any(self) -> AnyKind;
}

mod sealed {
    pub trait Sealed {}
}

/// The kinds of widgets.
pub mod kind {
    use super::{AnyKind, Choices, DateField, Kind, NumberField, Range, TextField, sealed};
    use crate::wire::ItemDict;

    macro_rules! kinds {
        ($($(#[$doc:meta])* $kind:ident($inner:ty);)*) => {$(
            $(#[$doc])*
            #[derive(Clone, Debug, Default)]
            pub struct $kind(pub(in crate::chat_settings) $inner);

            impl sealed::Sealed for $kind {}

            impl Kind for $kind {
                fn into_any(self) -> AnyKind {
                    AnyKind::$kind(self.0)
                }
            }
        )*};
    }

    kinds! {
        /// See [`Switch`](super::Switch).
        Switch(bool);
        /// See [`Checkbox`](super::Checkbox).
        Checkbox(bool);
        /// See [`Slider`](super::Slider).
        Slider(Range);
        /// See [`Select`](super::Select).
        Select(Choices);
        /// See [`RadioGroup`](super::RadioGroup).
        RadioGroup(Choices);
        /// See [`MultiSelect`](super::MultiSelect).
        MultiSelect((Vec<String>, Vec<ItemDict>));
        /// See [`TextInput`](super::TextInput).
        TextInput(TextField);
        /// See [`NumberInput`](super::NumberInput).
        NumberInput(NumberField);
        /// See [`Tags`](super::Tags).
        Tags(Vec<String>);
        /// See [`DatePicker`](super::DatePicker).
        DatePicker(DateField<String>);
        /// See [`DateRangePicker`](super::DateRangePicker).
        DateRangePicker(DateField<[String; 2]>);
    }
}

/// On or off; its value is a `bool`.
///
/// ```
/// use chainlit as cl;
///
/// let switch = cl::Switch::new("stream", "Stream the answer").initial(true);
/// # let _ = switch;
/// ```
pub type Switch = Widget<kind::Switch>;

/// A box to tick; its value is a `bool`.
///
/// ```
/// use chainlit as cl;
///
/// let checkbox = cl::Checkbox::new("terms", "I have read the terms").tooltip("All of them");
/// # let _ = checkbox;
/// ```
pub type Checkbox = Widget<kind::Checkbox>;

/// A number between two; its value is a number. From 0 to 10 in steps of 1, unless told otherwise.
///
/// ```
/// use chainlit as cl;
///
/// let slider = cl::Slider::new("temperature", "Temperature").max(2).step(0.1).initial(0.7);
/// # let _ = slider;
/// ```
pub type Slider = Widget<kind::Slider>;

/// One of a list that opens; its value is a string, or null while nothing is chosen.
///
/// ```
/// use chainlit as cl;
///
/// let select = cl::Select::new("model", "Model").values(["small", "large"]).initial_index(1);
/// let tones = [("f", "Friendly"), ("s", "Strict")];
/// let named = cl::Select::new("tone", "Tone").items(tones).initial("f");
/// # let _ = (select, named);
/// ```
pub type Select = Widget<kind::Select>;

/// One of a list that is shown as a whole; its value is a string, or null while nothing is chosen.
///
/// ```
/// use chainlit as cl;
///
/// let radio = cl::RadioGroup::new("size", "Size").values(["S", "M", "L"]).initial("M");
/// # let _ = radio;
/// ```
pub type RadioGroup = Widget<kind::RadioGroup>;

/// Any of a list; its value is a list of strings.
///
/// ```
/// use chainlit as cl;
///
/// let sources =
///     cl::MultiSelect::new("sources", "Sources").values(["wiki", "mail"]).initial(["wiki"]);
/// # let _ = sources;
/// ```
pub type MultiSelect = Widget<kind::MultiSelect>;

/// A text; its value is a string, or null while it is empty.
///
/// ```
/// use chainlit as cl;
///
/// let text = cl::TextInput::new("role", "Role").placeholder("You are …").multiline(true);
/// # let _ = text;
/// ```
pub type TextInput = Widget<kind::TextInput>;

/// A number without bounds; its value is a number, or null while it is empty.
///
/// ```
/// use chainlit as cl;
///
/// let number = cl::NumberInput::new("seed", "Seed").initial(42);
/// # let _ = number;
/// ```
pub type NumberInput = Widget<kind::NumberInput>;

/// Words that the user makes up; its value is a list of strings.
///
/// ```
/// use chainlit as cl;
///
/// let tags = cl::Tags::new("stop", "Stop at").initial(["END"]);
/// # let _ = tags;
/// ```
pub type Tags = Widget<kind::Tags>;

/// A day; its value is a string such as `2026-01-31`, or null while none is picked.
///
/// ```
/// use chainlit as cl;
///
/// let day = cl::DatePicker::new("day", "Day").min("2026-01-01").initial("2026-01-31");
/// # let _ = day;
/// ```
pub type DatePicker = Widget<kind::DatePicker>;

/// From one day to another; its value is a list of two such strings, or null while none is picked.
///
/// Chainlit's `DatePicker(mode="range")`.
///
/// ```
/// use chainlit as cl;
///
/// let stay = cl::DateRangePicker::new("stay", "Stay").initial("2026-01-30", "2026-02-02");
/// # let _ = stay;
/// ```
pub type DateRangePicker = Widget<kind::DateRangePicker>;

impl Switch {
    /// Sets its first value; off otherwise.
    pub fn initial(mut self, is_on: bool) -> Self {
        self.kind.0 = is_on;
        self
    }
}

impl Checkbox {
    /// Sets its first value; not ticked otherwise.
    pub fn initial(mut self, is_ticked: bool) -> Self {
        self.kind.0 = is_ticked;
        self
    }
}

impl Slider {
    /// Sets its first value; 0 otherwise, or the bound that is nearest to it.
    pub fn initial(mut self, value: impl Into<f64>) -> Self {
        self.kind.0.initial = Some(value.into());
        self
    }

    /// Sets the least value; 0 otherwise.
    pub fn min(mut self, value: impl Into<f64>) -> Self {
        self.kind.0.min = value.into();
        self
    }

    /// Sets the greatest value; 10 otherwise.
    pub fn max(mut self, value: impl Into<f64>) -> Self {
        self.kind.0.max = value.into();
        self
    }

    /// Sets how far one value is from the next; 1 otherwise.
    pub fn step(mut self, step: impl Into<f64>) -> Self {
        self.kind.0.step = step.into();
        self
    }
}

macro_rules! choice_of_one {
    ($($widget:ty)*) => {$(
        impl $widget {
            /// Sets what can be chosen; each value is its own label.
            pub fn values<V: Into<String>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
                self.kind.0.items = own_labels(values);
                self
            }

            /// Sets what can be chosen, each as value and label.
            pub fn items<V: Into<String>, L: Into<String>>(
                mut self,
                items: impl IntoIterator<Item = (V, L)>,
            ) -> Self {
                self.kind.0.items = labelled(items);
                self
            }

            /// Sets its first value; nothing is chosen otherwise.
            pub fn initial(mut self, value: impl Into<String>) -> Self {
                self.kind.0.initial = Some(value.into());
                self
            }

            /// Sets its first value by its place among the items, counted from 0.
            pub fn initial_index(mut self, index: usize) -> Self {
                self.kind.0.initial_index = Some(index);
                self
            }
        }
    )*};
}
choice_of_one!(Select RadioGroup);

impl MultiSelect {
    /// Sets what can be chosen; each value is its own label.
    pub fn values<V: Into<String>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.kind.0.1 = own_labels(values);
        self
    }

    /// Sets what can be chosen, each as value and label.
    pub fn items<V: Into<String>, L: Into<String>>(
        mut self,
        items: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        self.kind.0.1 = labelled(items);
        self
    }

    /// Sets its first values; none is chosen otherwise.
    pub fn initial<V: Into<String>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.kind.0.0 = values.into_iter().map(Into::into).collect();
        self
    }
}

impl TextInput {
    /// Sets its first value; empty otherwise.
    pub fn initial(mut self, text: impl Into<String>) -> Self {
        self.kind.0.initial = Some(text.into());
        self
    }

    /// Sets what it shows while it is empty.
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.kind.0.placeholder = Some(text.into());
        self
    }

    /// Sets whether it has room for several lines.
    pub fn multiline(mut self, is_multiline: bool) -> Self {
        self.kind.0.is_multiline = is_multiline;
        self
    }
}

impl NumberInput {
    /// Sets its first value; empty otherwise.
    pub fn initial(mut self, value: impl Into<f64>) -> Self {
        self.kind.0.initial = Some(value.into());
        self
    }

    /// Sets what it shows while it is empty.
    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.kind.0.placeholder = Some(text.into());
        self
    }
}

impl Tags {
    /// Sets its first values; none otherwise.
    pub fn initial<V: Into<String>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.kind.0 = values.into_iter().map(Into::into).collect();
        self
    }
}

macro_rules! date_picker {
    ($($widget:ty)*) => {$(
        impl $widget {
            /// Sets the first day that can be picked.
            pub fn min(mut self, day: impl Into<String>) -> Self {
                self.kind.0.min = Some(day.into());
                self
            }

            /// Sets the last day that can be picked.
            pub fn max(mut self, day: impl Into<String>) -> Self {
                self.kind.0.max = Some(day.into());
                self
            }

            /// Sets how days are shown, in the words of `date-fns`, for example `dd.MM.yyyy`.
            pub fn format(mut self, format: impl Into<String>) -> Self {
                self.kind.0.format = Some(format.into());
                self
            }

            /// Sets what it shows while it is empty.
            pub fn placeholder(mut self, text: impl Into<String>) -> Self {
                self.kind.0.placeholder = Some(text.into());
                self
            }
        }
    )*};
}
date_picker!(DatePicker DateRangePicker);

impl DatePicker {
    /// Sets its first value; none is picked otherwise.
    pub fn initial(mut self, day: impl Into<String>) -> Self {
        self.kind.0.initial = Some(day.into());
        self
    }
}

impl DateRangePicker {
    /// Sets its first value; none is picked otherwise.
    pub fn initial(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.kind.0.initial = Some([from.into(), to.into()]);
        self
    }
}

fn own_labels<V: Into<String>>(values: impl IntoIterator<Item = V>) -> Vec<ItemDict> {
    let item = |value: String| ItemDict { label: value.clone(), value };
    values.into_iter().map(|value| item(value.into())).collect()
}

fn labelled<V: Into<String>, L: Into<String>>(
    items: impl IntoIterator<Item = (V, L)>,
) -> Vec<ItemDict> {
    let item = |(value, label): (V, L)| ItemDict { label: label.into(), value: value.into() };
    items.into_iter().map(item).collect()
}
