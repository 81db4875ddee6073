//! What would have to change: the wish against what is, by meaning and not by letter.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::effect::Observation;
use crate::facts::Facts;
use crate::generation::Generation;
use crate::policy::Spec;
use crate::state::State;

/// What is known of a credential, and what it shall be.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// What it shall be; none when it stands in the configuration no more.
    pub spec: Option<&'a Spec>,
    /// What the store knows of it; none when it is new.
    pub state: Option<&'a State>,
    /// What the vendor shows of the generation in use.
    pub seen: Seen<'a>,
    /// The schema of the attributes.
    pub schema: &'a Value,
    /// The vendor.
    pub facts: &'a Facts,
    /// When the next rotation is due.
    pub due: Option<DateTime<Utc>>,
    /// The time.
    pub now: DateTime<Utc>,
}

/// What the vendor shows of the generation in use.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// Nobody asked.
    NotAsked,
    /// The vendor says that it does not exist.
    Missing,
    /// This.
    Shown(&'a Observation),
}

/// What would be done about a credential.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// What would be done.
    pub action: Action,
    /// The attributes that would change.
    pub changes: Vec<Change>,
    /// Why it would be replaced, apart from those: one sentence each.
    pub reasons: Vec<String>,
    /// What is otherwise at the vendor than Keywright left it, and is not changed: one sentence each.
    pub drift: Vec<String>,
}

/// What would be done about a credential.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Nothing.
    Nothing,
    /// What is under way is finished first.
    Continue,
    /// The first generation is made.
    Create,
    /// The policy or the sinks change, and nothing at the vendor.
    Respecify,
    /// Attributes change in place.
    Update {
        /// The merge patch (RFC 7396).
        patch: Map<String, Value>,
    },
    /// A new generation takes the place of the one in use.
    Rotate {
        /// Whether nothing works for a while: the vendor lets only one live.
        cut: bool,
    },
    /// All generations are ended.
    Revoke,
    /// Nothing, until a person has acted: one sentence.
    Blocked(String),
}

/// An attribute that would change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its name.
    pub attribute: String,
    /// What it is; none when it is not set, or is not shown because it is secret.
    pub from: Option<Value>,
    /// What it shall be; none when it shall not be set.
    pub to: Option<Value>,
    /// Whether only a new generation can have it.
    pub replaces: bool,
    /// Whether its values are secret, and are not shown.
    pub secret: bool,
}

impl Plan {
    fn only(action: Action) -> Self {
        Self { action, changes: Vec::new(), reasons: Vec::new(), drift: Vec::new() }
    }

    /// Whether applying it would do something.
    pub fn changes_something(&self) -> bool {
        !matches!(self.action, Action::Nothing | Action::Blocked(_))
    }
}

/// Says what would be done.
pub fn plan(wish: &Wish<'_>) -> Plan {
    let (spec, state) = match (wish.spec, wish.state) {
        (None, None) => return Plan::only(Action::Nothing),
        (None, Some(state)) if state.closed || !state.is_active() => return Plan::only(Action::Nothing),
        (None, Some(_)) => return Plan::only(Action::Revoke),
        (Some(_), None) => return Plan::only(Action::Create),
        (Some(spec), Some(state)) => (spec, state),
    };
    if state.operation.is_some() {
        return Plan::only(Action::Continue);
    }
    let abandoned = state.live().find(|generation| generation.status == crate::Status::Abandoned);
    let Some(current) = state.current() else {
        return Plan::only(match abandoned {
            Some(generation) => Action::Blocked(format!(
                "generation {0} may exist at the vendor, and only a person can find out: look there, then \
                 `keywright recover --resolve {0}`",
                generation.number
            )),
            None => Action::Create,
        });
    };
    let changes = changes(wish, spec, state, current);
    let mut reasons = reasons(wish, spec, state);
    let drift = drift(wish, state, current);
    if matches!(wish.seen, Seen::Missing) {
        reasons.push("the vendor has it no longer".to_owned());
    }
    let in_place = wish.facts.updates && reasons.is_empty() && !changes.iter().any(|change| change.replaces);
    let action = if !reasons.is_empty() || (!changes.is_empty() && !in_place) {
        match state.suspended {
            true => Action::Blocked("it is suspended: resume it first".to_owned()),
            false => Action::Rotate { cut: !wish.facts.overlap },
        }
    } else if !changes.is_empty() {
        let patch = |change: &Change| (change.attribute.clone(), change.to.clone().unwrap_or(Value::Null));
        Action::Update { patch: changes.iter().map(patch).collect() }
    } else if *spec != state.spec || lacks_a_sink(spec, current) {
        Action::Respecify
    } else {
        Action::Nothing
    };
    Plan { action, changes, reasons, drift }
}

fn lacks_a_sink(spec: &Spec, current: &Generation) -> bool {
    let has = |sink: &String| current.publications.get(sink).is_some_and(|it| it.acknowledged_at.is_some());
    current.has_secret && !spec.publish.iter().all(has)
}

fn changes(wish: &Wish<'_>, spec: &Spec, state: &State, current: &Generation) -> Vec<Change> {
    let properties = &wish.schema["properties"];
    let is = match wish.seen {
        Seen::Shown(observation) => &observation.attributes,
        Seen::NotAsked | Seen::Missing => &current.attributes,
    };
    let names = spec.attributes.keys().chain(state.spec.attributes.keys());
    let mut names: Vec<&String> = names.collect();
    names.sort();
    names.dedup();
    let mut changes = Vec::new();
    for name in names {
        let schema = &properties[name.as_str()];
        if schema["readOnly"] == true {
            continue;
        }
        let secret = schema["writeOnly"] == true;
        let wanted = spec.attributes.get(name).filter(|value| !value.is_null());
        // What the vendor does not show is compared with what was asked for.
        let asked = state.spec.attributes.get(name).filter(|value| !value.is_null());
        let there = if secret { asked } else { is.get(name).filter(|value| !value.is_null()).or(asked) };
        // What is not asked for any more goes back to what the schema says, where it says something.
        let wanted = wanted.or_else(|| Some(&schema["default"]).filter(|default| !default.is_null()));
        if same(schema, there, wanted) {
            continue;
        }
        let replaces = schema["x-keywright-replace"] == true;
        let shown = |value: Option<&Value>| value.filter(|_| !secret).cloned();
        changes.push(Change {
            attribute: name.clone(),
            from: shown(there),
            to: if secret { wanted.cloned() } else { shown(wanted) },
            replaces,
            secret,
        });
    }
    changes
}

/// Whether two values mean the same.
fn same(schema: &Value, left: Option<&Value>, right: Option<&Value>) -> bool {
    match (left, right) {
        (None, None) => true,
        (Some(left), Some(right)) => equal(schema, left, right),
        // No entries and no list are the same.
        (Some(Value::Array(items)), None) | (None, Some(Value::Array(items))) => items.is_empty(),
        _ => false,
    }
}

fn equal(schema: &Value, left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            let items = &schema["items"];
            let equal_items = |(left, right): (&Value, &Value)| equal(items, left, right);
            if schema["uniqueItems"] != true {
                return left.len() == right.len() && left.iter().zip(right).all(equal_items);
            }
            let within = |some: &[Value], others: &[Value]| {
                some.iter().all(|one| others.iter().any(|other| equal(items, one, other)))
            };
            within(left, right) && within(right, left)
        }
        (Value::Object(left), Value::Object(right)) => {
            let properties = &schema["properties"];
            left.keys().chain(right.keys()).all(|name| {
                let of = |object: &Map<String, Value>| object.get(name).filter(|value| !value.is_null()).cloned();
                same(&properties[name.as_str()], of(left).as_ref(), of(right).as_ref())
            })
        }
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::String(left), Value::String(right)) if schema["format"] == "date-time" => {
            let read = |text: &str| DateTime::parse_from_rfc3339(text).ok();
            left == right || read(left).zip(read(right)).is_some_and(|(left, right)| left == right)
        }
        (left, right) => left == right,
    }
}

fn reasons(wish: &Wish<'_>, spec: &Spec, state: &State) -> Vec<String> {
    let mut reasons = Vec::new();
    if spec.rotate_serial > state.served_serial {
        reasons.push(format!("rotate-serial is {}, and was {}", spec.rotate_serial, state.served_serial));
    }
    if let Some(due) = wish.due.filter(|due| *due <= wish.now) {
        reasons.push(format!("it was due on {}", due.format("%Y-%m-%d %H:%M UTC")));
    }
    reasons
}

fn drift(wish: &Wish<'_>, state: &State, current: &Generation) -> Vec<String> {
    let Seen::Shown(seen) = wish.seen else { return Vec::new() };
    let mut drift = Vec::new();
    if seen.enabled == current.disabled {
        let (is, by) = if seen.enabled { ("enabled", "disabled") } else { ("disabled", "enabled") };
        drift.push(format!("it is {is} at the vendor, and Keywright left it {by}"));
    }
    if seen.expiry != current.expiry {
        drift.push("its expiry was changed at the vendor".to_owned());
    }
    let properties = wish.schema["properties"].as_object();
    for (name, left) in &current.attributes {
        let schema = properties.and_then(|properties| properties.get(name)).unwrap_or(&Value::Null);
        let managed = state.spec.attributes.contains_key(name);
        let is = seen.attributes.get(name).filter(|value| !value.is_null());
        let was = Some(left).filter(|value| !value.is_null());
        if !managed && schema["readOnly"] != true && !same(schema, was, is) {
            drift.push(format!("its attribute `{name}`, which is not configured, was changed at the vendor"));
        }
    }
    drift
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::generation::{Expiry, Origin, Status};

    fn schema() -> Value {
        json!({ "properties": {
            "name": { "type": "string" },
            "scopes": { "type": "array", "uniqueItems": true, "items": { "type": "string" }, "x-keywright-replace": true },
            "order": { "type": "array", "items": { "type": "string" } },
            "until": { "type": "string", "format": "date-time" },
            "enabled": { "type": "boolean", "default": true },
            "pin": { "type": "string", "writeOnly": true },
            "created_by": { "type": "string", "readOnly": true },
        }})
    }

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    fn now() -> DateTime<Utc> {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn state(asked: Value, is: Value) -> State {
        let mut state = State::new("ci", "production");
        state.spec.attributes = object(asked);
        let generation = Generation {
            vendor_id: Some("id-1".to_owned()),
            attributes: object(is),
            ..Generation::new(1, Status::Current, Origin::Created, now())
        };
        state.generations.insert(1, generation);
        state.current = Some(1);
        state
    }

    fn planned(spec: &Spec, state: &State, facts: &Facts) -> Plan {
        plan(&Wish {
            spec: Some(spec),
            state: Some(state),
            seen: Seen::NotAsked,
            schema: &schema(),
            facts,
            due: None,
            now: now(),
        })
    }

    fn facts() -> Facts {
        Facts { updates: true, overlap: true, ..Facts::default() }
    }

    #[test]
    fn what_means_the_same_is_no_change() {
        let asked = json!({ "name": "a", "scopes": ["r", "w"], "until": "2027-01-01T00:00:00Z", "pin": "1" });
        let is = json!({
            "name": "a", "scopes": ["w", "r", "r"], "until": "2027-01-01T01:00:00+01:00", "created_by": "me", "order": [],
            "enabled": true,
        });
        let state = state(asked.clone(), is);
        let spec = Spec { attributes: object(asked), ..Spec::default() };
        assert_eq!(planned(&spec, &state, &facts()), Plan::only(Action::Nothing));
    }

    #[test]
    fn a_change_is_made_in_place_where_the_vendor_can_and_by_a_rotation_where_it_cannot() {
        let state = state(json!({ "name": "a", "scopes": ["r"], "pin": "1" }), json!({ "name": "a", "scopes": ["r"] }));
        let with = |attributes: Value| Spec { attributes: object(attributes), ..Spec::default() };
        let renamed = with(json!({ "name": "b", "scopes": ["r"], "pin": "2" }));
        let plan = planned(&renamed, &state, &facts());
        assert_eq!(plan.action, Action::Update { patch: object(json!({ "name": "b", "pin": "2" })) });
        assert_eq!(plan.changes[1].from, None, "what is secret is not shown");
        let plan = planned(&renamed, &state, &Facts { updates: false, ..facts() });
        assert_eq!(plan.action, Action::Rotate { cut: false });
        let wider = with(json!({ "name": "a", "scopes": ["r", "w"], "pin": "1" }));
        let plan = planned(&wider, &state, &Facts { overlap: false, ..facts() });
        assert_eq!(plan.action, Action::Rotate { cut: true });
        assert!(plan.changes[0].replaces && plan.changes.len() == 1);
        let less = with(json!({ "scopes": ["r"], "pin": "1" }));
        assert_eq!(planned(&less, &state, &facts()).action, Action::Update { patch: object(json!({ "name": null })) });
    }

    #[test]
    fn a_greater_serial_asks_for_one_rotation_and_a_removed_credential_is_to_be_revoked() {
        let mut state = state(json!({}), json!({}));
        let spec = Spec { rotate_serial: 3, ..Spec::default() };
        assert_eq!(planned(&spec, &state, &facts()).action, Action::Rotate { cut: false });
        state.served_serial = 3;
        state.spec = spec.clone();
        assert_eq!(planned(&spec, &state, &facts()).action, Action::Nothing);
        let wish = Wish {
            spec: None,
            state: Some(&state),
            seen: Seen::NotAsked,
            schema: &schema(),
            facts: &facts(),
            due: None,
            now: now(),
        };
        assert_eq!(plan(&wish).action, Action::Revoke);
        let wish = Wish { spec: Some(&spec), seen: Seen::Missing, ..wish };
        assert_eq!(plan(&wish).reasons, ["the vendor has it no longer"]);
        let seen = Observation {
            enabled: false,
            last_used_at: None,
            last_used_unreadable: false,
            attributes: Map::new(),
            expiry: Expiry::Never,
        };
        let wish = Wish { seen: Seen::Shown(&seen), ..wish };
        assert_eq!(plan(&wish).action, Action::Nothing);
        assert_eq!(plan(&wish).drift, ["it is disabled at the vendor, and Keywright left it enabled"]);
    }
}
