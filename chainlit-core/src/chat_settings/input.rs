//! What a form knows of a widget: whether it is right, and which values it takes.

use serde_json::{Value, json};

use super::date::day;
use crate::error::Error;
use crate::wire::{DateMode, DateValue, ItemDict, WidgetDict};

/// Whole numbers up to here are written without a fraction; an `f64` holds no greater ones exactly.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A widget of any kind.
#[derive(Clone, Debug)]
pub struct Input {
    pub(super) common: Common,
    pub(super) kind: AnyKind,
}

/// What a value must be beside what its widget wants.
type Check = fn(&Value) -> Result<(), String>;

/// What all kinds have.
#[derive(Clone, Debug)]
pub(super) struct Common {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) tooltip: Option<String>,
    pub(super) description: Option<String>,
    pub(super) is_disabled: bool,
    /// What a derived form's field says to a value.
    pub(super) check: Option<Check>,
}

impl Common {
    pub(super) fn new(id: String, label: String) -> Self {
        Self { id, label, tooltip: None, description: None, is_disabled: false, check: None }
    }
}

#[doc(hidden)]
#[derive(Clone, Debug)]
pub enum AnyKind {
    Switch(bool),
    Checkbox(bool),
    Slider(Range),
    Select(Choices),
    RadioGroup(Choices),
    MultiSelect((Vec<String>, Vec<ItemDict>)),
    TextInput(TextField),
    NumberInput(NumberField),
    Tags(Vec<String>),
    DatePicker(DateField<String>),
    DateRangePicker(DateField<[String; 2]>),
}

#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Range {
    pub(super) initial: Option<f64>,
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) step: f64,
}

impl Default for Range {
    fn default() -> Self {
        Self { initial: None, min: 0.0, max: 10.0, step: 1.0 }
    }
}

#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub(super) items: Vec<ItemDict>,
    pub(super) initial: Option<String>,
    pub(super) initial_index: Option<usize>,
}

#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct TextField {
    pub(super) initial: Option<String>,
    pub(super) placeholder: Option<String>,
    pub(super) is_multiline: bool,
}

#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct NumberField {
    pub(super) initial: Option<f64>,
    pub(super) placeholder: Option<String>,
}

#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct DateField<T> {
    pub(super) initial: Option<T>,
    pub(super) min: Option<String>,
    pub(super) max: Option<String>,
    pub(super) format: Option<String>,
    pub(super) placeholder: Option<String>,
}

impl<T> Default for DateField<T> {
    fn default() -> Self {
        Self { initial: None, min: None, max: None, format: None, placeholder: None }
    }
}

/// What is wrong with a definition: the field, and what it must be.
type Wrong = (&'static str, String);

impl Input {
    /// Looks for a mistake in the definition.
    pub(super) fn check(&self) -> Result<(), Error> {
        let wrong = self.wrong();
        wrong.map_err(|(field, problem)| Error::Definition { what: self.what(), field, problem })
    }

    /// As messages for the application's author call it.
    pub(super) fn what(&self) -> String {
        let kind = match self.kind {
            AnyKind::Switch(_) => "switch",
            AnyKind::Checkbox(_) => "checkbox",
            AnyKind::Slider(_) => "slider",
            AnyKind::Select(_) => "select",
            AnyKind::RadioGroup(_) => "radio group",
            AnyKind::MultiSelect(_) => "multi-select",
            AnyKind::TextInput(_) => "text input",
            AnyKind::NumberInput(_) => "number input",
            AnyKind::Tags(_) => "tags",
            AnyKind::DatePicker(_) => "date picker",
            AnyKind::DateRangePicker(_) => "date range picker",
        };
        format!("{kind} `{}`", self.common.id)
    }

    fn wrong(&self) -> Result<(), Wrong> {
        for (field, text) in [("id", &self.common.id), ("label", &self.common.label)] {
            if text.trim().is_empty() {
                return Err((field, "must not be empty".to_owned()));
            }
        }
        match &self.kind {
            AnyKind::Slider(range) => range.wrong()?,
            AnyKind::Select(choices) | AnyKind::RadioGroup(choices) => choices.wrong()?,
            AnyKind::MultiSelect((_, items)) => wrong_items(items)?,
            AnyKind::DatePicker(field) => field.wrong()?,
            AnyKind::DateRangePicker(field) => field.wrong()?,
            AnyKind::NumberInput(field) if field.initial.is_some_and(|it| !it.is_finite()) => {
                return Err(("initial", "must be a finite number".to_owned()));
            }
            _ => {}
        }
        let accepted = self.accept(&self.initial());
        accepted.map(drop).map_err(|problem| ("initial", problem))
    }

    /// The value before anybody has changed it.
    pub(super) fn initial(&self) -> Value {
        match &self.kind {
            AnyKind::Switch(initial) | AnyKind::Checkbox(initial) => json!(initial),
            AnyKind::Slider(range) => number(range.initial()),
            AnyKind::Select(choices) | AnyKind::RadioGroup(choices) => json!(choices.initial()),
            AnyKind::MultiSelect((initial, _)) | AnyKind::Tags(initial) => json!(initial),
            AnyKind::TextInput(field) => json!(field.initial),
            AnyKind::NumberInput(field) => field.initial.map_or(Value::Null, number),
            AnyKind::DatePicker(field) => json!(field.initial),
            AnyKind::DateRangePicker(field) => json!(field.initial),
        }
    }

    /// The value in its one form, or what it must be instead.
    pub(super) fn accept(&self, value: &Value) -> Result<Value, String> {
        let value = match &self.kind {
            AnyKind::Switch(_) | AnyKind::Checkbox(_) => {
                value.as_bool().map(Value::Bool).ok_or("must be on or off")?
            }
            AnyKind::Slider(range) => number(range.accept(value)?),
            AnyKind::Select(choices) | AnyKind::RadioGroup(choices) => match value {
                Value::Null => Value::Null,
                value => json!(one_of(value, &choices.items)?),
            },
            AnyKind::MultiSelect((_, items)) => {
                let values = list(value)?;
                let values: Result<Vec<_>, _> =
                    values.iter().map(|value| one_of(value, items)).collect();
                json!(values?)
            }
            AnyKind::TextInput(_) => match value {
                Value::Null | Value::String(_) => value.clone(),
                _ => return Err("must be a text".to_owned()),
            },
            AnyKind::NumberInput(_) => match value {
                Value::Null => Value::Null,
                // The text of the field, as Chainlit's page sends it.
                Value::String(text) if text.trim().is_empty() => Value::Null,
                Value::String(text) => number(finite(text.trim().parse().ok())?),
                value => number(finite(value.as_f64())?),
            },
            AnyKind::Tags(_) => {
                let values = list(value)?;
                let texts: Option<Vec<_>> = values.iter().map(Value::as_str).collect();
                json!(texts.ok_or("must be a list of texts")?)
            }
            AnyKind::DatePicker(field) => match value {
                Value::Null => Value::Null,
                Value::String(text) if text.is_empty() => Value::Null,
                value => json!(field.accept(value)?),
            },
            AnyKind::DateRangePicker(field) => match value {
                Value::Null => Value::Null,
                Value::Array(days) => {
                    let [from, to] = days.as_slice() else {
                        return Err("must be two days".to_owned());
                    };
                    let (from, to) = (field.accept(from)?, field.accept(to)?);
                    if from > to {
                        return Err("must begin before it ends".to_owned());
                    }
                    json!([from, to])
                }
                _ => return Err("must be two days".to_owned()),
            },
        };
        if let Some(check) = self.common.check {
            check(&value)?;
        }
        Ok(value)
    }

    /// The widget as the browser sees it, with that value, which it accepts.
    pub(super) fn dict(&self, value: &Value) -> WidgetDict {
        let Common { id, label, tooltip, description, .. } = self.common.clone();
        let disabled = self.common.is_disabled;
        let is_on = value.as_bool().unwrap_or_default();
        let text = || value.as_str().map(str::to_owned);
        let texts = || {
            let values = value.as_array().into_iter().flatten();
            values.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
        };
        match self.kind.clone() {
            AnyKind::Switch(_) => {
                WidgetDict::Switch { id, label, initial: is_on, tooltip, description, disabled }
            }
            AnyKind::Checkbox(_) => {
                WidgetDict::Checkbox { id, label, initial: is_on, tooltip, description, disabled }
            }
            AnyKind::Slider(Range { min, max, step, .. }) => {
                let initial = value.as_f64().unwrap_or(min);
                #[rustfmt::skip]
                let dict = WidgetDict::Slider {
                    id, label, initial, min, max, step, tooltip, description, disabled,
                };
                dict
            }
            AnyKind::Select(Choices { items, .. }) => {
                let initial = text();
                WidgetDict::Select { id, label, initial, items, tooltip, description, disabled }
            }
            AnyKind::RadioGroup(Choices { items, .. }) => {
                let initial = text();
                WidgetDict::Radio { id, label, initial, items, tooltip, description, disabled }
            }
            AnyKind::MultiSelect((_, items)) => {
                let initial = texts();
                WidgetDict::MultiSelect {
                    id,
                    label,
                    initial,
                    items,
                    tooltip,
                    description,
                    disabled,
                }
            }
            AnyKind::TextInput(TextField { placeholder, is_multiline, .. }) => {
                let (initial, multiline) = (text(), is_multiline);
                #[rustfmt::skip]
                let dict = WidgetDict::TextInput {
                    id, label, initial, placeholder, multiline, tooltip, description, disabled,
                };
                dict
            }
            AnyKind::NumberInput(NumberField { placeholder, .. }) => {
                let initial = value.as_f64();
                #[rustfmt::skip]
                let dict = WidgetDict::NumberInput {
                    id, label, initial, placeholder, tooltip, description, disabled,
                };
                dict
            }
            AnyKind::Tags(_) => {
                WidgetDict::Tags { id, label, initial: texts(), tooltip, description, disabled }
            }
            AnyKind::DatePicker(DateField { min, max, format, placeholder, .. }) => {
                let initial = text().map(DateValue::Day);
                let (mode, min_date, max_date) = (DateMode::Single, min, max);
                #[rustfmt::skip]
                let dict = WidgetDict::DatePicker {
                    id, label, mode, initial, min_date, max_date, format, placeholder, tooltip,
                    description, disabled,
                };
                dict
            }
            AnyKind::DateRangePicker(DateField { min, max, format, placeholder, .. }) => {
                let initial = <[String; 2]>::try_from(texts()).ok().map(DateValue::Range);
                let (mode, min_date, max_date) = (DateMode::Range, min, max);
                #[rustfmt::skip]
                let dict = WidgetDict::DatePicker {
                    id, label, mode, initial, min_date, max_date, format, placeholder, tooltip,
                    description, disabled,
                };
                dict
            }
        }
    }
}

impl Range {
    fn initial(&self) -> f64 {
        self.initial.unwrap_or_else(|| 0.0_f64.max(self.min).min(self.max))
    }

    fn wrong(&self) -> Result<(), Wrong> {
        for (field, value) in [
            ("min", self.min),
            ("max", self.max),
            ("step", self.step),
            ("initial", self.initial.unwrap_or_default()),
        ] {
            if !value.is_finite() {
                return Err((field, "must be a finite number".to_owned()));
            }
        }
        if self.min >= self.max {
            return Err(("min", format!("must be less than `max`, which is {}", self.max)));
        }
        if self.step <= 0.0 {
            return Err(("step", "must be more than 0".to_owned()));
        }
        Ok(())
    }

    fn accept(&self, value: &Value) -> Result<f64, String> {
        let value = finite(value.as_f64())?;
        if value < self.min || value > self.max {
            return Err(format!("must be between {} and {}", self.min, self.max));
        }
        Ok(value)
    }
}

impl Choices {
    fn initial(&self) -> Option<&str> {
        let by_index = self.initial_index.and_then(|index| self.items.get(index));
        by_index.map(|item| item.value.as_str()).or(self.initial.as_deref())
    }

    fn wrong(&self) -> Result<(), Wrong> {
        wrong_items(&self.items)?;
        match self.initial_index {
            Some(_) if self.initial.is_some() => {
                Err(("initial_index", "can't be given together with `initial`".to_owned()))
            }
            Some(index) if index >= self.items.len() => {
                Err(("initial_index", format!("must be less than {}", self.items.len())))
            }
            _ => Ok(()),
        }
    }
}

fn wrong_items(items: &[ItemDict]) -> Result<(), Wrong> {
    if items.is_empty() {
        return Err(("items", "must not be empty".to_owned()));
    }
    for (index, item) in items.iter().enumerate() {
        if item.value.is_empty() || item.label.trim().is_empty() {
            return Err(("items", "must have values and labels that are not empty".to_owned()));
        }
        if items[..index].iter().any(|other| other.value == item.value) {
            return Err(("items", format!("have the value `{}` twice", item.value)));
        }
    }
    Ok(())
}

impl<T> DateField<T> {
    fn wrong(&self) -> Result<(), Wrong> {
        let of = |field, text: &Option<String>| match text.as_deref().map(day) {
            None => Ok(None),
            Some(Some(day)) => Ok(Some(day)),
            Some(None) => Err((field, "must be a day such as `2026-01-31`".to_owned())),
        };
        let (min, max) = (of("min", &self.min)?, of("max", &self.max)?);
        if min.zip(max).is_some_and(|(min, max)| min > max) {
            return Err(("min", "must not be after `max`".to_owned()));
        }
        Ok(())
    }

    /// The day as `2026-01-31`.
    fn accept(&self, value: &Value) -> Result<String, String> {
        let wanted = value.as_str().and_then(day);
        let wanted = wanted.ok_or("must be a day such as `2026-01-31`")?;
        let bound = |text: &Option<String>| text.as_deref().and_then(day);
        match (bound(&self.min), bound(&self.max)) {
            (Some(min), _) if wanted < min => Err(format!("must not be before {min}")),
            (_, Some(max)) if wanted > max => Err(format!("must not be after {max}")),
            _ => Ok(wanted.to_string()),
        }
    }
}

/// A whole number without a fraction, so that it can be read as any number type.
pub(super) fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() <= MAX_WHOLE {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and small enough")]
        return json!(value as i64);
    }
    json!(value)
}

fn finite(value: Option<f64>) -> Result<f64, String> {
    value.filter(|value| value.is_finite()).ok_or_else(|| "must be a number".to_owned())
}

fn list(value: &Value) -> Result<&[Value], String> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| "must be a list".to_owned())
}

fn one_of<'a>(value: &'a Value, items: &[ItemDict]) -> Result<&'a str, String> {
    let known = value.as_str().filter(|text| items.iter().any(|item| item.value == *text));
    known.ok_or_else(|| {
        let values: Vec<_> = items.iter().map(|item| format!("`{}`", item.value)).collect();
        format!("must be one of {}", values.join(", "))
    })
}
