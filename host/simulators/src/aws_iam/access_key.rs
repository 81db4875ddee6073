//! An access key: when it signs, when it was used, and how it is shown.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    service::Service,
    xml::{Element, text},
};

/// Within this time only the first use is written down (documentation of the credential report; of the call unknown, a
/// choice).
const USE_INTERVAL: TimeDelta = TimeDelta::minutes(15);

/// A key as the vendor keeps it.
#[derive(Debug, Clone)]
pub(super) struct AccessKey {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) owner: Owner,
    pub(super) status: Status,
    pub(super) created_at: DateTime<Utc>,
    pub(super) number: u64,
    /// A new key is refused for a while.
    pub(super) signs_from: DateTime<Utc>,
    /// And may be missing in lists.
    pub(super) listed_from: DateTime<Utc>,
    /// The last change of status or the deletion: until when it does not show, and what held before.
    unsettled: Option<(DateTime<Utc>, Status)>,
    uses: Vec<Use>,
}

/// Whose key it is: it has its owner's rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    Root,
    /// The user with this unique id: the keys stay a user's own who is renamed.
    User(String),
}

/// The status of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Active,
    Inactive,
    /// In the API's model; when a key has it is unknown.
    Expired,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
            Self::Expired => "Expired",
        })
    }
}

/// A use of a key.
#[derive(Debug, Clone)]
pub(super) struct Use {
    pub(super) at: DateTime<Utc>,
    pub(super) service: Service,
    pub(super) region: String,
}

impl AccessKey {
    pub(super) fn new(id: String, secret: String, owner: Owner, created_at: DateTime<Utc>, number: u64) -> Self {
        Self {
            id,
            secret,
            owner,
            status: Status::Active,
            created_at,
            number,
            signs_from: created_at,
            listed_from: created_at,
            unsettled: None,
            uses: Vec::new(),
        }
    }

    /// Whether what it signs is accepted.
    pub(super) fn signs(&self, now: DateTime<Utc>) -> bool {
        now >= self.signs_from && self.effective(now) == Status::Active
    }

    /// Changes the status, which shows in lists at once, and in what the key may sign after `delay`.
    pub(super) fn change(&mut self, status: Status, now: DateTime<Utc>, delay: TimeDelta) {
        self.unsettled = Some((now + delay, self.effective(now)));
        self.status = status;
    }

    /// Whether a change is still to show.
    pub(super) fn is_unsettled(&self, now: DateTime<Utc>) -> bool {
        self.unsettled.is_some_and(|(until, _)| now < until)
    }

    fn effective(&self, now: DateTime<Utc>) -> Status {
        self.unsettled.filter(|(until, _)| now < *until).map_or(self.status, |(_, before)| before)
    }

    /// Writes a use down.
    pub(super) fn used(&mut self, at: DateTime<Utc>, service: Service, region: &str) {
        if self.uses.last().is_none_or(|last| last.at + USE_INTERVAL <= at) {
            self.uses.push(Use { at, service, region: region.to_owned() });
        }
    }

    /// The last use that is known after `delay`.
    pub(super) fn last_use(&self, now: DateTime<Utc>, delay: TimeDelta) -> Option<&Use> {
        self.uses.iter().rev().find(|one| one.at + delay <= now)
    }

    /// The key without its secret. There is nothing else: no expiry, no name, no tag, no date of the last change.
    pub(super) fn shown(&self, user_name: Option<&str>) -> Vec<Element> {
        self.elements(user_name, None)
    }

    /// The key with its secret: the answer to its creation.
    pub(super) fn shown_once(&self, user_name: Option<&str>) -> Vec<Element> {
        self.elements(user_name, Some(&self.secret))
    }

    fn elements(&self, user_name: Option<&str>, secret: Option<&str>) -> Vec<Element> {
        let elements = [
            user_name.map(|name| text("UserName", name)),
            Some(text("AccessKeyId", self.id.as_str())),
            Some(text("Status", self.status.to_string())),
            secret.map(|secret| text("SecretAccessKey", secret)),
            Some(text("CreateDate", write_date(self.created_at))),
        ];
        elements.into_iter().flatten().collect()
    }
}

impl Use {
    /// Of a key that was never used, service and region are the text `N/A`, and there is no date (recorded). Samples of the documentation show whole minutes.
    pub(super) fn shown(last: Option<&Self>) -> Vec<Element> {
        let date = last.map(|last| text("LastUsedDate", last.at.format("%Y-%m-%dT%H:%M:00Z").to_string()));
        let service = text("ServiceName", last.map_or("N/A", |last| last.service.name()));
        let region = text("Region", last.map_or("N/A", |last| last.region.as_str()));
        date.into_iter().chain([service, region]).collect()
    }
}

/// Whole seconds (samples of the documentation).
pub(super) fn write_date(date: DateTime<Utc>) -> String {
    date.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(now: DateTime<Utc>) -> AccessKey {
        AccessKey::new("AKIA".to_owned(), "secret".to_owned(), Owner::Root, now, 1)
    }

    #[test]
    fn a_change_of_status_shows_in_signing_after_its_delay() {
        let (now, delay) = (Utc::now(), TimeDelta::seconds(4));
        let at = |seconds| now + TimeDelta::seconds(seconds);
        let mut key = key(now);
        key.change(Status::Inactive, now, delay);
        assert!(key.signs(at(3)) && !key.signs(at(4)));
        key.change(Status::Active, at(2), delay);
        assert!(key.signs(at(3)) && key.signs(at(5)) && key.signs(at(9)), "it never showed");
        key.change(Status::Inactive, at(10), TimeDelta::zero());
        key.change(Status::Active, at(11), delay);
        assert!(!key.signs(at(14)) && key.signs(at(15)));
    }

    #[test]
    fn one_use_in_fifteen_minutes_is_written_down() {
        let now = Utc::now();
        let at = |minutes| now + TimeDelta::minutes(minutes);
        let mut key = key(now);
        for minutes in [0, 14, 15, 16] {
            key.used(at(minutes), Service::Iam, "us-east-1");
        }
        assert_eq!(key.uses.iter().map(|one| one.at).collect::<Vec<_>>(), [at(0), at(15)]);
        let delay = TimeDelta::minutes(5);
        assert!(key.last_use(at(4), delay).is_none());
        assert_eq!(key.last_use(at(19), delay).map(|one| one.at), Some(at(0)));
        assert_eq!(key.last_use(at(20), delay).map(|one| one.at), Some(at(15)));
    }
}
