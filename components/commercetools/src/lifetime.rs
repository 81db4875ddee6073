//! The end of a client, which commercetools takes in whole days after its creation.

use keywright_sdk::{Date, FieldProblem, Problem, Timestamp, rfc3339};

const DAY: i64 = 24 * 60 * 60;

/// How far the vendor's clock may be from this one before a difference counts, in seconds.
const CLOCKS_APART: i64 = 60;

/// The days from `now` that reach `expires_at`: rounded up, so that the client never ends before what was asked.
pub(crate) fn days(expires_at: Timestamp, now: Timestamp) -> Result<i64, FieldProblem> {
    if expires_at <= now {
        return Err(FieldProblem::new("/expires_at", Problem::Constraint, "lies in the past"));
    }
    let left = expires_at - now;
    let begun = left.num_seconds() % DAY != 0 || left.subsec_nanos() != 0;
    Ok(left.num_seconds() / DAY + i64::from(begun))
}

/// The rest of a sentence that starts with "commercetools": the expiry is not the requested day, or cannot be read.
pub(crate) fn difference(asked: Option<Timestamp>, given: &Date) -> Option<String> {
    let (asked, given) = match (asked, given) {
        (_, Date::Unreadable(_)) => return Some("' answer had no readable deleteAt".to_owned()),
        (Some(asked), Date::None) => {
            return Some([" did not set the expiry that was asked for, ", &rfc3339(&asked)].concat());
        }
        (Some(asked), Date::At(given)) => (asked, *given),
        (None, _) => return None,
    };
    let later = (given - asked).num_seconds();
    let how = if later < -CLOCKS_APART {
        "before"
    } else if later > DAY + CLOCKS_APART {
        "more than a day after"
    } else {
        return None;
    };
    let (given, asked) = (rfc3339(&given), rfc3339(&asked));
    Some([" ends the client ", &given, ", ", how, " ", &asked, " that was asked for"].concat())
}

#[cfg(test)]
mod tests {
    use keywright_sdk::parse_rfc3339;

    use super::*;

    fn at(text: &str) -> Timestamp {
        parse_rfc3339(text).unwrap()
    }

    #[test]
    fn an_end_is_rounded_up_to_whole_days() {
        let now = at("2026-10-20T14:30:00Z");
        for (expires_at, expected) in [
            ("2026-10-20T14:30:00.000000001Z", 1),
            ("2026-10-21T14:30:00Z", 1),
            ("2026-10-21T14:30:00.001Z", 2),
            ("2026-10-21T14:30:01Z", 2),
            ("2027-01-18T14:30:00Z", 90),
            ("2027-01-18T16:30:00+02:00", 90),
        ] {
            assert_eq!(days(at(expires_at), now), Ok(expected), "{expires_at}");
        }
        assert_eq!(days(now, now).unwrap_err().pointer, "/expires_at");
    }

    #[test]
    fn an_end_that_is_missing_unreadable_too_early_or_more_than_a_day_late_is_a_difference() {
        let asked = at("2027-01-18T14:30:00Z");
        let difference_of = |given: &str| difference(Some(asked), &Date::read(given));
        for same in ["2027-01-18T14:29:30Z", "2027-01-18T14:30:00Z", "2027-01-19T14:30:30Z"] {
            assert_eq!(difference_of(same), None, "{same}");
        }
        assert!(difference(Some(asked), &Date::None).unwrap().contains("did not set"));
        assert!(difference_of("soon").unwrap().contains("no readable deleteAt"));
        assert!(difference_of("2027-01-18T00:00:00Z").unwrap().contains(", before 2027-01-18T14:30:00Z"));
        assert!(difference_of("2027-01-20T00:00:00Z").unwrap().contains("more than a day after"));
    }

    #[test]
    fn without_an_expiry_only_an_end_that_cannot_be_read_is_a_difference() {
        assert_eq!(difference(None, &Date::None), None);
        assert_eq!(difference(None, &Date::read("2027-01-18T14:30:00Z")), None);
        assert!(difference(None, &Date::read("soon")).is_some());
    }
}
