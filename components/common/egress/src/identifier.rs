//! Names of operations, schemes, parts, settings and placeholders.

/// Whether this names an operation or an authentication scheme: lower-case letters, digits and `-`, from a letter on.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Whether this names a part of a credential: lower-case letters, digits and `_`.
pub(crate) fn is_part(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether this names a setting or a placeholder: lower-case letters, digits and `_`, from a letter on.
pub(crate) fn is_setting(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase()) && is_part(name)
}
