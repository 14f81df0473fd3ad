//! Lists, and conversations in parts.

use serde_json::json;

use super::*;

#[tokio::test]
async fn a_list_comes_in_pages_and_holds_no_steps() {
    let history = History::start().await;
    let ada = history.login("ada").await;
    let user = history.kept.get_user("ada").await.unwrap().unwrap();
    for number in 0..5 {
        let update = ThreadUpdate {
            name: Some(format!("n{number}")),
            user_id: Some(user.id.clone()),
            user_identifier: Some("ada".to_owned()),
            ..ThreadUpdate::new(format!("t{number}"))
        };
        history.kept.update_thread(&update).await.unwrap();
    }
    let mut cursor = json!(null);
    let mut seen = Vec::new();
    loop {
        let body = json!({"pagination": {"first": 4, "cursor": cursor}, "filter": {}});
        let page = history.send(&ada, "POST", "/project/threads", body).await.json();
        let data = page["data"].as_array().unwrap();
        seen.extend(data.iter().map(|thread| thread["name"].as_str().unwrap().to_owned()));
        assert!(data.iter().all(|thread| thread["steps"] == json!([])));
        assert_eq!(page["pageInfo"]["startCursor"], data[0]["id"]);
        assert_eq!(page["pageInfo"]["endCursor"], data[data.len() - 1]["id"]);
        cursor = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(seen, ["n4", "n3", "n2", "n1", "n0", "Ada's"]);
}

#[tokio::test]
async fn a_list_is_searched_and_filtered() {
    let history = History::start().await;
    let ada = history.login("ada").await;
    assert_eq!(history.titles(&ada, json!({"search": "tHiS"})).await, ["Ada's"]);
    assert!(history.titles(&ada, json!({"search": "Mine"})).await.is_empty());
    // 0 is a value as 1 is.
    assert_eq!(history.titles(&ada, json!({"feedback": 1})).await, ["Ada's"]);
    assert!(history.titles(&ada, json!({"feedback": 0})).await.is_empty());
    // Whatever user is named, one sees one's own.
    let bob = history.kept.get_user("bob").await.unwrap().unwrap();
    assert_eq!(history.titles(&ada, json!({"userId": bob.id})).await, ["Ada's"]);

    for body in [
        json!({}),
        json!({"pagination": {"first": -1}}),
        json!({"pagination": {"first": 5}, "filter": {"feedback": 2}}),
        json!({"pagination": {"first": 5}, "filter": {"search": "x".repeat(2000)}}),
        json!({"pagination": {"first": 5, "cursor": "a\r\nb"}}),
    ] {
        let answer = history.send(&ada, "POST", "/project/threads", body.clone()).await;
        assert_eq!(answer.status, 422, "{body}");
    }
}

#[tokio::test]
async fn a_conversation_goes_into_the_archive_and_comes_back() {
    let history = History::start().await;
    let ada = history.login("ada").await;
    let archive = async |is_archived: bool| {
        let body = json!({"threadId": THREAD, "archived": is_archived});
        let answer = history.send(&ada, "PUT", "/project/thread", body).await;
        assert_eq!(answer.json(), json!({"success": true}));
    };
    archive(true).await;
    assert!(history.titles(&ada, json!({})).await.is_empty());
    assert_eq!(history.titles(&ada, json!({"archived": true})).await, ["Ada's"]);
    archive(false).await;
    assert_eq!(history.titles(&ada, json!({})).await, ["Ada's"]);
}

#[tokio::test]
async fn a_title_is_one_line_and_not_endless() {
    let history = History::start().await;
    let ada = history.login("ada").await;
    let rename = async |name: &str| {
        let body = json!({"threadId": THREAD, "name": name});
        history.send(&ada, "PUT", "/project/thread", body).await.status
    };
    assert_eq!(rename("  Two\r\nlines\0 ").await, 200);
    assert_eq!(history.titles(&ada, json!({})).await, ["Two  lines"]);
    assert_eq!(rename(&"x".repeat(1001)).await, 422);
    let nothing = history.send(&ada, "PUT", "/project/thread", json!({"threadId": THREAD})).await;
    assert_eq!(nothing.status, 422);
}

#[tokio::test]
async fn a_conversation_has_its_steps_elements_and_feedback() {
    let history = History::start().await;
    let ada = history.login("ada").await;
    let thread = history.get(&ada, &format!("/project/thread/{THREAD}")).await.json();
    assert_eq!(thread["userIdentifier"], "ada");
    assert_eq!(thread["metadata"]["api_key"], "what the session kept");
    let ids: Vec<&str> = thread["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, [QUESTION, TOOL, ANSWER]);
    assert_eq!(thread["steps"][0]["feedback"], json!(null));
    assert_eq!(thread["steps"][2]["feedback"]["comment"], "good");
    assert_eq!(thread["hasEarlier"], false);
    let url = format!("/project/thread/{THREAD}/element/{ELEMENT}/content");
    assert_eq!(thread["elements"][0]["url"], url);

    let path = format!("/project/thread/{THREAD}/element/{ELEMENT}");
    let element = history.get(&ada, &path).await.json();
    assert_eq!((element["name"].as_str(), element["props"].is_null()), (Some("dot.png"), true));
    let path = format!("/project/thread/{THREAD}/element/{QUESTION}");
    assert_eq!(history.get(&ada, &path).await.json(), json!(null));
}

#[tokio::test]
async fn steps_come_in_pages_backwards() {
    let history = History::start().await;
    let ada = history.login("ada").await;
    let page = async |query: &str| {
        let path = format!("/project/thread/{THREAD}/steps?{query}");
        let page = history.get(&ada, &path).await.json();
        let steps = page["steps"].as_array().unwrap().iter();
        let ids: Vec<String> = steps.map(|step| step["id"].as_str().unwrap().to_owned()).collect();
        (ids, page["elements"].as_array().unwrap().len(), page["hasEarlier"].as_bool().unwrap())
    };
    assert_eq!(page("count=1").await, (vec![ANSWER.to_owned()], 1, true));
    let before = format!("before={ANSWER}&count=1");
    assert_eq!(page(&before).await, (vec![TOOL.to_owned()], 0, true));
    let before = format!("before={TOOL}&count=5");
    assert_eq!(page(&before).await, (vec![QUESTION.to_owned()], 0, false));
    for count in ["0", "-1", "x", "10001", ""] {
        let path = format!("/project/thread/{THREAD}/steps?count={count}");
        assert_eq!(history.get(&ada, &path).await.status, 422, "{count:?}");
    }
    let path = format!("/project/thread/{THREAD}?count=1");
    let thread = history.get(&ada, &path).await.json();
    assert_eq!(
        (thread["steps"].as_array().unwrap().len(), &thread["hasEarlier"]),
        (1, &json!(true))
    );
}
