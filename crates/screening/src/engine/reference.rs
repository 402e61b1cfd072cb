//! References of cases compared by few bytes: most begin alike and differ soon after.

/// How many bytes all references begin with in common.
pub(crate) fn shared_length<'a>(mut references: impl Iterator<Item = &'a str>) -> usize {
    let Some(first) = references.next() else {
        return 0;
    };
    references.fold(first.len(), |shared, other| {
        let pairs = first.as_bytes()[..shared].iter().zip(other.as_bytes());
        pairs.take_while(|(a, b)| a == b).count()
    })
}

/// The first eight bytes as a number that sorts as they do.
pub(crate) fn leading(bytes: &[u8]) -> u64 {
    let mut leading = [0; 8];
    for (to, from) in leading.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_be_bytes(leading)
}
