//! "Did you mean": what to say about an unknown name.

use crate::text::{one_line, series};

/// The end of a sentence about an unknown `name`: the nearest of those `known`, if one is near, and all there are.
pub(crate) fn instead<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let all = match known.as_slice() {
        [] => "there are none".to_owned(),
        [only] => format!("there is {only}"),
        _ => format!("there are {}", series(known.iter().copied(), "and")),
    };
    match nearest(name, &known) {
        Some(nearest) if known.len() == 1 => format!("did you mean `{nearest}`?"),
        Some(nearest) => format!("did you mean `{nearest}`? ({all})"),
        None => all,
    }
}

/// `name` as a message quotes it.
pub(crate) fn quoted(name: &str) -> String {
    const LONGEST: usize = 80;
    let mut short: String = one_line(name).chars().take(LONGEST).collect();
    if name.chars().count() > LONGEST {
        short.push('…');
    }
    format!("`{short}`")
}

fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    const NEAR: f64 = 0.7;
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    known
        .iter()
        .map(|known| (strsim::jaro_winkler(&plain(name), &plain(known)), *known))
        .filter(|(similarity, _)| *similarity >= NEAR)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_suggested() {
        assert_eq!(instead("creat", ["create", "get"]), "did you mean `create`? (there are create and get)");
        assert_eq!(instead("organization-id", ["organization_id"]), "did you mean `organization_id`?");
    }

    #[test]
    fn nothing_is_suggested_when_nothing_is_near() {
        assert_eq!(instead("xyz", ["create", "get"]), "there are create and get");
        assert_eq!(instead("xyz", ["create"]), "there is create");
        assert_eq!(instead("xyz", []), "there are none");
    }
}
