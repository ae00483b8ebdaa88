//! Which MX hosts a policy lets mail through to (RFC 8461 §4, §5; RFC 5321 §5.1; RFC 7505).

use super::{Domain, Mode, MxPattern, Policy};
use crate::evidence::MxRecord;
use crate::order::{Hashed, by_key};
use crate::span::Spanned;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// The MX hosts against the patterns of a policy: by name only, no certificate involved.
#[derive(Debug, Clone)]
pub struct Coverage<'a> {
    /// The hosts in the order senders try them. Empty for a null MX.
    pub hosts: Vec<Host<'a>>,
    /// How much of the set is covered.
    pub extent: Extent,
    /// The domain has no MX record and is its own host (RFC 5321 §5.1).
    pub implicit: bool,
    /// Patterns that match no host.
    pub unused: Vec<Spanned<MxPattern<'a>>>,
}

/// One MX host.
#[derive(Debug, Clone)]
pub struct Host<'a> {
    /// Its name, as in the MX record.
    pub name: String,
    /// Its preference; `None` for the implicit MX.
    pub preference: Option<u16>,
    /// The first pattern that matches.
    pub matched: Option<Spanned<MxPattern<'a>>>,
    /// Whether a sender that honours the policy delivers here.
    pub allowed: bool,
}

/// How much of the MX set is covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extent {
    /// Every host.
    Full,
    /// Some hosts.
    Partial,
    /// No host.
    None,
    /// Mode none: patterns are not applied.
    NotApplied,
    /// The domain takes no mail.
    NullMx,
}

impl<'a> Coverage<'a> {
    /// Matches every host of the MX set, or the domain itself where there is no MX record.
    /// `None` if there is neither.
    #[must_use]
    pub fn of(policy: &Policy<'a>, mx: &[MxRecord], domain: Option<&Domain>) -> Option<Self> {
        let mode = policy.mode().unwrap_or(Mode::Enforce);
        let preferences: Vec<u64> = mx.iter().map(|mx| mx.preference.into()).collect();
        let mut hosts = Vec::new();
        // Hosts of one preference stay in the order of the answer.
        for at in by_key(&preferences) {
            let MxRecord { host, preference } = &mx[at];
            if !host.is_empty() {
                hosts.push((host.clone(), Some(*preference)));
            }
        }
        let implicit = mx.is_empty();
        if implicit {
            hosts.push((domain?.as_str().to_owned(), None));
        }
        let list: Vec<_> = policy.patterns().collect();
        let patterns = Names::of_policy(policy);
        let mut used = vec![false; list.len()];
        let hosts: Vec<Host<'a>> = hosts
            .into_iter()
            .map(|(name, preference)| {
                let matching = patterns.matching(&name);
                for at in matching.into_iter().flatten() {
                    used[at] = true;
                }
                let matched = matching.into_iter().flatten().min();
                Host {
                    name,
                    preference,
                    matched: matched.map(|at| list[at]),
                    allowed: mode != Mode::Enforce || matched.is_some(),
                }
            })
            .collect();
        let covered = hosts.iter().filter(|host| host.matched.is_some()).count();
        let extent = match covered {
            _ if hosts.is_empty() => Extent::NullMx,
            _ if mode == Mode::None => Extent::NotApplied,
            0 => Extent::None,
            all if all == hosts.len() => Extent::Full,
            _ => Extent::Partial,
        };
        let firsts = patterns.firsts();
        let unused =
            list.into_iter().zip(firsts).filter(|(_, first)| !used[*first]).map(|(p, _)| p).collect();
        Some(Self { hosts, extent, implicit, unused })
    }

    /// The hosts that no pattern matches.
    pub fn uncovered(&self) -> impl Iterator<Item = &Host<'a>> {
        self.hosts.iter().filter(|host| host.matched.is_none())
    }
}

/// Patterns, or hosts as patterns that are plain names, found by name: a lookup for each host instead of a comparison with
/// each pattern.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    list: Vec<MxPattern<'a>>,
    hashed: Hashed,
}

/// The hash of a pattern, letter case aside.
fn hash(pattern: &MxPattern<'_>, multiplier: u64) -> u64 {
    let add = |hash: u64, byte: u8| (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(multiplier);
    // A bit that no octet has.
    pattern.domain.bytes().fold(u64::from(pattern.wildcard) << 8, add)
}

impl<'a> Names<'a> {
    pub(crate) fn of(list: Vec<MxPattern<'a>>) -> Self {
        let hash = |at: usize, multiplier| hash(&list[at], multiplier);
        let hashed = Hashed::of(list.len(), &hash, &|a, b| list[a].is_same(&list[b]));
        Self { list, hashed }
    }

    /// For each the place of the first that is the same.
    pub(crate) fn firsts(&self) -> Vec<usize> {
        self.hashed.firsts(&|a, b| self.list[a].is_same(&self.list[b]))
    }

    /// Where this pattern stands first.
    fn first(&self, pattern: &MxPattern<'_>) -> Option<usize> {
        let hash = hash(pattern, self.hashed.multiplier);
        self.hashed.find(hash, &|at| self.list[at].is_same(pattern))
    }

    /// The patterns of a policy.
    pub(crate) fn of_policy(policy: &Policy<'a>) -> Self {
        Self::of(policy.patterns().map(|mx| mx.value).collect())
    }

    /// The hosts of an MX set, or the domain itself where there is no MX record (RFC 5321 §5.1). `None` if there is neither.
    pub(crate) fn of_hosts(mx: &'a [MxRecord], domain: Option<&'a Domain>) -> Option<Self> {
        let host = |domain: &'a str| MxPattern { wildcard: false, domain };
        if mx.is_empty() {
            return domain.map(|domain| Self::of(vec![host(domain.as_str())]));
        }
        let named = mx.iter().filter(|mx| !mx.host.is_empty());
        Some(Self::of(named.map(|mx| host(mx.host.trim_end_matches('.'))).collect()))
    }

    /// The patterns that match `host`, each where it stands first: its name, and the wildcard above it. Agrees with
    /// [`MxPattern::matches`].
    fn matching(&self, host: &str) -> [Option<usize>; 2] {
        let host = host.strip_suffix('.').unwrap_or(host);
        let name = MxPattern { wildcard: false, domain: host };
        [self.first(&name), parent(host).and_then(|parent| self.first(&parent))]
    }

    /// Whether a wildcard matches this name.
    pub(crate) fn has_wildcard_above(&self, name: &str) -> bool {
        parent(name).is_some_and(|parent| self.first(&parent).is_some())
    }

    /// Whether every host that `pattern` matches is matched here too.
    fn covers(&self, pattern: &MxPattern<'_>) -> bool {
        self.first(pattern).is_some() || (!pattern.wildcard && self.has_wildcard_above(pattern.domain))
    }

    /// Each of them once, in the order in which they are first named, but for those that are covered by `patterns`.
    // Loops, not iterators: each instance of an adapter is more to download.
    fn each_but(&self, patterns: Option<&Self>) -> Vec<MxPattern<'a>> {
        let mut each = Vec::new();
        let firsts = self.firsts();
        for (at, pattern) in self.list.iter().enumerate() {
            if firsts[at] == at && !patterns.is_some_and(|patterns| patterns.covers(pattern)) {
                each.push(*pattern);
            }
        }
        each
    }

    /// Each of them once, in the order in which they are first named.
    pub(crate) fn each(&self) -> Vec<MxPattern<'a>> {
        self.each_but(None)
    }

    /// Those that are not covered by `patterns`.
    pub(crate) fn beyond(&self, patterns: &Self) -> Vec<MxPattern<'a>> {
        self.each_but(Some(patterns))
    }

    /// Those that have no host in common with any of `others`.
    pub(crate) fn apart(&self, others: &Self) -> Vec<MxPattern<'a>> {
        let mut parents = Vec::new();
        for other in &others.list {
            if let Some((_, domain)) = other.domain.split_once('.').filter(|_| !other.wildcard) {
                parents.push(MxPattern { wildcard: true, domain });
            }
        }
        let parents = Self::of(parents);
        let mut apart = Vec::new();
        for name in self.beyond(others) {
            if !(name.wildcard && parents.covers(&name)) {
                apart.push(name);
            }
        }
        apart
    }
}

/// The wildcard that matches a name: it stands for its first label.
fn parent(name: &str) -> Option<MxPattern<'_>> {
    let (label, domain) = name.split_once('.')?;
    (!label.is_empty()).then_some(MxPattern { wildcard: true, domain })
}

/// The wildcard that misses a host by one level or more: it stands for exactly one label.
#[must_use]
pub fn near_miss<'a>(policy: &Policy<'a>, host: &str) -> Option<MxPattern<'a>> {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let near = |pattern: &MxPattern<'_>| {
        let rest = host.strip_suffix(&pattern.domain.to_ascii_lowercase());
        pattern.wildcard && rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    // A hint is not worth looking through thousands of patterns for each host.
    policy.patterns().take(200).map(|mx| mx.value).find(near)
}

#[cfg(test)]
mod tests {
    use super::{Coverage, near_miss};
    use crate::evidence::MxRecord;
    use crate::model::Policy;

    #[test]
    fn lookup_by_name_agrees_with_the_pattern() {
        let text =
            b"version: STSv1\nmode: enforce\nmx: *.example.com\nmx: Example.com\nmx: a.b.example.com\n\
            mx: *.com\nmax_age: 86400\n";
        let policy = Policy::read(text);
        for host in [
            "example.com",
            "a.example.com",
            "A.EXAMPLE.COM.",
            "a.b.example.com",
            "b.a.example.com",
            "com",
            ".example.com",
            "",
            "example.org",
        ] {
            let mx = [MxRecord { preference: 10, host: host.into() }];
            let by_pattern = policy.patterns().find(|mx| mx.value.matches(host)).map(|mx| mx.span);
            let coverage = Coverage::of(&policy, &mx, None).expect("an MX record is given");
            let by_name = coverage.hosts.first().and_then(|host| host.matched).map(|mx| mx.span);
            assert_eq!(by_name, by_pattern, "{host:?}");
        }
    }

    #[test]
    fn a_near_miss_is_a_wildcard_that_ends_alike() {
        let policy = Policy::read(b"mode: enforce\nmx: *.example.com\nmx: mx1.example.net\n");
        for (host, expected) in [
            ("a.b.example.com", Some("*.example.com")), // one level too deep
            ("example.com", Some("*.example.com")),     // the wildcard needs a label
            ("mx2.example.net", None),                  // another host is no miss
            ("notexample.com", None),                   // ends alike, is another domain
            ("mx.example.org", None),
        ] {
            assert_eq!(near_miss(&policy, host).map(|p| p.to_string()).as_deref(), expected, "{host}");
        }
    }
}
