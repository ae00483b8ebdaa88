//! One sort for the whole engine: each instance of the standard library's generic one adds 4 KB to the wasm.

use alloc::vec::Vec;

/// The keys in their order, each with its place among those given; equal ones stay in their order.
pub(crate) fn sorted(keys: impl Iterator<Item = u64>) -> Vec<(u64, usize)> {
    let mut order: Vec<(u64, usize)> = keys.zip(0..).collect();
    order.sort_unstable();
    order
}

/// The items in the order of their keys; items of one key stay in their order.
pub(crate) fn by_key<T>(items: Vec<T>, key: impl Fn(&T) -> u64) -> Vec<T> {
    let order = sorted(items.iter().map(key));
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, at)| items[at].take()).collect()
}

#[cfg(test)]
mod tests {
    use super::by_key;

    #[test]
    fn items_of_one_key_stay_in_their_order() {
        let sorted = by_key(vec![(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')], |(key, _)| *key);
        assert_eq!(sorted, [(0, 'd'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'c')]);
    }
}
