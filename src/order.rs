//! One sort and one index of texts for the whole engine: each type that a sort or a map of the standard library is used
//! with adds 2 to 4 KB to the wasm.

use alloc::vec::Vec;

/// The numbers below `count` in order. Where neither of two is before the other they stay in their order.
pub(crate) fn sorted(count: usize, is_before: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    // Merges runs that are twice as long each time.
    let mut order: Vec<usize> = (0..count).collect();
    let mut run = 1;
    while run < count {
        let mut merged = Vec::with_capacity(count);
        for pair in order.chunks(2 * run) {
            let (mut left, mut right) = pair.split_at(run.min(pair.len()));
            while let (Some((l, rest_left)), Some((r, rest_right))) =
                (left.split_first(), right.split_first())
            {
                if is_before(*r, *l) {
                    merged.push(*r);
                    right = rest_right;
                } else {
                    merged.push(*l);
                    left = rest_left;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        order = merged;
        run *= 2;
    }
    order
}

/// The places of the keys in the order of the keys; equal ones stay in their order.
pub(crate) fn by_key(keys: &[u64]) -> Vec<usize> {
    sorted(keys.len(), &|a, b| keys[a] < keys[b])
}

/// The items at these places, each of which is named once.
pub(crate) fn in_order<T>(items: Vec<T>, order: &[usize]) -> Vec<T> {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.iter().filter_map(|at| items[*at].take()).collect()
}

/// Finds texts in a list.
#[derive(Debug)]
pub(crate) struct Index {
    texts: Vec<Vec<u8>>,
    /// Places in `texts`, in the order of the texts.
    order: Vec<usize>,
}

impl Index {
    pub(crate) fn of(texts: Vec<Vec<u8>>) -> Self {
        let order = sorted(texts.len(), &|a, b| texts[a] < texts[b]);
        Self { texts, order }
    }

    /// Where `text` stands in the list, in order.
    pub(crate) fn places(&self, text: &[u8]) -> &[usize] {
        let start = self.order.partition_point(|at| self.texts[*at].as_slice() < text);
        let end = self.order.partition_point(|at| self.texts[*at].as_slice() <= text);
        &self.order[start..end]
    }

    pub(crate) fn has(&self, text: &[u8]) -> bool {
        !self.places(text).is_empty()
    }

    /// Where the text at this place stands first.
    pub(crate) fn first(&self, at: usize) -> usize {
        self.places(&self.texts[at])[0]
    }
}

#[cfg(test)]
mod tests {
    use super::{Index, by_key, sorted};

    #[test]
    fn what_has_one_key_stays_in_its_order() {
        assert_eq!(by_key(&[2, 1, 2, 0, 1]), [3, 1, 4, 0, 2]);
        for count in 0..40 {
            let keys: Vec<u64> = (0..count).map(|n| n * 7919 % 5).collect();
            let mut expected: Vec<usize> = (0..keys.len()).collect();
            expected.sort_by_key(|at| keys[*at]);
            assert_eq!(by_key(&keys), expected);
        }
        assert_eq!(sorted(3, &|a, b| a > b), [2, 1, 0]);
    }

    #[test]
    fn equal_texts_are_found_together() {
        let index = Index::of(["b", "a", "", "b", "B", "b"].map(|text| text.as_bytes().to_vec()).into());
        assert_eq!(index.places(b"b"), [0, 3, 5]);
        assert_eq!(index.places(b""), [2]);
        assert!(index.places(b"c").is_empty() && index.places(b"ab").is_empty());
        assert_eq!([0, 3, 4].map(|at| index.first(at)), [0, 0, 4]);
        assert!(Index::of(Vec::new()).places(b"a").is_empty());
    }
}
