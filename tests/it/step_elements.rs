//! What steps show beside their input and output.

use chainlit::config::ChainOfThought;
use chainlit::{self as cl, App, Image, Step, Text};
use serde_json::Value;

use crate::support::{Client, Event, TestServer};

/// All events of one turn, without runs.
async fn turn(client: &mut Client) -> Vec<Event> {
    client.say("go").await;
    let events = client.until("task_end").await;
    events.into_iter().filter(|event| !event.is_run()).collect()
}

async fn elements_of(app: App) -> (TestServer, Vec<Event>) {
    let server = TestServer::start(app).await;
    let events = turn(&mut server.join_as("tab").await).await;
    (server, events)
}

fn shown(events: &[Event]) -> Vec<(&str, &Value)> {
    let of_kind = |name| move |event: &&Event| event.name == name;
    let elements = events.iter().filter(of_kind("element"));
    elements.map(|event| (event.data["name"].as_str().unwrap(), &event.data["forId"])).collect()
}

#[tokio::test]
async fn elements_are_shown_under_their_step() {
    async fn work(step: Step) -> cl::Result {
        step.add_element(Text::new("select 1").name("now")).await?;
        let step = step.element(Text::new("later").name("at the end"));
        assert_eq!(step.shown_elements().len(), 3);
        Ok(())
    }
    async fn answer() -> cl::Result {
        let step = Step::new("query").element(Text::new("before").name("with it"));
        step.run(work).await
    }
    let (server, events) = elements_of(App::new().on_message(answer)).await;
    let at = |name: &str| {
        events
            .iter()
            .position(|event| event.data["name"] == name)
            .unwrap_or_else(|| panic!("{name}"))
    };
    let id = &events[at("query")].data["id"];
    assert_eq!(shown(&events), [("with it", id), ("now", id), ("at the end", id)]);
    assert!(at("query") < at("with it"), "a page knows the step by then");
    for (name, content) in [("with it", "before"), ("now", "select 1"), ("at the end", "later")] {
        let key = events[at(name)].data["chainlitKey"].as_str().unwrap();
        assert_eq!(server.get_file("tab", key, "").await.text(), content);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_step_by_hand_shows_each_element_once() {
    async fn answer() -> cl::Result {
        let step = Step::new("by hand").element(Text::new("a").name("a")).start().await?;
        step.update().await?;
        let step = step.element(Text::new("b").name("b"));
        step.update().await?;
        let step = step.element(Text::new("c").name("c"));
        step.end().await?;
        Step::new("as it is").element(Text::new("d").name("d")).send().await?;
        Ok(())
    }
    let (server, events) = elements_of(App::new().on_message(answer)).await;
    let names: Vec<_> = shown(&events).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
    server.stop().await;
}

#[tokio::test]
async fn what_can_not_be_shown_is_an_error_and_the_work_of_a_run_is_done() {
    async fn answer() -> cl::Result {
        let nowhere = || Image::path("/nowhere/cat.png");
        let error = Step::new("not shown").element(nowhere()).start().await.unwrap_err();
        assert!(error.to_string().contains("cat.png"), "{error}");
        let step = Step::new("shown").element(nowhere()).element(Text::new("x").name("x"));
        step.run(async |step: Step| {
            step.add_element(nowhere()).await.unwrap_err();
            cl::Message::new("done").send().await
        })
        .await?;
        Ok(())
    }
    let (server, events) = elements_of(App::new().on_message(answer)).await;
    assert!(events.iter().all(|event| event.data["name"] != "not shown"), "{events:?}");
    assert!(events.iter().any(|event| event.data["output"] == "done"));
    let names: Vec<_> = shown(&events).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["x"]);
    server.stop().await;
}

#[tokio::test]
async fn they_go_with_their_step_and_come_again_with_a_reload() {
    async fn answer(message: cl::Message) -> cl::Result {
        if message.content != "go" {
            return Ok(());
        }
        let stays = Step::new("stays").element(Text::new("kept").name("kept")).start().await?;
        stays.end().await?;
        let goes = Step::new("goes").element(Text::new("gone").name("gone")).start().await?;
        goes.remove().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(answer)).await;
    let mut client = server.join_as("tab").await;
    let live = turn(&mut client).await;
    assert_eq!(live.iter().filter(|event| event.name == "remove_element").count(), 1);
    server.keeps_files(1).await;
    client.cut();
    let mut client = server.join_as("tab").await;
    client.say("again").await;
    let again = client.until("task_end").await;
    let id = &again.iter().find(|event| event.data["name"] == "stays").unwrap().data["id"];
    assert_eq!(shown(&again), [("kept", id)]);
    server.stop().await;
}

/// Chainlit's server sends them, and its page does not show them.
#[tokio::test]
async fn of_a_hidden_step_no_element_is_sent() {
    async fn answer() -> cl::Result {
        let mut late = Text::new("secret").name("late");
        let step = Step::new("hidden").element(Text::new("secret").name("early")).start().await?;
        late.send(&step.step_id()).await?;
        step.end().await?;
        cl::Message::new("open").element(Text::new("open").name("open")).send().await?;
        Ok(())
    }
    let app = App::new().on_message(answer);
    let hide = |config: &mut cl::Config| config.ui.cot = ChainOfThought::Hidden;
    let server = TestServer::start_with(app, hide).await;
    let events = turn(&mut server.join().await).await;
    let names: Vec<_> = shown(&events).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["open"]);
    server.stop().await;
}
