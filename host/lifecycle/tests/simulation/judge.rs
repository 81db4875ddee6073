//! What must be true of every history. The vendor's objects and its log are what is judged, not what the engine believes;
//! of the engine only what it announced is asked, to know what it may do.

use keywright_lifecycle::{
    Effect, Expiry, Generation, Listed, OperationKind, Origin, Record, Registered, State, Status, Strategy,
    SweepPolicy, classify,
};

use crate::clock::{Time, date, time};
use crate::vendor::{Object, SECRET};
use crate::world::World;

/// While it was used this short a time ago, an old generation is not ended, unless all gates are off.
const QUIET: Time = 86_400;

/// Judges a request that is about to reach the vendor.
pub(crate) fn before(world: &World, effect: &Effect) {
    let state = &world.store.state;
    match effect {
        Effect::Revoke { vendor_id, .. } => {
            let object = touchable(world, vendor_id);
            for generation in of_object(state, vendor_id) {
                let may_end = !in_use_or_coming(generation.status);
                assert!(
                    may_end,
                    "`{vendor_id}` is ended while generation {} is {}",
                    generation.number, generation.status
                );
                quiet(world, object, generation);
            }
        }
        Effect::SetEnabled { vendor_id, enabled: false, .. } => {
            let object = touchable(world, vendor_id);
            if object.taken_away {
                return;
            }
            for generation in of_object(state, vendor_id) {
                let suspends = operation(state) == Some(OperationKind::Suspend) || state.suspended;
                let may = suspends || !in_use_or_coming(generation.status);
                assert!(
                    may,
                    "`{vendor_id}` is disabled while generation {} is {}",
                    generation.number, generation.status
                );
                quiet(world, object, generation);
            }
        }
        Effect::SetEnabled { vendor_id, .. } | Effect::Update { vendor_id, .. } => {
            touchable(world, vendor_id);
        }
        Effect::Regenerate { vendor_id, .. } => {
            touchable(world, vendor_id);
            let announced = state.operation.as_ref().is_some_and(|it| it.strategy == Strategy::InPlace);
            assert!(announced || state.closed || is_ending(state), "the secret of `{vendor_id}` is replaced");
        }
        _ => {}
    }
}

/// A live generation that has this id.
fn of_object<'a>(state: &'a State, id: &'a str) -> impl Iterator<Item = &'a Generation> {
    state.live().filter(move |generation| generation.vendor_id.as_deref() == Some(id))
}

fn operation(state: &State) -> Option<OperationKind> {
    state.operation.as_ref().map(|operation| operation.kind)
}

fn is_ending(state: &State) -> bool {
    operation(state) == Some(OperationKind::Revoke)
}

fn in_use_or_coming(status: Status) -> bool {
    matches!(status, Status::Current | Status::Issued | Status::Verified | Status::Publishing)
}

fn touchable<'a>(world: &'a World, id: &str) -> &'a Object {
    let object = world.vendor.object(id).unwrap();
    assert!(object.ours, "`{id}` is someone else's");
    assert!(!world.protected.contains(id), "`{id}` is protected");
    object
}

/// An old generation that the vendor showed to be in use is not ended.
fn quiet(world: &World, object: &Object, generation: &Generation) {
    let (Some(retirement), Some(facts)) = (&generation.retirement, world.vendor.kind.facts.last_used) else { return };
    let gates = retirement.gate_on_use && !generation.compromised;
    let held = retirement.gate_until.is_none_or(|until| until > date(world.now));
    if !gates || !held || generation.status != Status::Retiring {
        return;
    }
    let since = time(retirement.used_since) + u64::from(facts.precision);
    let shown_until = object.looked_at.saturating_sub(u64::from(facts.lag));
    let recent = |at: &&Time| **at > since && **at <= shown_until && **at + QUIET > world.now;
    let seen = object.uses.iter().find(recent);
    assert!(seen.is_none(), "`{}` is ended at {}, and was used at {seen:?}", object.id, world.now);
}

/// Judges records that were written.
pub(crate) fn after_records(world: &World, records: &[Record]) {
    let state = &world.store.state;
    for record in records {
        match record {
            Record::Promoted { generation, .. } => {
                let promoted = &state.generations[generation];
                for sink in &state.spec.publish {
                    let content = world.sinks.iter().find(|it| it.name == sink).unwrap().content.as_ref();
                    let has = content.is_some_and(|(there, _)| there == generation);
                    assert!(has, "generation {} is promoted, and `{sink}` has {content:?}", promoted.number);
                }
            }
            Record::Unfit { generation, message } if message.contains("not proven to work") => {
                let unfit = &state.generations[generation];
                let Some(object) = unfit.vendor_id.as_deref().and_then(|id| world.vendor.object(id)) else { continue };
                let delay = u64::from(world.vendor.kind.facts.consistency_delay);
                let was_given_its_time = world.now >= object.created_at + delay;
                assert!(
                    was_given_its_time || object.taken_away || world.unanswered_tries > 0,
                    "generation {generation} is given up before its secret had to be known"
                );
            }
            _ => {}
        }
    }
}

/// Judges what stands at this moment.
pub(crate) fn now(world: &World) {
    assert!(!world.vendor.locked, "the vendor is locked by tries of new secrets");
    for sink in &world.sinks {
        assert!(sink.taken.is_sorted() || sink.fenced, "`{}` went down: {:?}", sink.name, sink.taken);
        let Some((generation, secret)) = &sink.content else { continue };
        let object = world.vendor.objects.iter().find(|object| &object.secret == secret);
        let id = world.store.state.generations[generation].vendor_id.as_deref();
        let gone = id.and_then(|id| world.vendor.object(id)).is_some_and(|object| {
            object.taken_away || object.expires_at.is_some_and(|at| at <= world.now && object.deleted_at.is_none())
        });
        let works = object.is_some_and(|object| object.accepts(secret, world.now));
        let in_use = world.store.state.current().and_then(|current| current.publications.get(sink.name));
        let served = in_use.is_some_and(|publication| publication.acknowledged_at.is_some());
        if !works && !gone && served && !is_cut(world) {
            panic!("the sink `{}` has generation {generation}, which does not work", sink.name);
        }
    }
}

/// Whether it was announced that what the sinks have may not work for a while.
fn is_cut(world: &World) -> bool {
    let state = &world.store.state;
    let operating = state.operation.as_ref().is_some_and(|operation| {
        operation.strategy != Strategy::Overlap
            || matches!(operation.kind, OperationKind::Revoke | OperationKind::Suspend | OperationKind::Resume)
            || (operation.kind == OperationKind::Update && world.vendor.kind.update_makes_secret)
    });
    let unsettled =
        |generation: &Generation| generation.status == Status::Abandoned && generation.origin == Origin::Regenerated;
    operating || state.closed || state.suspended || state.current.is_none() || state.live().any(unsettled)
}

/// Judges where a history came to rest.
pub(crate) fn at_rest(world: &World) {
    now(world);
    let state = &world.store.state;
    for object in world.vendor.objects.iter().filter(|object| !object.ours) {
        assert!(!sweep(world, object), "a sweep would end `{}`, which is someone else's", object.id);
    }
    for object in world.vendor.objects.iter().filter(|object| object.ours && object.lives(world.now)) {
        if object.duplicate {
            // No answer told of it. A sweep finds it by its marker, where there is one.
            let may_end = sweep(world, object);
            assert!(may_end || object.marker.is_none(), "`{}` is a duplicate, and no sweep ends it", object.id);
            continue;
        }
        assert!(!sweep(world, object) || state.live().all(|it| it.vendor_id.as_ref() != Some(&object.id)));
        let knows = |generation: &Generation| match generation.status {
            Status::Abandoned => {
                generation.vendor_id.as_ref() == Some(&object.id)
                    || generation.found.contains(&object.id)
                    || object.generation == Some(generation.number)
            }
            status => status.may_live() && generation.vendor_id.as_ref() == Some(&object.id),
        };
        assert!(
            state.generations.values().any(knows),
            "`{}` of generation {:?} lives, and nobody knows",
            object.id,
            object.generation
        );
    }
    if let Some(current) = state.current() {
        let object = world.vendor.object(current.vendor_id.as_deref().unwrap()).unwrap();
        assert!(object.lives(world.now) || object.taken_away || object.expires_at.is_some(), "what is in use is gone");
        assert_eq!(current.disabled, state.suspended);
        if !object.taken_away && object.lives(world.now) {
            assert_eq!(object.enabled, !state.suspended, "what is in use is disabled, or is not");
        }
    }
    for generation in state.generations.values() {
        assert!(!generation.status.is_pending(), "generation {} is {}", generation.number, generation.status);
        assert_eq!(generation.has_secret, world.store.sealed.contains_key(&generation.number));
        let kept = matches!(generation.status, Status::Current | Status::Retiring | Status::Abandoned);
        assert!(kept || !generation.has_secret, "the secret of generation {} is kept", generation.number);
        assert_ne!(generation.status, Status::Retiring, "generation {} is never ended", generation.number);
    }
    if state.closed {
        assert!(state.live().next().is_none(), "it was revoked, and lives");
        for sink in &world.sinks {
            assert_eq!(sink.content, None, "it was revoked, and `{}` has it", sink.name);
        }
    }
    replays(world);
}

/// Whether a sweep, a day later, would end this object.
fn sweep(world: &World, object: &Object) -> bool {
    let registered: Vec<_> = world.store.state.generations.values().map(registered).collect();
    let listed = Listed {
        vendor_id: object.id.clone(),
        marker: object.marker.clone(),
        since: Some(date(object.created_at)),
        expiry: Expiry::Never,
        last_used_at: None,
    };
    let policy = SweepPolicy { least_age: 3_600, unused_after: 0, last_used_within: None };
    let (now, is_ours) = (date(world.now + 86_400), |marker: &str| marker.starts_with("kwsimula-"));
    classify(now, &[listed], &registered, &is_ours, &world.protected, &policy)[0].may_end
}

fn registered(generation: &Generation) -> Registered {
    Registered {
        credential: "ci-deploy".to_owned(),
        generation: generation.number,
        status: generation.status,
        vendor_id: generation.vendor_id.clone(),
        marker: generation.marker.clone(),
        candidates: generation.found.clone(),
    }
}

/// The journal adds up to the state, and has no secret.
pub(crate) fn replays(world: &World) {
    let store = &world.store;
    let replayed = State::replay("ci-deploy", "production", &store.journal).unwrap();
    assert_eq!(replayed, store.state);
    let text = serde_json::to_string(&store.journal).unwrap();
    assert!(!text.contains(SECRET), "the journal has a secret");
    let back: Vec<keywright_lifecycle::Entry> = serde_json::from_str(&text).unwrap();
    assert_eq!(back, store.journal);
}
