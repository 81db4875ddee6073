//! Markers: the text by which a credential is found again at the vendor.

use data_encoding::BASE32_NOPAD;

/// What every marker begins with.
pub const MARKER_PREFIX: &str = "kw";

/// The shortest field that a marker fits into, in characters. A shorter one could not tell two generations apart.
pub const MARKER_LEAST: usize = 20;

/// How much of a marker says which installation wrote it.
const INSTANCE: usize = 6;

/// The longest marker: 26 characters of the digest are 130 bits.
const DIGEST: usize = 26;

/// The marker of a generation, cut to the vendor's field: the prefix, an installation's tag, a dash and a keyed digest.
/// None when the field is too short. `tag` and `digest` are keyed digests of at least 16 bytes: of the installation, and
/// of installation, credential, generation and epoch.
pub fn marker(tag: &[u8], digest: &[u8], max_length: u32) -> Option<String> {
    let most = usize::try_from(max_length).unwrap_or(usize::MAX);
    if most < MARKER_LEAST {
        return None;
    }
    let head = format!("{MARKER_PREFIX}{}-", &base32(tag).get(..INSTANCE)?);
    let digest = base32(digest);
    let digest = digest.get(..digest.len().min(DIGEST).min(most - head.len()))?;
    Some(head + digest)
}

/// Whether a marker was written by the installation with this tag.
pub fn is_of_instance(marker: &str, tag: &[u8]) -> bool {
    let tag = base32(tag);
    let Some(rest) = marker.strip_prefix(MARKER_PREFIX) else { return false };
    rest.split_once('-').is_some_and(|(head, _)| tag.get(..INSTANCE) == Some(head))
}

/// Base 32 of RFC 4648 in small letters, without padding: what every vendor's field keeps as it is.
fn base32(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_fits_its_field_and_names_its_installation() {
        let (tag, digest) = ([7; 32], [9; 32]);
        for most in [20, 24, 32, 64, 200, u32::MAX] {
            let marker = marker(&tag, &digest, most).unwrap();
            assert!(marker.len() <= most as usize && marker.len() <= 35, "{marker}");
            assert!(is_of_instance(&marker, &tag) && !is_of_instance(&marker, &[8; 32]));
        }
        assert_eq!(marker(&tag, &digest, 19), None);
        assert!(!is_of_instance("kw", &tag) && !is_of_instance("deploy", &tag) && !is_of_instance("", &tag));
    }
}
