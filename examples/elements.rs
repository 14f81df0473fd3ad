//! Run with: cargo run --example elements
//!
//! Write the name of an element: image, code, page, sound, file or bar. Each is shown beside a
//! message, and is made here: pictures, documents and sounds of your own are `Image::path("cat.png")`
//! or `Image::url("https://…")`.

use std::io;

use chainlit::{self as cl, Content, Display, ElementSidebar, ElementSize};
use futures_util::{StreamExt, stream};

const PICTURE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200" width="300" height="200">
<rect width="300" height="200" fill="#8ecae6"/>
<circle cx="230" cy="50" r="28" fill="#ffb703"/>
<path d="M0 200 L90 80 L150 150 L200 100 L300 200 Z" fill="#023047"/>
</svg>"##;

const HELP: &str = "Write one of: image, code, page, sound, file, bar.";

#[cl::on_chat_start]
async fn help() -> cl::Result {
    cl::Message::new(HELP).send().await?;
    Ok(())
}

#[cl::on_message]
async fn show(message: cl::Message) -> cl::Result {
    match message.content.trim() {
        "image" => {
            let mountain = cl::Image::new(PICTURE).name("mountain").size(ElementSize::Small);
            cl::Message::new("Drawn just now.").element(mountain).send().await?;
        }
        "code" => {
            // Its name in the text becomes a link that opens it beside the conversation.
            let code = cl::Text::new(include_str!("elements.rs"))
                .name("elements.rs")
                .language("rust")
                .display(Display::Side);
            cl::Message::new("All of this is in elements.rs.").element(code).send().await?;
        }
        "page" => {
            let letter = cl::Pdf::new(pdf("Hello from a handler")).name("letter");
            cl::Message::new("A document of one page.").element(letter).send().await?;
        }
        "sound" => {
            let tone = cl::Audio::new(tone()).name("tone.wav").mime("audio/wav");
            cl::Message::new("Half a second of A.").element(tone).send().await?;
        }
        "file" => {
            // Written while it arrives: a large file is never in memory as a whole.
            let lines =
                stream::iter(1..=10_000).map(|n| Ok::<_, io::Error>(format!("{n}\n").into()));
            let file = cl::File::new(Content::stream(lines)).name("numbers.txt");
            cl::Message::new("Ten thousand lines.").element(file).send().await?;
        }
        "bar" => {
            let notes = cl::Text::new("What the application chooses to show.").name("notes");
            let mountain = cl::Image::new(PICTURE).name("mountain");
            // Of two kinds, so they stand in a tuple; what is of one kind stands in an array.
            ElementSidebar::set_elements((notes, mountain), None).await?;
            ElementSidebar::set_title("Beside the conversation").await?;
        }
        _ => help().await?,
    }
    Ok(())
}

/// A tone of 440 Hz as a WAV file with 8000 samples per second.
fn tone() -> Vec<u8> {
    const RATE: u32 = 8000;
    let samples: Vec<u8> = (0..RATE / 2)
        .map(|n| {
            let phase = f64::from(n) * 440.0 * std::f64::consts::TAU / f64::from(RATE);
            (128.0 + 60.0 * phase.sin()) as u8
        })
        .collect();
    let length = samples.len() as u32;
    let mut wav = Vec::from(*b"RIFF");
    wav.extend((36 + length).to_le_bytes());
    wav.extend(*b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    // PCM, one channel, samples and bytes per second, bytes and bits per sample.
    wav.extend([1, 0, 1, 0]);
    wav.extend(RATE.to_le_bytes());
    wav.extend(RATE.to_le_bytes());
    wav.extend([1, 0, 8, 0]);
    wav.extend(*b"data");
    wav.extend(length.to_le_bytes());
    wav.extend(samples);
    wav
}

/// A document with one line of text; `text` has no parentheses.
fn pdf(text: &str) -> Vec<u8> {
    let drawing = format!("BT /F1 24 Tf 40 60 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 140] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{drawing}\nendstream", drawing.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (number, object) in (1..).zip(&objects) {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let (start, size) = (pdf.len(), objects.len() + 1);
    pdf.push_str(&format!("xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"));
    pdf.push_str(&format!("startxref\n{start}\n%%EOF\n"));
    pdf.into_bytes()
}

fn main() -> cl::Result {
    cl::run()
}
