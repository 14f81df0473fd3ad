use std::sync::Arc;

use chainlit_core::wire::{ElementDict, ServerEvent};

/// The bar beside the conversation, as a client shows it.
#[derive(Default)]
pub(super) struct Sidebar {
    title: Option<String>,
    elements: Vec<ElementDict>,
    key: Option<String>,
    /// What came last with the key of the open bar: only a page whose reader has closed the bar
    /// shows it, and nobody is told of that.
    offered: Vec<Arc<str>>,
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
            let is_new =
                |new: &&ElementDict| self.elements.iter().all(|element| element.id != new.id);
            let offered = elements.iter().filter(is_new).map(|new| Arc::clone(&new.id)).collect();
            let mut gone = std::mem::replace(&mut self.offered, offered);
            gone.retain(|id| !self.offered.contains(id));
            return gone;
        }
        let offered = std::mem::take(&mut self.offered);
        let old = std::mem::replace(&mut self.elements, elements.to_vec());
        self.key = key.map(str::to_owned);
        if elements.is_empty() {
            *self = Self::default();
        }
        let is_gone = |id: &Arc<str>| self.elements.iter().all(|element| element.id != *id);
        let old = old.into_iter().map(|element| element.id).chain(offered);
        old.filter(is_gone).collect()
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

    /// What it shows.
    pub(super) fn elements(&self) -> impl Iterator<Item = &ElementDict> {
        self.elements.iter()
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
