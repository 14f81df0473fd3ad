//! What is shown beside messages.

use std::sync::Arc;

use chainlit::{
    self as cl, App, Audio, CustomElement, Display, ElementSidebar, ElementSize, File, Image, Pdf,
    Task, TaskList, TaskStatus, Text, Video,
};
use serde_json::json;

use super::Replay;
use crate::support::Folder;

#[tokio::test]
async fn elements() {
    async fn show() -> cl::Result {
        let image = Image::new("drawn").name("img").mime("image/png").size(ElementSize::Small);
        let mut counter = CustomElement::new("Counter").prop("count", 1);
        cl::Message::new("see txt img")
            .element(
                Pdf::url("https://example.com/x.pdf").name("pdf").page(2).display(Display::Page),
            )
            .element(Audio::url("https://example.com/a.mp3").name("aud").auto_play(true))
            .element(
                Video::url("https://example.com/v.mp4")
                    .name("vid")
                    .player_config("youtube", json!({})),
            )
            .element(Text::new("Some text").name("txt").language("python").display(Display::Side))
            .element(image.clone())
            .element(File::new("file body").name("f.txt").mime("text/plain"))
            .element(counter.clone())
            .send()
            .await?;
        let mut list = TaskList::new();
        list.add_task(Task::new("one").status(TaskStatus::Running));
        list.send().await?;
        list.tasks[0].status = TaskStatus::Done;
        list.status = "Done".to_owned();
        list.update().await?;
        image.remove().await?;
        counter.set_prop("count", 2);
        counter.update().await?;
        ElementSidebar::set_elements([Text::new("sidebar text").name("sb")], Some("k1")).await?;
        ElementSidebar::set_title("Title").await?;
        ElementSidebar::close().await?;
        Ok(())
    }
    let folder = Folder::new();
    let app = App::new().on_message(move || {
        let folder = Arc::clone(&folder);
        async move { folder.scope(show()).await }
    });
    Replay::new("elements", app).run().await;
}
