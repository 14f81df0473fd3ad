//! Forms that are structs.

use std::any::Any;
use std::marker::PhantomData;

use serde_json::{Map, Number, Value};

use super::widget::{
    Checkbox, DatePicker, DateRangePicker, MultiSelect, NumberInput, RadioGroup, Select, Slider,
    Switch, Tags, TextInput, Widget, kind,
};
use super::{ChatSettings, Form, Kind};
use crate::error::Error;
use crate::event::{EventContext, OnSettingsEdit, OnSettingsUpdate, SessionEvent};
use crate::extract::short_name;

/// A struct that is a form: each field is a widget. Derived; see the derive of the same name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no form",
    label = "not a form",
    note = "add `#[derive(cl::SettingsForm)]` to the struct"
)]
pub trait SettingsForm: Sized + Send + 'static {
    /// The form, each widget with its initial value.
    fn chat_settings() -> ChatSettings;

    /// The values as a struct. A value that is missing is the initial one.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`] names a value that does not fit its field.
    fn from_values(values: &Map<String, Value>) -> Result<Self, Error>;

    /// The struct as values, by the widgets' ids.
    fn to_values(&self) -> Map<String, Value>;
}

/// A form that gives a `T`: what `T::form()` of a derived [`SettingsForm`] gives.
#[derive(Clone, Debug)]
#[must_use = "a form is seen only when it is sent"]
pub struct TypedForm<T> {
    form: ChatSettings,
    values: Option<Map<String, Value>>,
    is_of: PhantomData<fn() -> T>,
}

impl<T: SettingsForm> TypedForm<T> {
    #[doc(hidden)]
    pub fn new() -> Self {
        Self { form: T::chat_settings(), values: None, is_of: PhantomData }
    }

    /// Begins with these values instead of the initial ones: what the user had the last time.
    pub fn values(mut self, values: &T) -> Self {
        self.values = Some(values.to_values());
        self
    }

    /// Shows the form and sets all values, which it gives back.
    ///
    /// # Errors
    ///
    /// As of [`ChatSettings::send`]; so are the rest.
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`](crate::Context::current).
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn send(self) -> Result<T, Error> {
        let (form, values) = self.checked()?;
        self.form.show(form, &values, true).await?;
        T::from_values(&values)
    }

    /// Shows the form and leaves the values as they are; see [`ChatSettings::refresh`].
    ///
    /// # Errors
    ///
    /// As of [`ChatSettings::send`].
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`](crate::Context::current).
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn refresh(self) -> Result<(), Error> {
        let (form, values) = self.checked()?;
        self.form.show(form, &values, false).await
    }

    fn checked(&self) -> Result<(Form, Map<String, Value>), Error> {
        let form = Form::new(self.form.items.clone())?;
        let values = form.begin_with(self.values.clone().unwrap_or_default())?;
        Ok((form, values))
    }
}

impl<T: SettingsForm> Default for TypedForm<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// A type that is one of a few: an enum whose variants a [`Select`] or a [`RadioGroup`] offers.
/// Derived; see the derive of the same name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a field of a form",
    label = "no widget is for that type",
    note = "a field is a `bool`, a number, a `String`, a `Vec<String>`, an `Option` of a number, a `String` or a day of `jiff`, `chrono` or `time` (with the feature of that name), or an enum with `#[derive(cl::Choice)]`, also in a `Vec` or an `Option`"
)]
pub trait Choice: Sized + Send + 'static {
    /// Value and label of each variant, in order.
    const ITEMS: &'static [(&'static str, &'static str)];
    /// The place of the variant that is chosen at first.
    const FIRST: usize;

    /// The variant at that place.
    fn at(index: usize) -> Option<Self>;

    /// The variant's place.
    fn index(&self) -> usize;
}

fn choice<C: Choice>(value: &str) -> Option<C> {
    C::at(C::ITEMS.iter().position(|(known, _)| *known == value)?)
}

fn value_of<C: Choice>(choice: &C) -> &'static str {
    C::ITEMS.get(choice.index()).map_or("", |(value, _)| value)
}

/// A type that a field of a form can have.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a field of a form",
    label = "no widget is for that type",
    note = "a field is a `bool`, a number, a `String`, a `Vec<String>`, an `Option` of a number, a `String` or a day of `jiff`, `chrono` or `time` (with the feature of that name), or an enum with `#[derive(cl::Choice)]`, also in a `Vec` or an `Option`"
)]
pub trait SettingValue: Sized {
    /// The kind of widget for it, where none is named.
    type Kind: Kind;

    /// What it is where nothing else is said.
    fn first() -> Self;

    fn to_value(&self) -> Value;

    /// Reads a value that the widget accepts; the error says what it must be.
    fn read(value: &Value) -> Result<Self, String>;
}

/// A type that the widget `W` has values of.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` can't be this widget",
    label = "no value for this widget",
    note = "`switch` and `checkbox` are for `bool`; `slider` for numbers; `number` for numbers and `Option`s of them; `text` for `String` and `Option<String>`; `select` and `radio` for `String`, enums with `#[derive(cl::Choice)]` and `Option`s of both; `multiselect` for a `Vec` of them; `tags` for `Vec<String>`; `date` for `String`, `Option<String>` and `Option`s of a day; `date_range` for `Option<[String; 2]>` and the same of days"
)]
pub trait Fits<W>: SettingValue {
    /// Tells the widget what the type knows, and its first value.
    fn prepare(widget: W, initial: &Self) -> W;
}

macro_rules! fits {
    ($($ty:ty => $widget:ty, |$w:ident, $initial:ident| $prepare:expr;)*) => {$(
        impl Fits<$widget> for $ty {
            fn prepare($w: $widget, $initial: &Self) -> $widget {
                $prepare
            }
        }
    )*};
}

impl SettingValue for bool {
    type Kind = kind::Switch;

    fn first() -> Self {
        false
    }

    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }

    fn read(value: &Value) -> Result<Self, String> {
        value.as_bool().ok_or_else(|| "must be on or off".to_owned())
    }
}

/// A value that may be missing: the same widget, left empty.
macro_rules! optional {
    ($(#[$attribute:meta])* $ty:ty => $kind:ident $(, $name:ident: $bound:ident)?) => {
        $(#[$attribute])*
        impl$(<$name: $bound>)? SettingValue for Option<$ty> {
            type Kind = kind::$kind;

            fn first() -> Self {
                None
            }

            fn to_value(&self) -> Value {
                self.as_ref().map_or(Value::Null, SettingValue::to_value)
            }

            fn read(value: &Value) -> Result<Self, String> {
                if value.is_null() { Ok(None) } else { SettingValue::read(value).map(Some) }
            }
        }
    };
}

macro_rules! numbers {
    ($($ty:ty: |$value:ident| $read:expr, $wanted:literal;)*) => {$(
        impl SettingValue for $ty {
            type Kind = kind::NumberInput;

            fn first() -> Self {
                Default::default()
            }

            fn to_value(&self) -> Value {
                Value::from(*self)
            }

            fn read($value: &Value) -> Result<Self, String> {
                $read.ok_or_else(|| $wanted.to_owned())
            }
        }

        #[allow(clippy::cast_precision_loss, reason = "a widget's number is an `f64`")]
        #[allow(clippy::cast_lossless, clippy::unnecessary_cast, reason = "written for all")]
        const _: () = {
            fits! {
                $ty => Slider, |widget, initial| widget.initial(*initial as f64);
                $ty => NumberInput, |widget, initial| widget.initial(*initial as f64);
                Option<$ty> => NumberInput, |widget, initial| match initial {
                    Some(initial) => widget.initial(*initial as f64),
                    None => widget,
                };
            }
        };

        optional! { $ty => NumberInput }
    )*};
}

macro_rules! whole {
    ($($ty:ty: $wanted:literal;)*) => {
        numbers! {$($ty: |value| whole(value).and_then(|it| <$ty>::try_from(it).ok()), $wanted;)*}
    };
}

numbers! {
    f64: |value| value.as_f64(), "must be a number";
    f32: |value| {
        #[expect(clippy::cast_possible_truncation, reason = "what does not fit is infinite")]
        value.as_f64().map(|value| value as f32).filter(|value| value.is_finite())
    }, "must be a number";
}

whole! {
    u8: "must be a whole number from 0 to 255";
    u16: "must be a whole number from 0 to 65535";
    u32: "must be a whole number from 0 to 4294967295";
    u64: "must be a whole number, not below 0";
    usize: "must be a whole number, not below 0";
    i8: "must be a whole number from -128 to 127";
    i16: "must be a whole number from -32768 to 32767";
    i32: "must be a whole number from -2147483648 to 2147483647";
    i64: "must be a whole number";
}

fn whole(value: &Value) -> Option<i64> {
    value.as_number().and_then(Number::as_i64)
}

impl SettingValue for String {
    type Kind = kind::TextInput;

    fn first() -> Self {
        Self::new()
    }

    fn to_value(&self) -> Value {
        Value::String(self.clone())
    }

    fn read(value: &Value) -> Result<Self, String> {
        match value {
            // An empty field, as Chainlit's page sends it.
            Value::Null => Ok(Self::new()),
            value => value.as_str().map(str::to_owned).ok_or_else(|| "must be a text".to_owned()),
        }
    }
}

optional! { String => TextInput }

impl SettingValue for Vec<String> {
    type Kind = kind::Tags;

    fn first() -> Self {
        Self::new()
    }

    fn to_value(&self) -> Value {
        self.iter().cloned().map(Value::String).collect()
    }

    fn read(value: &Value) -> Result<Self, String> {
        let texts = value.as_array().ok_or("must be a list")?.iter();
        texts.map(SettingValue::read).collect()
    }
}

impl SettingValue for Option<[String; 2]> {
    type Kind = kind::DateRangePicker;

    fn first() -> Self {
        None
    }

    fn to_value(&self) -> Value {
        self.clone().map_or(Value::Null, |days| days.into_iter().map(Value::String).collect())
    }

    fn read(value: &Value) -> Result<Self, String> {
        if value.is_null() {
            return Ok(None);
        }
        let days: Vec<String> = SettingValue::read(value)?;
        days.try_into().map(Some).map_err(|_| "must be two days".to_owned())
    }
}

#[diagnostic::do_not_recommend]
impl<C: Choice> SettingValue for C {
    type Kind = kind::Select;

    fn first() -> Self {
        C::at(C::FIRST).expect("the derive counts the variants")
    }

    fn to_value(&self) -> Value {
        Value::from(value_of(self))
    }

    fn read(value: &Value) -> Result<Self, String> {
        value.as_str().and_then(choice).ok_or_else(|| "must be one of the items".to_owned())
    }
}

optional! { #[diagnostic::do_not_recommend] C => Select, C: Choice }

#[diagnostic::do_not_recommend]
impl<C: Choice> SettingValue for Vec<C> {
    type Kind = kind::MultiSelect;

    fn first() -> Self {
        Self::new()
    }

    fn to_value(&self) -> Value {
        self.iter().map(SettingValue::to_value).collect()
    }

    fn read(value: &Value) -> Result<Self, String> {
        value.as_array().ok_or("must be a list")?.iter().map(SettingValue::read).collect()
    }
}

fits! {
    bool => Switch, |widget, initial| widget.initial(*initial);
    bool => Checkbox, |widget, initial| widget.initial(*initial);
    String => TextInput, |widget, initial| widget.initial(initial);
    Option<String> => TextInput, |widget, initial| match initial {
        Some(initial) => widget.initial(initial),
        None => widget,
    };
    Option<String> => DatePicker, |widget, initial| match initial {
        Some(initial) => widget.initial(initial),
        None => widget,
    };
    Option<[String; 2]> => DateRangePicker, |widget, initial| match initial {
        Some([from, to]) => widget.initial(from, to),
        None => widget,
    };
    Vec<String> => Tags, |widget, initial| widget.initial(initial);
    Vec<String> => MultiSelect, |widget, initial| widget.initial(initial);
}

impl Fits<DatePicker> for String {
    fn prepare(widget: DatePicker, initial: &Self) -> DatePicker {
        // An empty text stands for no day.
        if initial.is_empty() { widget } else { widget.initial(initial) }
    }
}

macro_rules! choice_of_one {
    ($($widget:ty)*) => {$(
        impl Fits<$widget> for String {
            fn prepare(widget: $widget, initial: &Self) -> $widget {
                // An empty text stands for no choice.
                if initial.is_empty() { widget } else { widget.initial(initial) }
            }
        }

        impl Fits<$widget> for Option<String> {
            fn prepare(widget: $widget, initial: &Self) -> $widget {
                match initial {
                    Some(initial) => widget.initial(initial),
                    None => widget,
                }
            }
        }

        #[diagnostic::do_not_recommend]
        impl<C: Choice> Fits<$widget> for C {
            fn prepare(widget: $widget, initial: &Self) -> $widget {
                widget.items(C::ITEMS.iter().copied()).initial(value_of(initial))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<C: Choice> Fits<$widget> for Option<C> {
            fn prepare(widget: $widget, initial: &Self) -> $widget {
                let widget = widget.items(C::ITEMS.iter().copied());
                match initial {
                    Some(initial) => widget.initial(value_of(initial)),
                    None => widget,
                }
            }
        }
    )*};
}
choice_of_one!(Select RadioGroup);

#[diagnostic::do_not_recommend]
impl<C: Choice> Fits<MultiSelect> for Vec<C> {
    fn prepare(widget: MultiSelect, initial: &Self) -> MultiSelect {
        widget.items(C::ITEMS.iter().copied()).initial(initial.iter().map(value_of))
    }
}

/// A widget of that kind for a field of that type.
#[doc(hidden)]
pub fn widget<T: Fits<Widget<K>>, K: Kind>(id: &str, label: &str, initial: &T) -> Widget<K> {
    T::prepare(Widget::new(id, label), initial).checked(|value| T::read(value).map(drop))
}

/// A widget of the usual kind for a field of that type.
#[doc(hidden)]
pub fn usual_widget<T>(id: &str, label: &str, initial: &T) -> Widget<<T as SettingValue>::Kind>
where
    T: SettingValue + Fits<Widget<<T as SettingValue>::Kind>>,
{
    widget::<T, <T as SettingValue>::Kind>(id, label, initial)
}

/// The number as a field's first value.
#[doc(hidden)]
pub fn number<T: SettingValue>(number: impl Into<f64>) -> T {
    T::read(&super::input::number(number.into())).unwrap_or_else(|_| T::first())
}

/// A first value that was written as a string literal.
#[doc(hidden)]
pub fn text<T: FromText>(text: &str) -> T {
    T::from_text(text)
}

#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a text can't be the first value of a field of type `{Self}`",
    label = "not a text",
    note = "write a value of the field's type, for example `initial = Model::Small` for an enum, `initial = Some(jiff::civil::date(2026, 1, 31))` for a day"
)]
pub trait FromText {
    fn from_text(text: &str) -> Self;
}

impl FromText for String {
    fn from_text(text: &str) -> Self {
        text.to_owned()
    }
}

impl FromText for Option<String> {
    fn from_text(text: &str) -> Self {
        Some(text.to_owned())
    }
}

/// First values that were written as an array.
#[doc(hidden)]
pub fn list<T, V: Into<T>>(values: impl IntoIterator<Item = V>) -> Vec<T> {
    values.into_iter().map(Into::into).collect()
}

/// The field's value among those of the form.
#[doc(hidden)]
pub fn field_value<T: SettingValue>(
    values: &Map<String, Value>,
    id: &str,
    initial: impl FnOnce() -> T,
) -> Result<T, Error> {
    let Some(value) = values.get(id) else { return Ok(initial()) };
    T::read(value).map_err(|reason| Error::Unreadable {
        what: format!("the setting `{id}`"),
        wanted: format!("`{}`", short_name::<T>()),
        path: String::new(),
        reason,
    })
}

/// The form's values as that event has them: what the user edits, or what counts.
#[doc(hidden)]
pub fn of_event<E: SessionEvent, T: SettingsForm>(event: &EventContext<E>) -> Result<T, Error> {
    let present = event.session().chat_settings();
    let event: &dyn Any = event;
    if let Some(event) = event.downcast_ref::<EventContext<OnSettingsEdit>>() {
        return T::from_values(event.payload());
    }
    if let Some(event) = event.downcast_ref::<EventContext<OnSettingsUpdate>>() {
        return T::from_values(event.payload());
    }
    T::from_values(&present)
}
