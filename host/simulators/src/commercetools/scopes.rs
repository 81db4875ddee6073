//! Scopes: `NAME:PROJECT_KEY`, some with `:STORE_KEY`.

/// The scopes of a text, each once, in the order of their first mention.
pub(super) fn read(text: &str) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        if scopes.iter().all(|known| known != word) {
            scopes.push(word.to_owned());
        }
    }
    scopes
}

pub(super) fn of(name: &str, project_key: &str) -> String {
    format!("{name}:{project_key}")
}

/// Whether a scope has the form of one of this project.
pub(super) fn is_of(scope: &str, project_key: &str) -> bool {
    let mut segments = scope.split(':');
    segments.next().is_some_and(|name| !name.is_empty())
        && segments.next() == Some(project_key)
        && segments.all(|segment| !segment.is_empty())
}

/// The view scope of what a manage scope manages.
pub(super) fn view_of(scope: &str) -> Option<String> {
    scope.strip_prefix("manage_").map(|rest| format!("view_{rest}"))
}

/// The scopes, each manage scope followed by its view scope.
pub(super) fn widened(scopes: &[String]) -> Vec<String> {
    let both = |scope: &String| [Some(scope.clone()), view_of(scope)];
    read(&scopes.iter().flat_map(both).flatten().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_separated_by_any_white_space_and_counted_once() {
        assert_eq!(read(" a:k\t b:k \n a:k"), ["a:k", "b:k"]);
    }

    #[test]
    fn a_scope_names_its_project() {
        for (scope, is_one) in [
            ("manage_orders:pk", true),
            ("manage_orders:pk:store", true),
            ("manage_orders", false),
            ("manage_orders:other", false),
            (":pk", false),
            ("manage_orders:pk:", false),
        ] {
            assert_eq!(is_of(scope, "pk"), is_one, "{scope}");
        }
    }

    #[test]
    fn who_manages_may_be_widened_to_view() {
        let scopes = ["manage_products:k", "view_orders:k"].map(str::to_owned);
        assert_eq!(widened(&scopes), ["manage_products:k", "view_products:k", "view_orders:k"]);
    }
}
