//! What the vendor remembers of one account.

use std::sync::{Mutex, MutexGuard};

use chrono::{DateTime, Utc};

use super::{
    errors::Refusal,
    grants::Access,
    key::Key,
    quirks::{Quirks, UnknownBucket},
    throttle::Throttle,
};
use crate::{Clock, random, sync::lock};

/// The region whose S3 endpoint the fake is. The list of buckets is the whole account's at every one.
pub(super) const REGION: &str = "nyc3";

/// The bucket that is there from the start.
pub(super) const DEMO_BUCKET: &str = "keywright-demo";

const HEX: &[u8] = b"0123456789abcdef";

/// The secrets in DigitalOcean's examples have 43 characters of these; whether all do is unknown, a choice.
const SECRET_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// An account.
pub(super) struct SpacesAccount {
    /// What S3 calls the owner of the buckets: a number.
    pub(super) id: String,
    /// The personal access token, which has the scopes of the options.
    pub(super) token: String,
    pub(super) quirks: Quirks,
    pub(super) clock: Clock,
    records: Mutex<Records>,
}

/// What is in it.
pub(super) struct Records {
    /// In the order of creation, those included that only the S3 endpoint still knows.
    pub(super) keys: Vec<Key>,
    /// In the order of their names.
    pub(super) buckets: Vec<Bucket>,
    pub(super) throttle: Throttle,
}

#[derive(Debug, Clone)]
pub(super) struct Bucket {
    pub(super) name: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) has_policy: bool,
}

impl SpacesAccount {
    /// An account with a token and a bucket, and no access key.
    pub(super) fn seed(quirks: Quirks) -> Self {
        let records = Records { keys: Vec::new(), buckets: Vec::new(), throttle: Throttle::default() };
        let account = Self {
            id: random::text(b"123456789", 7),
            token: format!("dop_v1_{}", random::text(HEX, 64)),
            quirks,
            clock: Clock::default(),
            records: Mutex::new(records),
        };
        account.add_bucket(DEMO_BUCKET);
        account
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Records> {
        lock(&self.records)
    }

    /// Makes a key, without adding it.
    pub(super) fn mint(&self, name: String, access: Access) -> Key {
        let now = self.clock.now();
        Key {
            // The ids that have been seen: `DO` and 18 capitals or digits, the first two of them zeros.
            access_key: format!("DO00{}", random::text(random::UPPER_ALPHANUMERIC, 16)),
            secret_key: random::text(SECRET_ALPHABET, 43),
            name,
            access,
            created_at: now,
            listed_from: now + self.quirks.list_delay,
            known_from: now + self.quirks.consistency_delay,
            known_until: None,
        }
    }

    /// Adds a key at the control panel. No quota is asked: it is the simulator's owner who wants it.
    pub(super) fn issue_by_hand(&self) -> String {
        let key = self.mint("made by hand".to_owned(), Access::reading(DEMO_BUCKET));
        let access_key = key.access_key.clone();
        self.records().keys.push(key);
        access_key
    }

    pub(super) fn add_bucket(&self, name: &str) {
        let bucket = Bucket { name: name.to_owned(), created_at: self.clock.now(), has_policy: false };
        let mut records = self.records();
        if let Err(place) = records.place(name) {
            records.buckets.insert(place, bucket);
        }
    }

    pub(super) fn set_bucket_policy(&self, name: &str, present: bool) -> bool {
        let mut records = self.records();
        let Ok(place) = records.place(name) else {
            return false;
        };
        records.buckets[place].has_policy = present;
        true
    }

    /// Refuses grants that name a bucket that cannot be granted.
    pub(super) fn check_buckets(&self, records: &Records, access: &Access) -> Result<(), Refusal> {
        let Access::Limited(grants) = access else {
            return Ok(());
        };
        for grant in grants {
            match records.bucket(&grant.bucket) {
                None if self.quirks.unknown_bucket == UnknownBucket::Refuse => {
                    return Err(Refusal::NoBucket(grant.bucket.clone()));
                }
                // A limited key and a bucket policy exclude each other (documentation, "configure bucket policies").
                Some(bucket) if bucket.has_policy => return Err(Refusal::BucketPolicy(grant.bucket.clone())),
                _ => {}
            }
        }
        Ok(())
    }

    /// The key that has this access key at the S3 endpoint.
    pub(super) fn known_key(&self, access_key: &str) -> Option<Key> {
        let now = self.clock.now();
        self.records().keys.iter().find(|key| key.access_key == access_key && key.is_known(now)).cloned()
    }
}

impl Records {
    pub(super) fn existing(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(|key| key.exists())
    }

    pub(super) fn find(&mut self, access_key: &str) -> Result<&mut Key, Refusal> {
        let found = self.keys.iter_mut().find(|key| key.access_key == access_key && key.exists());
        found.ok_or(Refusal::NotFound)
    }

    pub(super) fn bucket(&self, name: &str) -> Option<&Bucket> {
        self.place(name).ok().map(|place| &self.buckets[place])
    }

    /// Where the bucket is, or else where it would be.
    pub(super) fn place(&self, name: &str) -> Result<usize, usize> {
        self.buckets.binary_search_by(|bucket| bucket.name.as_str().cmp(name))
    }
}
