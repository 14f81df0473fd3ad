//! What the application's own code changes in the configuration.

use std::fmt;

use super::Config;

type Change = Box<dyn FnOnce(&mut Config) + Send>;

/// Changes, in the order in which they are made.
#[derive(Default)]
pub(crate) struct Changes(Vec<Change>);

impl Changes {
    pub(crate) fn push(&mut self, change: impl FnOnce(&mut Config) + Send + 'static) {
        self.0.push(Box::new(change));
    }

    pub(crate) fn apply(self, config: &mut Config) {
        for change in self.0 {
            change(config);
        }
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Changes").field(&self.0.len()).finish()
    }
}
