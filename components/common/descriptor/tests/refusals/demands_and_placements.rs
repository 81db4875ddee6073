//! What a rule demands, and what the host puts into its requests.

use super::*;

fn demand(location: DemandLocation, values: &[&'static str]) -> Demand {
    Demand { location, values: values.iter().map(|value| Text::from(*value)).collect() }
}

/// Rule 1 demands this.
fn demands(model: &mut Model, demands: &[Demand]) {
    model.rules[0].demands = demands.to_vec();
}

#[test]
fn demands_of_rules() {
    use DemandLocation::{Form, Header, Json, Query};
    all(&[
        (|model| demands(model, &[demand(Query("".into()), &["x"])]), &["rule 1"]),
        (|model| demands(model, &[demand(Form("".into()), &["x"])]), &["rule 1"]),
        (|model| demands(model, &[demand(Header("a b".into()), &["x"])]), &["rule 1", "a b"]),
        (|model| demands(model, &[demand(Header("authorization".into()), &["x"])]), &["rule 1", "authorization"]),
        (|model| demands(model, &[demand(Json("method".into()), &["1"])]), &["rule 1", "method"]),
        (|model| demands(model, &[demand(Json("/*/method".into()), &["1"])]), &["rule 1"]),
        (|model| demands(model, &[demand(Json("/method".into()), &["{"])]), &["rule 1"]),
        (|model| demands(model, &[demand(Query("action".into()), &[])]), &["rule 1"]),
        (|model| demands(model, &[demand(Query("action".into()), &["{settings."])]), &["rule 1"]),
        (
            |model| demands(model, &[demand(Form("a".into()), &["x"]), demand(Form("a".into()), &["y"])]),
            &["rule 1", "twice"],
        ),
        (
            |model| demands(model, &[demand(Form("a".into()), &["x"]), demand(Json("/a".into()), &["1"])]),
            &["rule 1", "form"],
        ),
    ]);
}

/// Rule 1 sends the secret setting `pin` there.
fn sends(model: &mut Model, locations: Vec<BodyLocation>) {
    let placement = |location| Placement { location, ..placement("settings.pin") };
    model.rules[0].placements = locations.into_iter().map(placement).collect();
}

#[test]
fn placements_of_rules() {
    all(&[
        (|model| sends(model, vec![BodyLocation::Json("pin".into())]), &["rule 1", "pin"]),
        (|model| sends(model, vec![BodyLocation::Json("/pins/*".into())]), &["rule 1", "/pins/*"]),
        (|model| sends(model, vec![BodyLocation::Form("".into())]), &["rule 1"]),
        (|model| sends(model, vec![BodyLocation::Header("a b".into())]), &["rule 1", "a b"]),
        // One that the rule does not name among its headers.
        (|model| sends(model, vec![BodyLocation::Header("x-pin".into())]), &["rule 1", "x-pin"]),
        (
            |model| sends(model, vec![BodyLocation::Form("pin".into()), BodyLocation::Form("pin".into())]),
            &["rule 1", "twice"],
        ),
        (
            |model| {
                sends(model, vec![BodyLocation::Text]);
                model.rules[0].placements[0].encoding = Encoding::Other(later("hex"));
            },
            &["rule 1", "`hex`", "newer host"],
        ),
        (|model| model.rules[0].placements = vec![placement("parts.other")], &["rule 1", "`parts.other`"]),
        (|model| model.rules[0].placements = vec![placement("settings.other")], &["rule 1", "`settings.other`"]),
        (|model| model.rules[0].placements = vec![placement("")], &["rule 1"]),
    ]);
}
