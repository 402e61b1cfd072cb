//! Events as rows of bytes of one width.

use crate::read::chunk::Chunk;
use crate::read::coding::Wants;
use crate::read::fault::Origin;

/// What stands for an event of which nobody knows when it was recorded.
const NOT_RECORDED: i64 = i64::MIN;

/// Which columns a packed event holds.
#[derive(Clone)]
pub(super) struct Packing {
    classes: Vec<usize>,
    hashes: Vec<usize>,
    wants: Wants,
}

impl Packing {
    pub fn of(wants: &Wants) -> Self {
        let wanted = wants.attributes.iter().enumerate();
        Self {
            classes: wanted
                .clone()
                .filter(|(_, want)| want.class)
                .map(|(place, _)| place)
                .collect(),
            hashes: wanted
                .filter(|(_, want)| want.hash)
                .map(|(place, _)| place)
                .collect(),
            wants: wants.clone(),
        }
    }

    /// How many bytes an event has.
    pub fn width(&self) -> usize {
        2 + 4 * 8
            + 8 * usize::from(self.wants.recorded)
            + 2 * self.classes.len()
            + 16 * self.hashes.len()
    }

    pub fn chunk(&self) -> Chunk {
        Chunk::new(&self.wants)
    }

    #[inline]
    pub fn pack(&self, chunk: &Chunk, event: usize, page: &mut Vec<u8>) {
        let block = &chunk.block;
        page.extend_from_slice(&block.activities[event].to_le_bytes());
        page.extend_from_slice(&block.earliest[event].to_le_bytes());
        page.extend_from_slice(&block.latest[event].to_le_bytes());
        page.extend_from_slice(&chunk.origins[event].0.to_le_bytes());
        page.extend_from_slice(&chunk.identities[event].to_le_bytes());
        if self.wants.recorded {
            let recorded = block.recorded[event].unwrap_or(NOT_RECORDED);
            page.extend_from_slice(&recorded.to_le_bytes());
        }
        for column in &self.classes {
            page.extend_from_slice(&block.classes[*column][event].to_le_bytes());
        }
        for column in &self.hashes {
            page.extend_from_slice(&block.hashes[*column][event].to_le_bytes());
        }
    }

    /// Adds a packed event of the right width to a chunk.
    #[inline]
    pub fn unpack(&self, mut packed: &[u8], chunk: &mut Chunk) {
        let block = &mut chunk.block;
        block.activities.push(u16::from_le_bytes(take(&mut packed)));
        block.earliest.push(i64::from_le_bytes(take(&mut packed)));
        block.latest.push(i64::from_le_bytes(take(&mut packed)));
        chunk
            .origins
            .push(Origin(u64::from_le_bytes(take(&mut packed))));
        chunk.identities.push(u64::from_le_bytes(take(&mut packed)));
        if self.wants.recorded {
            let recorded = i64::from_le_bytes(take(&mut packed));
            block
                .recorded
                .push((recorded != NOT_RECORDED).then_some(recorded));
        }
        for column in &self.classes {
            block.classes[*column].push(u16::from_le_bytes(take(&mut packed)));
        }
        for column in &self.hashes {
            block.hashes[*column].push(u128::from_le_bytes(take(&mut packed)));
        }
    }
}

#[inline]
fn take<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
    match bytes.split_first_chunk::<N>() {
        Some((first, rest)) => {
            *bytes = rest;
            *first
        }
        None => [0; N],
    }
}
