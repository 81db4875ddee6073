//! Bytes that are the same everywhere: what is authenticated, and what is stored.

use crate::error::Damage;

/// Joins fields so that no two lists of fields give the same bytes.
///
/// This is the pre-authentication encoding (PAE) of PASETO: the number of fields, then each field after its length, all
/// as 64-bit little-endian integers. <https://github.com/paseto-standard/paseto-spec>, `docs/01-Protocol-Versions/Common.md`.
pub(crate) fn pae(fields: &[&[u8]]) -> Vec<u8> {
    let length = fields.iter().map(|field| 8 + field.len()).sum::<usize>();
    let mut joined = Vec::with_capacity(8 + length);
    joined.extend_from_slice(&(fields.len() as u64).to_le_bytes());
    for field in fields {
        joined.extend_from_slice(&(field.len() as u64).to_le_bytes());
        joined.extend_from_slice(field);
    }
    joined
}

/// What a stored record is: three letters at its start, and a name for errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordKind {
    pub(crate) tag: [u8; 3],
    pub(crate) name: &'static str,
}

/// The version of every record's format.
pub(crate) const VERSION: u8 = 1;

impl RecordKind {
    /// The bytes that a record of this kind starts with.
    pub(crate) fn header(self) -> Vec<u8> {
        let mut bytes = self.tag.to_vec();
        bytes.push(VERSION);
        bytes
    }
}

/// Reads a record strictly, from front to back.
pub(crate) struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    /// A reader past the header of a record of this kind.
    pub(crate) fn new(kind: RecordKind, bytes: &'b [u8]) -> Result<Self, Damage> {
        let mut reader = Self(bytes);
        if reader.array()? != kind.tag {
            return Err(Damage::Kind);
        }
        match reader.byte()? {
            VERSION => Ok(reader),
            0 => Err(Damage::Kind),
            found => Err(Damage::Version(found)),
        }
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Result<&'b [u8], Damage> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Damage::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Damage::Truncated)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Damage> {
        self.array().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Damage> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Damage> {
        self.array().map(u32::from_le_bytes)
    }

    /// The end, which nothing may follow.
    pub(crate) fn end(self) -> Result<(), Damage> {
        if self.0.is_empty() { Ok(()) } else { Err(Damage::TrailingBytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_joined_as_pasetos_specification_says() {
        // The test vectors of PASETO's specification, Common.md, "PAE Definition".
        assert_eq!(pae(&[]), b"\x00\x00\x00\x00\x00\x00\x00\x00");
        assert_eq!(pae(&[b""]), b"\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00");
        assert_eq!(pae(&[b"test"]), b"\x01\x00\x00\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00\x00\x00\x00test");
    }

    #[test]
    fn a_byte_that_moves_from_one_field_to_the_next_changes_the_result() {
        assert_ne!(pae(&[b"ab", b"c"]), pae(&[b"a", b"bc"]));
        assert_ne!(pae(&[b"abc"]), pae(&[b"abc", b""]));
    }
}
