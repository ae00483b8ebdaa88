//! One sort for the whole engine, and one way to find texts: each type that a sort or a map of the standard library is
//! used with adds 2 to 4 KB to the wasm.

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

/// For each text the place of the first that is the same.
pub(crate) fn firsts(texts: &[&[u8]]) -> Vec<usize> {
    let same = |a: usize, b: usize| texts[a] == texts[b];
    let add = |multiplier: u64| move |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(multiplier);
    let hash = |at: usize, multiplier| texts[at].iter().fold(0, add(multiplier));
    Hashed::of(texts.len(), &hash, &same).firsts(&same)
}

/// Things by their hashes, which are made with a multiplier.
#[derive(Debug)]
pub(crate) struct Hashed {
    /// The hash of each thing.
    hashes: Vec<u64>,
    /// The places of the things in the order of their hashes.
    order: Vec<usize>,
    /// What they were made with.
    pub(crate) multiplier: u64,
}

/// What hashes are made with: the first, unless somebody chose things that have one hash by it.
const MULTIPLIERS: [u64; 3] = [0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93, 0xA076_1D64_78BD_642F];

impl Hashed {
    /// Sorts the hashes of `len` things. `same` compares two of them.
    pub(crate) fn of(
        len: usize,
        hash: &dyn Fn(usize, u64) -> u64,
        same: &dyn Fn(usize, usize) -> bool,
    ) -> Self {
        Self::by(&MULTIPLIERS, len, hash, same)
    }

    fn by(
        multipliers: &[u64],
        len: usize,
        hash: &dyn Fn(usize, u64) -> u64,
        same: &dyn Fn(usize, usize) -> bool,
    ) -> Self {
        let mut hashed = Self { hashes: Vec::new(), order: Vec::new(), multiplier: 0 };
        for multiplier in multipliers {
            hashed.multiplier = *multiplier;
            hashed.hashes = (0..len).map(|at| hash(at, *multiplier)).collect();
            hashed.order = by_key(&hashed.hashes);
            if hashed.pairs().all(|(before, at)| same(before, at)) {
                break;
            }
        }
        hashed
    }

    /// Each two neighbours that have one hash.
    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let pairs = self.order.windows(2).map(|pair| (pair[0], pair[1]));
        pairs.filter(|(before, at)| self.hashes[*before] == self.hashes[*at])
    }

    /// For each thing the place of the first that is the same.
    pub(crate) fn firsts(&self, same: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
        let mut firsts: Vec<usize> = (0..self.order.len()).collect();
        for (before, at) in self.pairs() {
            if same(before, at) {
                firsts[at] = firsts[before];
            }
        }
        firsts
    }

    /// The first of the things of this hash that `is` it.
    pub(crate) fn find(&self, hash: u64, is: &dyn Fn(usize) -> bool) -> Option<usize> {
        let start = self.order.partition_point(|at| self.hashes[*at] < hash);
        let run = self.order[start..].iter().take_while(|at| self.hashes[**at] == hash);
        run.copied().find(|at| is(*at))
    }
}

#[cfg(test)]
mod tests {
    use super::{Hashed, MULTIPLIERS, by_key, firsts, sorted};

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
    fn texts_have_a_first() {
        for (texts, expected) in [
            (&[][..], &[][..]),
            (&[&b"a"[..], b"b", b"a", b"a", b"b", b"", b""], &[0, 1, 0, 0, 1, 5, 5]),
            (&[b"a", b"A"], &[0, 1]), // letter case counts
            (&[b"ab", b"ba", b"ab\0"], &[0, 1, 2]),
        ] {
            assert_eq!(firsts(texts), expected, "{texts:?}");
        }
    }

    #[test]
    fn things_of_one_hash_get_another() {
        let things = ["a", "b", "a", "c"];
        let same = |a: usize, b: usize| things[a] == things[b];
        // By 0 all have one hash.
        let hash = |at: usize, multiplier: u64| u64::from(things[at].as_bytes()[0]).wrapping_mul(multiplier);
        let hashed = Hashed::by(&[0, MULTIPLIERS[0]], things.len(), &hash, &same);
        assert_eq!(hashed.multiplier, MULTIPLIERS[0]);
        assert_eq!(hashed.firsts(&same), [0, 1, 0, 3]);
        // Where none helps, what is looked for is still found.
        let hashed = Hashed::by(&[0], things.len(), &hash, &same);
        assert_eq!(hashed.find(0, &|at| things[at] == "c"), Some(3));
        assert_eq!(hashed.find(1, &|_| true), None);
    }
}
