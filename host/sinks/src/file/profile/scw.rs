//! Scaleway's `~/.config/scw/config.yaml`: the keys of the default profile at the top, those of others below `profiles`
//! (`scaleway-sdk-go`, `scw/config.go`).

mod edit;

use saphyr::{LoadableYamlNode as _, ScalarOwned, YamlOwned};
use zeroize::Zeroizing;

use self::edit::Edits;
use super::{DEFAULT, Editor, Entries, Trouble, unexpected};

const KEYS: &[(&str, &[&str])] = &[("access_key", &["access_key"]), ("secret_key", &["secret_key"])];

const PROFILES: &str = "profiles";

#[derive(Debug)]
pub(super) struct Scw;

impl Editor for Scw {
    fn get(&self, text: &str, profile: &str) -> Result<Entries, Trouble> {
        let Some(root) = read(text)? else { return Ok(Vec::new()) };
        let keys = match profile {
            DEFAULT => Some(&root),
            _ => root.as_mapping_get(PROFILES).and_then(|profiles| profiles.as_mapping_get(profile)),
        };
        let value = |(key, _): &(&'static str, &[&str])| {
            let value = keys?.as_mapping_get(key).filter(|value| !value.is_null())?;
            Some(value.as_str().map(|value| (*key, Zeroizing::new(value.to_owned()))).ok_or_else(malformed))
        };
        KEYS.iter().filter_map(value).collect()
    }

    fn set(&self, text: &str, profile: &str, entries: &Entries) -> Result<Zeroizing<String>, Trouble> {
        let before = read(text)?;
        let path: &[&str] = if profile == DEFAULT { &[] } else { &[PROFILES, profile] };
        let new = Edits::set(text, path, entries).ok_or_else(unexpected)?;
        only_keys_changed(before, new, profile)
    }

    fn unset(&self, text: &str, profile: &str) -> Result<Zeroizing<String>, Trouble> {
        let before = read(text)?;
        let path: &[&str] = if profile == DEFAULT { &[] } else { &[PROFILES, profile] };
        let keys: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
        let new = Edits::unset(text, path, &keys).ok_or_else(unexpected)?;
        only_keys_changed(before, new, profile)
    }

    fn keys(&self) -> &'static [(&'static str, &'static [&'static str])] {
        KEYS
    }

    fn what(&self) -> &'static str {
        "an API key"
    }
}

/// The new text, if nothing else has changed.
fn only_keys_changed(
    before: Option<YamlOwned>,
    new: Zeroizing<String>,
    profile: &str,
) -> Result<Zeroizing<String>, Trouble> {
    let after = read(&new).map_err(|_| unexpected())?;
    if others(before, profile) == others(after, profile) { Ok(new) } else { Err(unexpected()) }
}

/// All that is not ours. A mapping that is empty is as good as none.
fn others(root: Option<YamlOwned>, profile: &str) -> Option<YamlOwned> {
    let mut root = root?;
    if profile == DEFAULT {
        without_keys(&mut root);
    } else if let Some(profiles) = root.as_mapping_get_mut(PROFILES) {
        if let Some(keys) = profiles.as_mapping_get_mut(profile) {
            without_keys(keys);
        }
        without_if_empty(profiles, profile);
        without_if_empty(&mut root, PROFILES);
    }
    Some(root).filter(|root| !is_empty(root))
}

fn without_keys(node: &mut YamlOwned) {
    if let Some(mapping) = node.as_mapping_mut() {
        for (key, _) in KEYS {
            mapping.remove(&name(key));
        }
    }
}

fn without_if_empty(node: &mut YamlOwned, key: &str) {
    if node.as_mapping_get(key).is_some_and(is_empty)
        && let Some(mapping) = node.as_mapping_mut()
    {
        mapping.remove(&name(key));
    }
}

fn name(key: &str) -> YamlOwned {
    YamlOwned::Value(ScalarOwned::String(key.to_owned()))
}

fn is_empty(node: &YamlOwned) -> bool {
    node.is_null() || node.as_mapping().is_some_and(|mapping| mapping.is_empty())
}

/// The one document of the file, a mapping; none if there is no content.
fn read(text: &str) -> Result<Option<YamlOwned>, Trouble> {
    let mut documents = YamlOwned::load_from_str(text).map_err(|_| malformed())?;
    let Some(root) = documents.pop() else { return Ok(None) };
    if !documents.is_empty() {
        return Err(malformed());
    }
    let node = |key| root.as_mapping_get(key).filter(|node| !node.is_null());
    let profiles_fit = node(PROFILES).is_none_or(|profiles| {
        let mapping = profiles.as_mapping();
        mapping.is_some_and(|mapping| mapping.values().all(|profile| profile.is_null() || profile.is_mapping()))
    });
    match root {
        root if root.is_null() => Ok(None),
        root if root.is_mapping() && profiles_fit => Ok(Some(root)),
        _ => Err(malformed()),
    }
}

fn malformed() -> Trouble {
    Trouble::Malformed(
        "is not a YAML mapping with profiles, as ~/.config/scw/config.yaml is: correct it, or move it away".to_owned(),
    )
}

#[cfg(test)]
mod tests;
