//! Answers that are not what they should be, by the thousand: for each operation of an adapter, right answers are broken
//! in every way, and a judge says whether what the adapter made of them is honest.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keywright_adapters::BuiltIn;
use keywright_runtime::{Account, CallError, Parts};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::{Arrived, Reply, ScriptedVendor, engine};

/// How many cases each call gets.
const CASES: u32 = 2_000;

/// A right answer: its status and its body.
pub type Right = (u16, Option<Value>);

/// An error as a vendor tells it: the usual status, and the body made from any JSON where the vendor has text or details
/// of its own.
pub type VendorError = (u16, fn(&Value) -> Value);

/// What a judge comes to: a name for what happened, or why it should not have.
pub type Judgement = Result<String, TestCaseError>;

/// One vendor, as far as its answers can be mutated.
#[derive(Clone, Debug)]
pub struct Mutations {
    /// The adapter.
    pub adapter: &'static BuiltIn,
    /// The account's settings.
    pub settings: Map<String, Value>,
    /// The administrator's credential.
    pub credential: Parts,
    /// The vendor's errors.
    pub errors: Vec<VendorError>,
    /// Values that mean something to the vendor, to be put in wrong places.
    pub values: Vec<Value>,
    /// Answers to requests that are not the adapter's own, such as the host's for a token. They are never mutated.
    pub aside: fn(&Arrived) -> Option<Reply>,
}

/// The answer that a call is to make something of, mutated; other answers of the same call are right.
#[derive(Clone, Debug)]
pub struct Given {
    /// Which of the call's answers this is, from 0.
    pub step: usize,
    /// Its status.
    pub status: u16,
    /// Its body as it was sent.
    pub body: Vec<u8>,
    /// Its body as JSON; null when it is none.
    pub json: Value,
}

impl Given {
    /// Whether the status is 2xx.
    pub fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A text in the body that is not empty, by its JSON pointer.
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.json.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
    }

    /// The secret in the body by its JSON pointer, as the host takes it out: its text, or that of any JSON in its place.
    pub fn secret(&self, pointer: &str) -> Option<String> {
        match self.json.pointer(pointer)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            other => Some(other.to_string()),
        }
    }
}

/// What a call that fails may fail with: the vendor's answer, told apart. All else would be the adapter's own fault.
///
/// # Errors
///
/// When it is something else.
pub fn kind_of(error: &CallError) -> Judgement {
    // Once a secret was issued, the host keeps it beside whatever the adapter says.
    let told = match error {
        CallError::InDoubt { cause, .. } => cause,
        told => told,
    };
    prop_assert!(matches!(told, CallError::Failed(_)), "{error:?}");
    Ok(error.kind().to_owned())
}

/// Fails when a secret stands in what is told of an outcome.
///
/// # Errors
///
/// When it does.
pub fn untold(secret: &str, told: &str) -> Result<(), TestCaseError> {
    prop_assert!(!told.contains(secret), "{told}");
    Ok(())
}

/// An account at a vendor that gives the answers of one case after another.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The adapter.
    pub adapter: &'static BuiltIn,
    /// The account's settings.
    pub settings: Map<String, Value>,
    /// The administrator's credential.
    pub credential: Parts,
    /// Answers to requests that are not the adapter's own, such as the host's for a token. They are of no case.
    pub aside: fn(&Arrived) -> Option<Reply>,
}

impl Scene {
    /// Makes the call for each of many cases. `play` makes of a case the answers that the call gets, in order, and what the
    /// judge is told of them; more requests than answers fail the test. `expected` are outcomes that must happen, so that
    /// what never happens is noticed.
    pub fn run_cases<S, G, P, J>(&self, cases: &S, play: P, expected: &[&str], judge: J)
    where
        S: Strategy,
        P: Fn(S::Value) -> (Vec<Reply>, G),
        J: AsyncFn(&Account, &G) -> Judgement,
    {
        let runtime = Runtime::new().expect("a runtime");
        let script: Arc<Mutex<Script>> = Arc::default();
        let (_vendor, account) = runtime.block_on(self.vendor(script.clone()));
        let config =
            Config { cases: CASES, rng_seed: RngSeed::Fixed(2026), failure_persistence: None, ..Config::default() };
        let happened = RefCell::new(BTreeSet::new());
        let outcome = TestRunner::new(config).run(cases, |case| {
            let (replies, given) = play(case);
            *held(&script) = Script { left: replies.into(), overrun: false };
            let outcome = runtime.block_on(judge(&account, &given))?;
            prop_assert!(!held(&script).overrun, "more requests than the call promises");
            happened.borrow_mut().insert(outcome);
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{error}");
        }
        let happened = happened.into_inner();
        for expected in expected {
            assert!(happened.contains(*expected), "no case came to {expected}: {happened:?}");
        }
    }

    async fn vendor(&self, script: Arc<Mutex<Script>>) -> (ScriptedVendor, Account) {
        let aside = self.aside;
        let vendor = ScriptedVendor::start(move |arrived| aside(arrived).unwrap_or_else(|| held(&script).next())).await;
        let adapter = self.adapter.load(engine()).await.expect("the adapter loads with its own grant");
        let account = vendor.account(&adapter, self.settings.clone(), self.credential.clone());
        (vendor, account)
    }
}

/// The answers that are left of one case.
#[derive(Default)]
struct Script {
    left: VecDeque<Reply>,
    overrun: bool,
}

impl Script {
    fn next(&mut self) -> Reply {
        self.left.pop_front().unwrap_or_else(|| {
            self.overrun = true;
            Reply::empty(500)
        })
    }
}

fn held(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Mutations {
    /// Makes the call again and again, each time with one of its answers mutated. `right` are the right answers in the
    /// order of the call's requests; more requests than that fail the test. `expected` are outcomes that must happen, so
    /// that what never happens is noticed.
    pub fn run<J>(&self, right: &[Right], expected: &[&str], judge: J)
    where
        J: AsyncFn(&Account, &Given) -> Judgement,
    {
        let scene = Scene {
            adapter: self.adapter,
            settings: self.settings.clone(),
            credential: self.credential.clone(),
            aside: self.aside,
        };
        let cases = (any::<prop::sample::Index>(), self.any_mutation(), any_status());
        let play = |(step, mutation, status): (prop::sample::Index, Mutation, Option<u16>)| {
            let step = step.index(right.len());
            let given = given(step, &right[step], &mutation, status);
            (replies(right, &given), given)
        };
        scene.run_cases(&cases, play, expected, judge);
    }

    fn any_json(&self) -> impl Strategy<Value = Value> + use<> {
        let leaf = prop_oneof![
            1 => Just(Value::Null),
            1 => any::<bool>().prop_map(Value::from),
            1 => any::<i64>().prop_map(Value::from),
            1 => any::<f64>().prop_map(Value::from),
            1 => "\\PC{0,12}".prop_map(Value::from),
            1 => Just(json!("2026-13-45T99:99:99Z")),
            1 => Just(json!("9999999999-01-01T00:00:00Z")),
            1 => Just(json!("-262144-01-01T00:00:00+23:59")),
            3 => prop::sample::select(self.values.clone()),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z_]{1,10}", inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    fn any_mutation(&self) -> impl Strategy<Value = Mutation> + use<> {
        let error = (prop::sample::select(self.errors.clone()), self.any_json());
        prop_oneof![
            2 => any::<prop::sample::Index>().prop_map(Mutation::Truncate),
            3 => any::<prop::sample::Index>().prop_map(Mutation::Drop),
            5 => (any::<prop::sample::Index>(), self.any_json()).prop_map(|(at, value)| Mutation::Replace(at, value)),
            2 => self.any_json().prop_map(Mutation::Whole),
            4 => error.prop_map(|((status, body), details)| Mutation::Error(status, body(&details))),
            1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(Mutation::Bytes),
            1 => Just(Mutation::Empty),
            1 => Just(Mutation::None),
        ]
    }
}

/// The answers of one call, in order.
fn replies(right: &[Right], given: &Given) -> Vec<Reply> {
    let reply = |(step, (status, body)): (usize, &Right)| {
        let (status, body) =
            if step == given.step { (given.status, given.body.clone()) } else { (*status, bytes(body.as_ref())) };
        Reply::new(status, "application/json", body)
    };
    right.iter().enumerate().map(reply).collect()
}

/// What is done to an answer.
#[derive(Clone, Debug)]
enum Mutation {
    Truncate(prop::sample::Index),
    Drop(prop::sample::Index),
    Replace(prop::sample::Index, Value),
    Whole(Value),
    Error(u16, Value),
    Bytes(Vec<u8>),
    Empty,
    None,
}

fn any_status() -> impl Strategy<Value = Option<u16>> {
    // The usual one, one that is known to mean something, or any.
    let named = prop::sample::select(vec![
        200, 201, 202, 204, 301, 304, 400, 401, 403, 404, 409, 410, 412, 418, 422, 423, 424, 429, 500, 503,
    ]);
    prop_oneof![3 => Just(None), 3 => named.prop_map(Some), 1 => (200_u16..600).prop_map(Some)]
}

fn given(step: usize, (usual, body): &Right, mutation: &Mutation, status: Option<u16>) -> Given {
    let usual = if let Mutation::Error(status, _) = mutation { *status } else { *usual };
    let status = status.unwrap_or(usual);
    // A 204 and a 304 have no body, whatever is put in.
    let body = if matches!(status, 204 | 304) { Vec::new() } else { mutated(body.clone(), mutation) };
    Given { step, status, json: serde_json::from_slice(&body).unwrap_or_default(), body }
}

fn bytes(body: Option<&Value>) -> Vec<u8> {
    body.map(|body| body.to_string().into_bytes()).unwrap_or_default()
}

fn mutated(body: Option<Value>, mutation: &Mutation) -> Vec<u8> {
    match (mutation, body) {
        (Mutation::Whole(value) | Mutation::Error(_, value), _) => bytes(Some(value)),
        (Mutation::Bytes(bytes), _) => bytes.clone(),
        (Mutation::Empty, _) | (_, None) => Vec::new(),
        (Mutation::None, body) => bytes(body.as_ref()),
        (Mutation::Truncate(at), body) => {
            let mut text = bytes(body.as_ref());
            text.truncate(at.index(text.len()));
            text
        }
        (Mutation::Drop(at), Some(mut body)) => {
            let places = pointers(&body);
            if !places.is_empty() {
                remove(&mut body, at.get::<String>(&places));
            }
            bytes(Some(&body))
        }
        (Mutation::Replace(at, value), Some(mut body)) => {
            let places = pointers(&body);
            match places.is_empty() {
                true => body = value.clone(),
                false => *body.pointer_mut(at.get::<String>(&places)).expect("a place") = value.clone(),
            }
            bytes(Some(&body))
        }
    }
}

fn remove(body: &mut Value, place: &str) {
    let (parent, name) = place.rsplit_once('/').expect("a pointer");
    match body.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.remove(name)),
        Some(Value::Array(items)) => drop(items.remove(name.parse().expect("an index"))),
        _ => {}
    }
}

/// The places in a JSON value where something can be taken out or put in.
fn pointers(value: &Value) -> Vec<String> {
    fn collect(value: &Value, here: &str, found: &mut Vec<String>) {
        let inner: Vec<(String, &Value)> = match value {
            Value::Object(fields) => fields.iter().map(|(name, value)| (format!("{here}/{name}"), value)).collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(index, value)| (format!("{here}/{index}"), value)).collect()
            }
            _ => Vec::new(),
        };
        for (place, value) in inner {
            collect(value, &place, found);
            found.push(place);
        }
    }
    let mut found = Vec::new();
    collect(value, "", &mut found);
    found
}
