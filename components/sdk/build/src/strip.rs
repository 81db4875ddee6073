//! Leaves out what a component does not need to run.

/// The component without its section of names. The profile strips those of the modules within; this one, which the linker
/// writes after that, is as long as the rest of the component's own sections.
pub(crate) fn names(component: &[u8]) -> Vec<u8> {
    const HEADER: usize = 8;
    const CUSTOM: u8 = 0;
    let mut stripped = component.get(..HEADER).unwrap_or(component).to_vec();
    let mut rest = component.get(HEADER..).unwrap_or_default();
    while let Some((section, after)) = section(rest) {
        if !(section.id == CUSTOM && section.content.starts_with(b"\x0ecomponent-name")) {
            stripped.extend(&rest[..rest.len() - after.len()]);
        }
        rest = after;
    }
    // What is no section is not for this to judge: it is left to whoever loads the component.
    stripped.extend(rest);
    stripped
}

struct Section<'a> {
    id: u8,
    content: &'a [u8],
}

/// The section that the bytes start with, and what follows it.
fn section(bytes: &[u8]) -> Option<(Section<'_>, &[u8])> {
    let (&id, rest) = bytes.split_first()?;
    let (size, rest) = leb128(rest)?;
    let (content, after) = rest.split_at_checked(size)?;
    Some((Section { id, content }, after))
}

fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_section_of_names_is_left_out() {
        let header = b"\0asm\x0d\0\x01\0";
        let names = b"\x00\x10\x0ecomponent-name!";
        let other = b"\x00\x06\x04keep!";
        let section = b"\x07\x02ab";
        let all = [&header[..], section, names, other].concat();
        assert_eq!(super::names(&all), [&header[..], section, other].concat());
    }

    #[test]
    fn what_is_no_component_stays_as_it_is() {
        for bytes in [&b""[..], b"\0asm", b"\0asm\x0d\0\x01\0\x00\x7f"] {
            assert_eq!(names(bytes), bytes);
        }
    }
}
