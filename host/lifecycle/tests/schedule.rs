//! When a credential is rotated next.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Europe::Paris;
use keywright_lifecycle::*;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use serde_json::Map;

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A credential whose generation came into use at this time, and is ended at that.
fn promoted(at: DateTime<Utc>, expiry: Expiry, policy: Policy) -> State {
    let mut state = State::new("ci-deploy", "production");
    let spec = Spec { policy, ..Spec::default() };
    let operation = OperationKind::Import;
    let imported = Record::Imported {
        generation: 1,
        vendor_id: "id-1".to_owned(),
        attributes: Map::new(),
        expiry,
        has_secret: false,
    };
    for record in [
        Record::Begun { operation, strategy: Strategy::Overlap, reason: None, spec },
        imported,
        Record::Ended { outcome: OperationOutcome::Succeeded, message: None },
    ] {
        state.apply(at, &record).unwrap();
    }
    state
}

fn every(seconds: u64) -> Policy {
    Policy { rotate_after: Some(seconds), ..Policy::default() }
}

fn window(days: &[Weekday], opens: &str, closes: &str, zone: &str) -> Window {
    Window::new(days, opens.parse().unwrap(), closes.parse().unwrap(), zone).unwrap()
}

fn next(state: &State, now: &str) -> Option<DateTime<Utc>> {
    next_rotation(state, "4c1b", at(now))
}

#[test]
fn an_interval_counts_from_the_promotion() {
    let state = promoted(at("2026-01-01T00:00:00Z"), Expiry::Never, every(30 * DAY));
    assert_eq!(next(&state, "2026-01-02T00:00:00Z"), Some(at("2026-01-31T00:00:00Z")));
    // It is due, and stays so.
    assert_eq!(next(&state, "2026-03-02T00:00:00Z"), Some(at("2026-01-31T00:00:00Z")));
    let unplanned = promoted(at("2026-01-01T00:00:00Z"), Expiry::Never, Policy::default());
    assert_eq!(next(&unplanned, "2026-01-02T00:00:00Z"), None);
    assert_eq!(next(&State::new("a", "b"), "2026-01-02T00:00:00Z"), None);
}

#[test]
fn a_calendar_is_of_a_time_zone_and_knows_its_clock_changes() {
    let nightly = Calendar::new("30 2 * * *", "Europe/Paris").unwrap();
    // 02:30 is not there on the day that the clocks are set forward, and is there twice when they are set back.
    for (after, expected) in [
        ("2026-01-01T12:00:00Z", "2026-01-02T01:30:00Z"),
        ("2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
        ("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
        ("2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
        ("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
    ] {
        assert_eq!(nightly.after(at(after)), Some(at(expected)), "after {after}");
    }
    let policy = Policy { calendar: Some(nightly), ..every(30 * DAY) };
    let state = promoted(at("2026-01-01T12:00:00Z"), Expiry::Never, policy);
    assert_eq!(next(&state, "2026-01-01T12:00:00Z"), Some(at("2026-01-02T01:30:00Z")), "the sooner of the two");
}

#[test]
fn what_is_due_waits_until_the_window_opens() {
    let sunday = window(&[Weekday::Sun], "02:00", "04:00", "Europe/Paris");
    let state = promoted(at("2026-01-01T00:00:00Z"), Expiry::Never, Policy { window: Some(sunday), ..every(DAY) });
    // Friday; then within the window; then after it.
    assert_eq!(next(&state, "2026-01-01T01:00:00Z"), Some(at("2026-01-04T01:00:00Z")));
    assert_eq!(next(&state, "2026-01-04T02:30:00Z"), Some(at("2026-01-04T02:30:00Z")));
    assert_eq!(next(&state, "2026-01-04T03:00:00Z"), Some(at("2026-01-11T01:00:00Z")));
    let night = window(&[Weekday::Fri], "22:00", "06:00", "UTC");
    assert_eq!(night.next(at("2026-01-03T05:59:00Z")), at("2026-01-03T05:59:00Z"), "Friday's night, on Saturday");
    assert_eq!(night.next(at("2026-01-03T06:00:00Z")), at("2026-01-09T22:00:00Z"));
}

#[test]
fn a_window_opens_after_a_gap_and_once_where_clocks_are_set_back() {
    let early = window(&[], "02:30", "05:00", "Europe/Paris");
    assert_eq!(early.next(at("2026-03-29T00:30:00Z")), at("2026-03-29T01:00:00Z"));
    assert_eq!(early.next(at("2026-10-24T20:00:00Z")), at("2026-10-25T00:30:00Z"));
    let lost = window(&[], "02:00", "02:45", "Europe/Paris");
    assert_eq!(lost.next(at("2026-03-29T00:30:00Z")), at("2026-03-30T00:00:00Z"), "there is nothing of it on that day");
}

#[test]
fn the_expiry_of_the_vendor_goes_before_plan_and_window() {
    let expiry = Expiry::At(at("2026-01-15T12:00:00Z"));
    let sunday = window(&[Weekday::Sun], "02:00", "04:00", "UTC");
    let policy = Policy { renew_before: 2 * DAY, ..every(90 * DAY) };
    let state = promoted(at("2026-01-01T00:00:00Z"), expiry.clone(), policy.clone());
    assert_eq!(next(&state, "2026-01-02T00:00:00Z"), Some(at("2026-01-13T12:00:00Z")));
    // The last Sunday before; and when that is over, without a window.
    let state = promoted(at("2026-01-01T00:00:00Z"), expiry, Policy { window: Some(sunday), ..policy });
    assert_eq!(next(&state, "2026-01-02T00:00:00Z"), Some(at("2026-01-11T02:00:00Z")));
    let monday = next(&state, "2026-01-12T00:00:00Z").unwrap();
    assert!(monday <= at("2026-01-13T12:00:00Z"), "{monday}");
}

#[test]
fn a_life_that_is_shorter_than_renew_before_is_not_due_at_once() {
    let begun = at("2026-01-01T00:00:00Z");
    let state = promoted(begun, Expiry::At(begun + TimeDelta::days(3)), Policy::default());
    assert_eq!(next(&state, "2026-01-01T00:00:00Z"), Some(begun + TimeDelta::days(2)));
    let unreadable = promoted(begun, Expiry::Unreadable("soon".to_owned()), every(DAY));
    assert_eq!(next(&unreadable, "2026-01-01T00:00:00Z"), Some(begun + TimeDelta::days(1)));
}

#[test]
fn a_rotation_that_failed_is_tried_again_later_each_time() {
    let mut state = promoted(at("2026-01-01T00:00:00Z"), Expiry::Never, every(DAY));
    let mut now = at("2026-01-03T00:00:00Z");
    let mut waits = Vec::new();
    for _ in 0..8 {
        let spec = state.spec.clone();
        let begun = Record::Begun { operation: OperationKind::Rotate, strategy: Strategy::Overlap, reason: None, spec };
        state.apply(now, &begun).unwrap();
        assert_eq!(next_rotation(&state, "4c1b", now), None, "it is under way");
        state.apply(now, &Record::Ended { outcome: OperationOutcome::Failed, message: None }).unwrap();
        let again = next_rotation(&state, "4c1b", now).unwrap();
        waits.push((again - now).num_minutes());
        now = again;
    }
    assert_eq!(waits, [15, 30, 60, 120, 240, 360, 360, 360]);
}

#[test]
fn what_cannot_be_read_is_said_with_what_to_write() {
    for (expression, zone) in [("", "UTC"), ("* * *", "UTC"), ("0 0 0 * * *", "UTC"), ("61 * * * *", "UTC")] {
        assert!(matches!(Calendar::new(expression, zone), Err(ScheduleError::Expression { .. })), "{expression}");
    }
    assert!(matches!(
        Calendar::new("0 0 30 2 *", "UTC"),
        Err(ScheduleError::Never(_) | ScheduleError::Expression { .. })
    ));
    assert_eq!(Calendar::new("0 0 * * *", "Mars/Base"), Err(ScheduleError::TimeZone("Mars/Base".to_owned())));
    for text in ["", "7:00", "24:01", "12:60", "-1:00", "12:00:00", "+1:00"] {
        assert_eq!(text.parse::<TimeOfDay>(), Err(ScheduleError::TimeOfDay(text.to_owned())));
    }
    let noon: TimeOfDay = "12:00".parse().unwrap();
    assert_eq!(Window::new(&[], noon, noon, "UTC"), Err(ScheduleError::EmptyWindow(noon)));
}

#[test]
fn a_policy_is_read_back_as_it_was_written_and_an_old_one_is_read() {
    let policy = Policy {
        calendar: Some(Calendar::new("0 4 1 * *", "America/New_York").unwrap()),
        window: Some(window(&[Weekday::Sat, Weekday::Sun], "22:00", "24:00", "Asia/Kolkata")),
        jitter: HOUR,
        ..every(30 * DAY)
    };
    let text = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy, "{text}");
    let old =
        r#"{"rotate_after":60,"max_age":null,"renew_before":1,"grace":2,"soak":3,"gate_on_use":true,"retain":"none"}"#;
    assert_eq!(serde_json::from_str::<Policy>(old).unwrap().rotate_after, Some(60));
    assert!(serde_json::from_str::<Policy>(r#"{"calendar":{"expression":"no"}}"#).is_err());
}

proptest! {
    #[test]
    fn a_window_is_open_when_it_says_so(seconds in 0_i64..200_000_000, opens in 0_u16..1_440, length in 1_u16..1_439, day in 0_u8..7) {
        let time = |minute: u16| format!("{:02}:{:02}", minute % 1_440 / 60, minute % 60);
        let day = Weekday::try_from(day).unwrap();
        let window = window(&[day], &time(opens), &time(opens + length), "Europe/Paris");
        let now = at("2026-01-01T00:00:00Z") + TimeDelta::seconds(seconds);
        let next = window.next(now);
        prop_assert!(next >= now && next - now <= TimeDelta::days(15));
        prop_assert_eq!(window.next(next), next, "it is open then");
        prop_assert!(window.last(next).unwrap() <= next);
        let local = next.with_timezone(&Paris);
        let yesterday = (local - TimeDelta::days(1)).weekday();
        prop_assert!(local.weekday() == day || yesterday == day);
        if next > now {
            // It opens at its time, or where the clock is set forward.
            let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap();
            prop_assert!(minute == opens || (minute == 180 && (120..180).contains(&opens)), "{}", local);
        }
    }

    #[test]
    fn a_rotation_is_never_later_than_the_expiry_allows_and_its_jitter_is_its_own(
        planned in 1_u64..400, life in 1_u64..400, renew in 0_u64..60, jitter in 0_u64..DAY, elapsed in 0_i64..400, opens in 0_u16..1_380,
    ) {
        let begun = at("2026-01-01T00:00:00Z");
        let opens: TimeOfDay = format!("{:02}:{:02}", opens / 60, opens % 60).parse().unwrap();
        let policy = Policy {
            renew_before: renew * DAY,
            jitter,
            window: Some(Window::new(&[Weekday::Tue], opens, "24:00".parse().unwrap(), "America/New_York").unwrap()),
            ..every(planned * DAY)
        };
        let expires_at = begun + TimeDelta::days(i64::try_from(life).unwrap());
        let state = promoted(begun, Expiry::At(expires_at), policy);
        let now = begun + TimeDelta::days(elapsed);
        let next = next_rotation(&state, "4c1b", now).unwrap();
        prop_assert!(next > begun && next <= expires_at);
        prop_assert!(next <= now || next - now <= TimeDelta::days(i64::try_from(planned).unwrap() + 16));
        prop_assert_eq!(next_rotation(&state, "4c1b", now), Some(next));

        let free = promoted(begun, Expiry::Never, Policy { jitter, ..every(planned * DAY) });
        let late = next_rotation(&free, "4c1b", now).unwrap() - begun - TimeDelta::days(i64::try_from(planned).unwrap());
        prop_assert!(late >= TimeDelta::zero() && late <= TimeDelta::seconds(i64::try_from(jitter).unwrap()));
    }
}

#[test]
fn many_of_one_policy_are_spread() {
    let state = promoted(at("2026-01-01T00:00:00Z"), Expiry::Never, Policy { jitter: 24 * HOUR, ..every(DAY) });
    let mut hours = [0_u32; 25];
    for key in 0..2_400 {
        let next = next_rotation(&state, &format!("credential-{key}"), state.current().unwrap().intended_at).unwrap();
        hours[usize::try_from((next - at("2026-01-02T00:00:00Z")).num_hours()).unwrap()] += 1;
    }
    assert!(hours[..24].iter().all(|count| (50..200).contains(count)), "{hours:?}");
}
