//! Run with: cargo run --example charts
//!
//! Write a number of days, for example 30. Their temperatures are shown three times: as a picture
//! that a Rust library drew, as a chart that the page draws and lets you zoom, and as a table that
//! you can sort.

use chainlit as cl;
use plotters::prelude::*;
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
struct Day {
    day: u32,
    temperature: f64,
    note: Option<&'static str>,
}

#[cl::on_chat_start]
async fn greet() -> cl::Result {
    cl::Message::new("How many days? Write a number up to 365.").send().await?;
    Ok(())
}

#[cl::on_message]
async fn show(message: cl::Message) -> cl::Result {
    let Some(count) = message.content.trim().parse().ok().filter(|days| (2..=365).contains(days))
    else {
        return greet().await;
    };
    let days: Vec<Day> = (1..=count).map(day).collect();
    let figure = json!({
        "data": [{
            "type": "scatter",
            "x": days.iter().map(|day| day.day).collect::<Vec<_>>(),
            "y": days.iter().map(|day| day.temperature).collect::<Vec<_>>(),
        }],
        "layout": { "title": { "text": "Temperature" } },
    });
    cl::Message::new(format!("{count} days, as picture, chart and table."))
        .element(cl::Image::new(draw(&days)?).name("drawn"))
        .element(cl::Plotly::new(&figure)?.name("chart"))
        .element(cl::Dataframe::rows(&days)?.name("table"))
        .send()
        .await?;
    Ok(())
}

fn day(day: u32) -> Day {
    let season = (f64::from(day) / 365.0 * std::f64::consts::TAU).cos();
    let weather = (f64::from(day) * 1.7).sin();
    let temperature = ((10.0 - 9.0 * season + 3.0 * weather) * 10.0).round() / 10.0;
    Day { day, temperature, note: (temperature < 0.0).then_some("frost") }
}

/// Draws a line as SVG, which needs no fonts and no system libraries.
fn draw(days: &[Day]) -> cl::Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (600, 300)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .margin(12)
            .x_label_area_size(28)
            .y_label_area_size(36)
            .build_cartesian_2d(1..days.len() as u32, -10.0..25.0)?;
        chart.configure_mesh().x_desc("day").y_desc("°C").draw()?;
        let line = days.iter().map(|day| (day.day, day.temperature));
        chart.draw_series(LineSeries::new(line, &BLUE))?;
        area.present()?;
    }
    Ok(svg)
}

fn main() -> cl::Result {
    cl::run()
}
