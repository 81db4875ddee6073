//! Every crash, and every two crashes, before and after every record and every effect of every operation.

use keywright_lifecycle::{Command, Policy, Spec};

use crate::judge;
use crate::kinds::{Kind, kinds};
use crate::node::{SETTLE, Stage};
use crate::run::{Run, create, import, is_change, resume, revoke, rotate, suspend, update, words};
use crate::sink::Sink;
use crate::world::{Late, World};

/// An operation, and what goes before it.
struct Scenario {
    name: &'static str,
    before: fn(&mut Run, &Spec),
    command: fn(&World, &Spec) -> Command,
}

fn created(run: &mut Run, spec: &Spec) {
    run.prepare(create(spec));
}

fn rotated(run: &mut Run, spec: &Spec) {
    created(run, spec);
    run.prepare(rotate(spec, false, false));
}

fn suspended(run: &mut Run, spec: &Spec) {
    created(run, spec);
    run.prepare(suspend());
}

fn made_elsewhere(run: &mut Run, _: &Spec) {
    run.world.vendor.make(run.world.now, None, false);
    run.world.now += 200;
}

fn imported(run: &mut Run, spec: &Spec) {
    made_elsewhere(run, spec);
    let command = import(&run.world, spec, "id-1", false);
    run.prepare(command);
}

const SCENARIOS: &[Scenario] = &[
    Scenario { name: "create", before: |_, _| {}, command: |_, spec| create(spec) },
    Scenario { name: "rotate", before: created, command: |_, spec| rotate(spec, false, false) },
    Scenario { name: "rotate again", before: rotated, command: |_, spec| rotate(spec, false, false) },
    Scenario { name: "leak", before: rotated, command: |_, spec| rotate(spec, true, false) },
    Scenario { name: "leak, suspended", before: suspended, command: |_, spec| rotate(spec, true, false) },
    Scenario { name: "leak, ended first", before: created, command: |_, spec| rotate(spec, true, true) },
    Scenario { name: "rotate what was imported", before: imported, command: |_, spec| rotate(spec, false, false) },
    Scenario { name: "update", before: created, command: |_, spec| update(spec) },
    Scenario { name: "suspend", before: created, command: |_, _| suspend() },
    Scenario { name: "resume", before: suspended, command: |_, _| resume() },
    Scenario { name: "revoke", before: rotated, command: |_, _| revoke() },
    Scenario { name: "revoke, suspended", before: suspended, command: |_, _| revoke() },
    Scenario { name: "import", before: made_elsewhere, command: |world, spec| import(world, spec, "id-1", false) },
    Scenario {
        name: "import with its secret",
        before: made_elsewhere,
        command: |world, spec| import(world, spec, "id-1", true),
    },
];

fn start(kind: &Kind, scenario: &Scenario) -> Run {
    let mut world = World::new(kind.clone(), 1);
    world.steady = true;
    world.sinks = vec![Sink::new("vault", true), Sink::new("file", false)];
    let policy = Policy { grace: 3_600, soak: 600, rotate_after: Some(30 * 86_400), ..Policy::default() };
    let publish = world.sinks.iter().map(|sink| sink.name.to_owned()).collect();
    let spec = Spec { publish, policy, ..Spec::default() };
    let mut run = Run::new(world, 1);
    (scenario.before)(&mut run, &spec);
    run.things = 0;
    let command = (scenario.command)(&run.world, &spec);
    run.command(0, command);
    run
}

/// Goes on to the end; and from each boundary on the way, with a crash there, too. Returns how many ends there were.
fn explore(mut run: Run, crashes: u32) -> u64 {
    let mut ends = 1;
    while let Some((at, event)) = run.next() {
        let node = &run.nodes[0];
        if crashes > 0 && node.is_at_boundary() && at == node.ready_at {
            let mut crashed = run.clone();
            crashed.world.now = crashed.world.now.max(at);
            let now = crashed.world.now;
            crashed.crash(0, now + 1);
            if let Stage::Send { effect, deadline } = &node.stage
                && is_change(effect)
                && run.world.may_be_late(effect)
            {
                // It was on its way already: it arrives as late as it can.
                let mut late = crashed.clone();
                late.world.log_creation(effect);
                let (secret, at, last) = (late.world.secret_for(effect), deadline + SETTLE, late.world.last());
                late.world.late.push(Late { at, effect: effect.clone(), secret, last, duplicate: false });
                ends += explore(late, crashes - 1);
            }
            ends += explore(crashed, crashes - 1);
        }
        run.happen(at, &event);
    }
    run.settle();
    judge::at_rest(&run.world);
    ends
}

fn explore_all(crashes: u32) {
    let kinds = kinds();
    let runs = kinds.iter().flat_map(|kind| SCENARIOS.iter().map(move |scenario| (kind, scenario)));
    let (mut ends, mut broken) = (0, Vec::new());
    for (kind, scenario) in runs {
        match std::panic::catch_unwind(|| explore(start(kind, scenario), crashes)) {
            Ok(count) => ends += count,
            Err(problem) => broken.push(format!("{}, {}: {}", kind.name, scenario.name, words(&*problem))),
        }
    }
    assert!(broken.is_empty(), "not as it must be:\n{}", broken.join("\n"));
    assert!(ends > 3_000, "only {ends} were looked at");
}

#[test]
fn a_crash_at_any_point_of_any_operation_loses_nothing_and_leaves_nothing_behind() {
    explore_all(1);
}

#[test]
fn nor_do_two_crashes() {
    explore_all(2);
}
