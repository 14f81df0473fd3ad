//! The application inside a server of somebody else's.

use chainlit::{App, AppRoot, Config, RootPath, ServeOptions};
use http_body_util::{BodyExt, Empty};
use tower_service::Service;

fn app(root: &tempfile::TempDir) -> App {
    App::new()
        .config(Config::default())
        .root(AppRoot::new(root.path()).unwrap())
        .on_message(async || {})
}

fn get(path: &str) -> http::Request<Empty<bytes::Bytes>> {
    http::Request::get(path).body(Empty::new()).unwrap()
}

#[tokio::test]
async fn it_is_a_tower_service() {
    let root = tempfile::tempdir().unwrap();
    let mut service = app(&root).into_service().unwrap();
    let response = service.call(get("/health")).await.unwrap();
    assert_eq!(response.status(), 200);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, r#"{"status":"ok"}"#);
}

#[tokio::test]
async fn two_applications_live_side_by_side_below_their_paths() {
    let root = tempfile::tempdir().unwrap();
    for path in ["/one", "/two"] {
        let mut options = ServeOptions::default();
        options.root_path = RootPath::new(path).unwrap();
        let mut service = app(&root).options(options).into_service().unwrap();
        let inside = service.call(get(&format!("{path}/health"))).await.unwrap();
        let outside = service.call(get("/health")).await.unwrap();
        assert_eq!((inside.status().as_u16(), outside.status().as_u16()), (200, 404));
    }
}
