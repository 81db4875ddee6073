//! Points in time as the API writes them: UTC, three fraction digits (examples of the API description).

use chrono::{DateTime, SecondsFormat, Utc};

pub(super) fn text(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}
