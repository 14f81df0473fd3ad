//! Run with: cargo run --example window_message
//!
//! Open `/public/shop.html`: a shop, with the chat in a frame beside it. A click on an article tells the
//! chat (`postMessage`), which answers; write the name of an article, and the chat tells the shop, which
//! shows it.
//!
//! The shop's page is `public/shop.html` beside this file: this example brings its own application folder.

use chainlit::{self as cl, App, AppRoot};
use serde::{Deserialize, Serialize};

const ARTICLES: [(&str, u32); 3] = [("lamp", 40), ("chair", 90), ("table", 210)];

/// What the shop and the chat tell each other.
#[derive(Serialize, Deserialize)]
struct Article {
    article: String,
}

fn price_of(name: &str) -> Option<u32> {
    ARTICLES.iter().find(|(article, _)| *article == name).map(|(_, price)| *price)
}

#[cl::on_window_message]
async fn looked_at(cl::Json(seen): cl::Json<Article>) -> cl::Result {
    // Whoever embeds the chat can say anything: only what the shop has is taken.
    if let Some(price) = price_of(&seen.article) {
        let text = format!("The {} is {price} €. Shall I tell you more?", seen.article);
        cl::Message::new(text).send().await?;
    }
    Ok(())
}

#[cl::on_message]
async fn find(message: cl::Message) -> cl::Result {
    let wanted = message.content.to_lowercase();
    let found = ARTICLES.iter().find(|(article, _)| wanted.contains(article));
    let Some((article, _)) = found else {
        cl::Message::new("We have a lamp, a chair and a table.").send().await?;
        return Ok(());
    };
    cl::send_window_message(&Article { article: (*article).to_owned() }).await?;
    cl::Message::new(format!("Have a look at the {article}.")).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/window_message");
    App::discover().root(AppRoot::new(folder)?).run()
}
