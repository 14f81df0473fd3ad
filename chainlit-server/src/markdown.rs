//! The readme page of the application.

use std::path::Path;

/// The text of `chainlit_<language>.md` or else `chainlit.md` in the application's folder; none when both are missing.
///
/// `language` must be a checked language tag, as it becomes a part of the file's name.
pub(crate) async fn readme(root: &Path, language: &str) -> Option<String> {
    match read_inside(root, &format!("chainlit_{language}.md")).await {
        Some(text) => Some(text),
        None => read_inside(root, "chainlit.md").await,
    }
}

/// Links that leave the folder are not followed.
async fn read_inside(root: &Path, name: &str) -> Option<String> {
    let path = tokio::fs::canonicalize(root.join(name)).await.ok()?;
    if !path.starts_with(root) {
        tracing::warn!("{name} leads out of the application's folder and is not shown");
        return None;
    }
    match tokio::fs::read(&path).await {
        Ok(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => {
            tracing::warn!("{name} cannot be read: {error}");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_language_then_the_general_page_then_none() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        assert_eq!(readme(&root, "de-DE").await, None);
        std::fs::write(root.join("chainlit.md"), "general").unwrap();
        std::fs::write(root.join("chainlit_de-DE.md"), "").unwrap();
        assert_eq!(readme(&root, "de-DE").await.as_deref(), Some(""));
        assert_eq!(readme(&root, "de").await.as_deref(), Some("general"));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_out_of_the_folder_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("app");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(folder.path().join("secret"), "secret").unwrap();
        std::os::unix::fs::symlink("../secret", root.join("chainlit.md")).unwrap();
        assert_eq!(readme(&root.canonicalize().unwrap(), "en-US").await, None);
    }
}
