//! Ids: `ACCESS_KEY` is a key of whoever asks, `USER/ACCESS_KEY` one of an EIM user.

use serde_json::{Map, Value};

/// A key and whose it is.
#[derive(Clone, Copy)]
pub(crate) struct KeyId<'a> {
    pub(crate) owner: Owner<'a>,
    pub(crate) access_key: &'a str,
}

/// Whose keys a call is about: those of an EIM user, or of whoever asks when that name is empty.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a>(pub(crate) &'a str);

impl<'a> KeyId<'a> {
    pub(crate) fn parse(id: &'a str) -> Self {
        let (user, access_key) = id.rsplit_once('/').unwrap_or(("", id));
        Self { owner: Owner(user), access_key }
    }
}

impl Owner<'_> {
    pub(crate) fn is_caller(self) -> bool {
        self.0.is_empty()
    }

    /// The id of a key of this owner.
    pub(crate) fn id_of(self, access_key: &str) -> String {
        if self.is_caller() { access_key.to_owned() } else { [self.0, "/", access_key].concat() }
    }

    /// The start of a request about this owner's keys.
    pub(crate) fn request(self) -> Map<String, Value> {
        let mut request = Map::new();
        if !self.is_caller() {
            request.insert("UserName".to_owned(), self.0.into());
        }
        request
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_apart_as_it_was_put_together() {
        for (user, id) in [("", "ABCDEFGHIJ0123456789"), ("jo.d+e@x=1", "jo.d+e@x=1/ABCDEFGHIJ0123456789")] {
            let key = KeyId::parse(id);
            assert_eq!((key.owner.0, key.access_key), (user, "ABCDEFGHIJ0123456789"));
            assert_eq!(key.owner.id_of(key.access_key), id);
            assert_eq!(key.owner.request().contains_key("UserName"), !user.is_empty());
        }
    }
}
