use std::sync::Arc;

use chainlit_core::wire::{ElementDict, ServerEvent};

/// The bar beside the conversation, as a client shows it.
#[derive(Default)]
pub(super) struct Sidebar {
    title: Option<String>,
    elements: Vec<ElementDict>,
    key: Option<String>,
}

impl Sidebar {
    pub(super) fn set_title(&mut self, title: &str) {
        self.title = Some(title.to_owned());
    }

    /// Shows these elements, none of them closes the bar; gives the ids of those that are not shown
    /// there any more.
    pub(super) fn set_elements(
        &mut self,
        elements: &[ElementDict],
        key: Option<&str>,
    ) -> Vec<Arc<str>> {
        let is_open = !self.elements.is_empty();
        if is_open && !elements.is_empty() && key.is_some() && self.key.as_deref() == key {
            return Vec::new();
        }
        let old = std::mem::replace(&mut self.elements, elements.to_vec());
        self.key = key.map(str::to_owned);
        if elements.is_empty() {
            *self = Self::default();
        }
        let is_gone = |id: &Arc<str>| self.elements.iter().all(|element| element.id != *id);
        old.into_iter().map(|element| element.id).filter(is_gone).collect()
    }

    /// An element has changed, which the bar may show.
    pub(super) fn update(&mut self, element: &ElementDict) {
        if let Some(known) = self.elements.iter_mut().find(|known| known.id == element.id) {
            known.clone_from(element);
        }
    }

    /// An element goes away.
    pub(super) fn remove(&mut self, id: &str) {
        self.elements.retain(|known| *known.id != *id);
    }

    /// Roughly the bytes of memory that it holds.
    pub(super) fn weight(&self) -> usize {
        self.title.as_ref().map_or(0, String::len)
            + self.elements.iter().map(ElementDict::weight).sum::<usize>()
    }

    /// The events that open it in a client.
    pub(super) fn events(&self) -> impl Iterator<Item = ServerEvent<'_>> {
        let elements = (!self.elements.is_empty()).then(|| ServerEvent::SetSidebarElements {
            elements: &self.elements,
            key: self.key.as_deref(),
        });
        elements.into_iter().chain(self.title.as_deref().map(ServerEvent::SetSidebarTitle))
    }
}
