//! Numbered values. What has no such number is nothing, so that no look-up can fail.

/// A value for each number.
#[derive(Clone, Debug, Default)]
pub(super) struct Table<T>(Vec<T>);

impl<T: Copy + Default> Table<T> {
    pub(super) fn filled(count: usize, value: T) -> Table<T> {
        Table(vec![value; count])
    }

    pub(super) fn at(&self, number: usize) -> T {
        self.0.get(number).copied().unwrap_or_default()
    }

    pub(super) fn set(&mut self, number: usize, value: T) {
        if let Some(place) = self.0.get_mut(number) {
            *place = value;
        }
    }

    /// Adds a value; its number.
    pub(super) fn push(&mut self, value: T) -> usize {
        self.0.push(value);
        self.0.len() - 1
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.0.iter().copied()
    }
}

/// A list for each number.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists<T>(Vec<Vec<T>>);

impl<T: Copy> Lists<T> {
    pub(super) fn new(count: usize) -> Lists<T> {
        Lists(vec![Vec::new(); count])
    }

    pub(super) fn of(&self, number: usize) -> &[T] {
        self.0.get(number).map_or(&[], Vec::as_slice)
    }

    pub(super) fn add(&mut self, number: usize, value: T) {
        if let Some(list) = self.0.get_mut(number) {
            list.push(value);
        }
    }

    pub(super) fn replace(&mut self, number: usize, values: Vec<T>) {
        if let Some(list) = self.0.get_mut(number) {
            *list = values;
        }
    }

    /// Exchanges two neighbours of a list: the ones at `place` and after it.
    pub(super) fn swap(&mut self, number: usize, place: usize) {
        let list = self.0.get_mut(number);
        if let Some([one, other]) = list.and_then(|list| list.get_mut(place..place + 2)) {
            std::mem::swap(one, other);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &[T]> + ExactSizeIterator {
        self.0.iter().map(Vec::as_slice)
    }
}
