//! Days of the libraries that have a type for them, each behind the feature of its name.

use serde_json::Value;

use super::date::day;
use super::typed::{Fits, SettingValue};
use super::widget::{DatePicker, DateRangePicker, kind};

macro_rules! days {
    ($($feature:literal: $ty:ty, |$found:ident| $from:expr;)*) => {$(
        #[cfg(feature = $feature)]
        const _: () = {
            fn read(value: &Value) -> Option<$ty> {
                let $found = day(value.as_str()?)?;
                $from
            }

            /// No day is a day that nobody has picked: a field without `Option` can't be read.
            impl SettingValue for Option<$ty> {
                type Kind = kind::DatePicker;

                fn first() -> Self {
                    None
                }

                fn to_value(&self) -> Value {
                    self.map_or(Value::Null, |day| day.to_string().into())
                }

                fn read(value: &Value) -> Result<Self, String> {
                    if value.is_null() {
                        return Ok(None);
                    }
                    read(value).map(Some).ok_or_else(|| "must be a day".to_owned())
                }
            }

            impl Fits<DatePicker> for Option<$ty> {
                fn prepare(widget: DatePicker, initial: &Self) -> DatePicker {
                    match initial {
                        Some(day) => widget.initial(day.to_string()),
                        None => widget,
                    }
                }
            }

            impl SettingValue for Option<[$ty; 2]> {
                type Kind = kind::DateRangePicker;

                fn first() -> Self {
                    None
                }

                fn to_value(&self) -> Value {
                    self.map_or(Value::Null, |days| days.iter().map(ToString::to_string).collect())
                }

                fn read(value: &Value) -> Result<Self, String> {
                    if value.is_null() {
                        return Ok(None);
                    }
                    let days = value.as_array().map(Vec::as_slice);
                    match days {
                        Some([from, to]) => read(from).zip(read(to)).map(|(from, to)| [from, to]),
                        _ => None,
                    }
                    .map(Some)
                    .ok_or_else(|| "must be two days".to_owned())
                }
            }

            impl Fits<DateRangePicker> for Option<[$ty; 2]> {
                fn prepare(widget: DateRangePicker, initial: &Self) -> DateRangePicker {
                    match initial {
                        Some([from, to]) => widget.initial(from.to_string(), to.to_string()),
                        None => widget,
                    }
                }
            }
        };
    )*};
}

days! {
    "jiff": jiff::civil::Date, |day| Some(day);
    "chrono": chrono::NaiveDate, |day| {
        let (month, day_of_month) = (u32::try_from(day.month()).ok()?, u32::try_from(day.day()).ok()?);
        chrono::NaiveDate::from_ymd_opt(day.year().into(), month, day_of_month)
    };
    "time": time::Date, |day| {
        let month = time::Month::try_from(u8::try_from(day.month()).ok()?).ok()?;
        time::Date::from_calendar_date(day.year().into(), month, u8::try_from(day.day()).ok()?).ok()
    };
}
