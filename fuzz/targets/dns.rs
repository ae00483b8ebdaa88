//! An answer of the DNS from a resolver that is not to be trusted. The first octet says what was asked.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mta_sts::dns::{RecordType, decode};
use mta_sts::evidence::Outcome;

const TYPES: [RecordType; 4] = [RecordType::Txt, RecordType::Mx, RecordType::A, RecordType::Aaaa];

fuzz_target!(|input: &[u8]| {
    let Some((first, message)) = input.split_first() else { return };
    let kind = TYPES[usize::from(first % 4)];
    for age in [0, 300, u32::MAX] {
        let Ok(answer) = decode(message, "_mta-sts.example.com", kind, age) else { continue };
        assert!(answer.aliases.len() <= mta_sts::dns::MAX_ALIASES);
        if let Outcome::Found { records, ttl } = &answer.outcome {
            assert!(!records.is_empty() && records.len() <= mta_sts::dns::MAX_RECORDS);
            assert!(age < u32::MAX || *ttl == 0, "an answer that old has no life left");
        }
    }
});
