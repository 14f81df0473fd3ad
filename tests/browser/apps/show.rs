//! Shows what it is told to, one kind of thing per word: what the examples have no room for.

use chainlit::{self as cl, CustomElement, Display, ElementSidebar, SessionKey, Text};
use serde_json::json;

const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40" fill="teal"/></svg>"#;

/// What would run in a page that takes it for HTML.
const HOSTILE: &str = "<img src=x onerror=\"document.title='taken over'\">";

static NOTE: SessionKey<Text> = SessionKey::new("note");

async fn say(message: cl::Message) -> cl::Result {
    let mut message = message;
    message.send().await?;
    Ok(())
}

fn text(name: &str, content: &'static str) -> Text {
    Text::new(content).name(name)
}

/// Puts a text into the side bar.
async fn bar(name: &str, content: &'static str, key: &str) -> cl::Result {
    ElementSidebar::set_elements([text(name, content)], Some(key)).await?;
    say(cl::Message::new("The bar is set.")).await
}

#[cl::on_message]
async fn show(message: cl::Message) -> cl::Result {
    match message.content.as_str() {
        "texts" => {
            let shown = cl::Message::new("Two texts.")
                .element(text("plain", "Some *emphasis*."))
                .element(text("code", "let x = 1;").language("rust"));
            say(shown).await
        }
        "links" => {
            let shown = cl::Message::new("Look at the margin note, or the whole letter.")
                .element(text("margin note", "Beside the conversation.").display(Display::Side))
                .element(text("whole letter", "On its own page.").display(Display::Page));
            say(shown).await
        }
        "note" => {
            let note = text("note", "The first version.");
            NOTE.set(note.clone());
            say(cl::Message::new("A note.").element(note)).await
        }
        "change" => {
            let Some(mut note) = NOTE.get() else { return Ok(()) };
            note.set_content("The second version.");
            note.update().await?;
            say(cl::Message::new("Changed.")).await
        }
        "remove" => {
            let Some(note) = NOTE.get() else { return Ok(()) };
            note.remove().await?;
            say(cl::Message::new("Removed.")).await
        }
        "bar" => bar("first", "The first book.", "one").await,
        "bar again" => bar("second", "The second book.", "one").await,
        "other bar" => bar("third", "The third book.", "two").await,
        "title" => {
            ElementSidebar::set_title("Shelf").await?;
            say(cl::Message::new("It has a title.")).await
        }
        "empty bar" => {
            ElementSidebar::close().await?;
            say(cl::Message::new("The bar is empty.")).await
        }
        "film" => {
            let film = cl::Video::url("/public/film.webm").name("film");
            say(cl::Message::new("A film.").element(film)).await
        }
        "kept film" => {
            let film = cl::Video::path("public/film.webm").name("film");
            say(cl::Message::new("A film.").element(film)).await
        }
        "long sound" => {
            let sound = cl::Audio::url("/public/long.wav").name("long.wav");
            say(cl::Message::new("Two minutes.").element(sound)).await
        }
        "remote" => {
            let cat = cl::Image::url("https://pictures.example/cat.svg").name("cat");
            say(cl::Message::new("From elsewhere.").element(cat)).await
        }
        "hostile" => {
            let shows = CustomElement::new("Shows").prop("text", HOSTILE);
            let file = cl::File::new(HOSTILE).name(HOSTILE);
            let page = cl::Text::new(HOSTILE).name("hostile text");
            let shown = cl::Message::new("Harmless.").element(shows).element(file).element(page);
            say(shown).await
        }
        "broken" => {
            let shown = cl::Message::new("Broken ones.")
                .element(CustomElement::new("Throws"))
                .element(CustomElement::new("NoCode"))
                .element(CustomElement::new("Nowhere"));
            say(shown).await
        }
        "speaks" => say(cl::Message::new("It speaks.").element(CustomElement::new("Speaks"))).await,
        "step" => {
            let step = cl::Step::new("draw").kind(cl::StepType::Tool).default_open(true);
            let drawn = cl::Image::new(PICTURE).name("drawn").mime("image/svg+xml");
            step.element(drawn)
                .run(async |step: cl::Step| {
                    step.set_output("A picture.");
                    Ok::<_, cl::BoxError>(())
                })
                .await?;
            say(cl::Message::new("Drawn.")).await
        }
        "many" => {
            for number in 1..=600 {
                say(cl::Message::new(format!("Line {number}."))).await?;
            }
            Ok(())
        }
        said => say(cl::Message::new(format!("You said {}.", json!(said)))).await,
    }
}

fn main() -> cl::Result {
    cl::run()
}
