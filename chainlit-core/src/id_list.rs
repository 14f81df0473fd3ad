//! Entries in order that are found by their ids.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use foldhash::quality::RandomState;

/// Something with an id that never changes.
pub trait Keyed {
    /// The id.
    fn id(&self) -> &Arc<str>;
}

/// Entries in the order in which they were added, one for each id.
///
/// Each has a number, which grows from entry to entry, stays when the entry changes, and is never
/// used again. An entry is found without looking at the others, however many there are.
#[derive(Debug)]
pub struct IdList<T> {
    entries: VecDeque<(u64, T)>,
    /// The number of each entry. The seed of this hasher is random too, and ids are short.
    numbers: HashMap<Arc<str>, u64, RandomState>,
    next_number: u64,
}

/// An entry whose id is known.
#[derive(Debug)]
pub struct Known<'a, T> {
    /// The number of the one that is there.
    pub number: u64,
    /// The one that is there.
    pub there: &'a mut T,
    /// The one that was to be added.
    pub new: T,
}

impl<T> Default for IdList<T> {
    fn default() -> Self {
        Self { entries: VecDeque::new(), numbers: HashMap::default(), next_number: 0 }
    }
}

impl<T: Keyed> IdList<T> {
    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The number that the next entry gets: all there are have lower ones.
    #[must_use]
    pub fn next_number(&self) -> u64 {
        self.next_number
    }

    /// The number of the entry with that id.
    #[must_use]
    pub fn number_of(&self, id: &str) -> Option<u64> {
        self.numbers.get(id).copied()
    }

    /// The entry with that id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&T> {
        let place = self.place(self.number_of(id)?);
        Some(&self.entries.get(place)?.1)
    }

    /// The entry with that id, and its number.
    pub fn get_mut(&mut self, id: &str) -> Option<(u64, &mut T)> {
        let number = self.number_of(id)?;
        let place = self.place(number);
        Some((number, &mut self.entries.get_mut(place)?.1))
    }

    /// Adds an entry at the end; gives its number. When there is one with its id, nothing is added,
    /// and both are given back: the one that is there, and the new one.
    pub fn push(&mut self, value: T) -> Result<u64, Known<'_, T>> {
        let number = match self.numbers.entry(Arc::clone(value.id())) {
            Entry::Vacant(place) => *place.insert(self.next_number),
            Entry::Occupied(known) => {
                let number = *known.get();
                let place = self.place(number);
                let there = &mut self.entries[place].1;
                return Err(Known { number, there, new: value });
            }
        };
        self.next_number += 1;
        self.entries.push_back((number, value));
        Ok(number)
    }

    /// Takes the entry with that id out.
    pub fn remove(&mut self, id: &str) -> Option<T> {
        let number = self.numbers.remove(id)?;
        let place = self.place(number);
        Some(self.entries.remove(place)?.1)
    }

    /// Takes the oldest entry out that `is_wanted`.
    pub fn remove_first(&mut self, is_wanted: impl Fn(&T) -> bool) -> Option<T> {
        let place = self.entries.iter().position(|(_, value)| is_wanted(value))?;
        let (_, value) = self.entries.remove(place)?;
        self.numbers.remove(value.id());
        Some(value)
    }

    /// Takes all entries out that come after that number, but for those to `keep`.
    pub fn cut_after(&mut self, number: u64, keep: impl Fn(&T) -> bool) -> Vec<T> {
        let late = self.entries.split_off(self.place(number + 1));
        let mut cut = Vec::new();
        for (number, value) in late {
            if keep(&value) {
                self.entries.push_back((number, value));
            } else {
                self.numbers.remove(value.id());
                cut.push(value);
            }
        }
        cut
    }

    /// All entries, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// All entries, oldest first. Their ids must stay.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.entries.iter_mut().map(|(_, value)| value)
    }

    /// The entries with these numbers, oldest first.
    pub fn range(&self, numbers: Range<u64>) -> impl Iterator<Item = (u64, &T)> {
        let entries = self.entries.range(self.place(numbers.start)..);
        entries
            .take_while(move |(number, _)| *number < numbers.end)
            .map(|(number, value)| (*number, value))
    }

    /// Where the entry with that number stands, or the next later one.
    fn place(&self, number: u64) -> usize {
        self.entries.partition_point(|(known, _)| *known < number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Keyed for Arc<str> {
        fn id(&self) -> &Arc<str> {
            self
        }
    }

    fn list(ids: &str) -> IdList<Arc<str>> {
        let mut list = IdList::default();
        for id in ids.split(' ') {
            list.push(id.into()).unwrap();
        }
        list
    }

    fn ids(list: &IdList<Arc<str>>) -> String {
        list.iter().map(|id| &**id).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn entries_are_found_when_others_have_gone() {
        let mut list = list("a b c d e");
        assert_eq!(list.remove("b").as_deref(), Some("b"));
        assert_eq!(list.remove("b"), None);
        assert_eq!(list.remove_first(|id| **id > *"a").as_deref(), Some("c"));
        assert_eq!(list.number_of("d"), Some(3));
        assert_eq!(list.get_mut("e").map(|(number, id)| (number, &**id)), Some((4, "e")));
        assert_eq!(list.get_mut("c"), None);
        assert_eq!((ids(&list), list.len()), ("a d e".to_owned(), 3));
    }

    #[test]
    fn numbers_are_not_used_again() {
        let mut list = list("a b c d");
        assert_eq!(list.cut_after(0, |id| **id == *"c").join(" "), "b d");
        assert_eq!((list.number_of("b"), list.number_of("c")), (None, Some(2)));
        assert_eq!((list.push("b".into()).unwrap(), list.next_number()), (4, 5));
        assert_eq!(list.push("c".into()).unwrap_err().number, 2);
        assert_eq!(list.range(1..5).map(|(number, _)| number).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(list.range(0..4).count(), 2);
    }
}
