//! Random histories: one seed is one history. `KEYWRIGHT_HISTORIES=1000000` runs so many of them, `KEYWRIGHT_SEED=7` the
//! one of that seed and shows its journal.

use std::sync::Mutex;

use keywright_lifecycle::{Command, Policy, Retain, Spec};

use crate::clock::Time;
use crate::judge;
use crate::kinds::kinds;
use crate::node::{SETTLE, Stage};
use crate::random::Random;
use crate::run::{Event, Run, create, import, is_change, resume, revoke, rotate, suspend, update, words};
use crate::sink::Sink;
use crate::world::{Faults, Late, World};

/// How many are run when nobody says otherwise.
const HISTORIES: u64 = 50_000;

const SINKS: [(&str, bool); 3] = [("vault", true), ("file", false), ("later", true)];

struct History {
    run: Run,
    random: Random,
    spec: Spec,
    /// Who still works with a secret that was in a sink once.
    laggard: Option<String>,
}

fn faults(random: &mut Random) -> Faults {
    let mut rate = |often: u64| if random.flip() { random.below(often) } else { 0 };
    Faults {
        refused: rate(150),
        lost_request: rate(80),
        lost_answer: rate(150),
        late: rate(100),
        twice: rate(30),
        crash: rate(100),
        pause: rate(80),
    }
}

fn policy(random: &mut Random) -> Policy {
    Policy {
        rotate_after: *random.pick(&[None, Some(86_400), Some(30 * 86_400)]),
        max_age: *random.pick(&[None, Some(40 * 86_400)]),
        grace: *random.pick(&[0, 900, 86_400]),
        soak: *random.pick(&[0, 600]),
        gate_on_use: !random.permille(250),
        retain: *random.pick(&[Retain::Sealed, Retain::Sealed, Retain::None]),
        ..Policy::default()
    }
}

impl History {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let kind = random.pick(&kinds()).clone();
        let mut world = World::new(kind, random.next());
        world.sinks = SINKS.iter().map(|(name, fenced)| Sink::new(name, *fenced)).collect();
        if world.vendor.kind.facts.live_limit.is_none() {
            // Another credential of this installation.
            let neighbour = world.vendor.make(0, Some("kwsimula-neighbour".to_owned()), false);
            world.protected.insert(neighbour);
        }
        world.faults = faults(&mut random);
        let publish = SINKS.iter().take(usize::try_from(random.below(3)).unwrap());
        let publish = publish.map(|(name, _)| (*name).to_owned()).collect();
        let spec = Spec { publish, policy: policy(&mut random), ..Spec::default() };
        let run = Run::new(world, 1 + random.below(3));
        Self { run, random, spec, laggard: None }
    }

    fn gap(&mut self) -> Time {
        let most = *self.random.pick(&[60, 400, 4_000, 200_000]);
        1 + self.random.below(most)
    }

    fn play(&mut self) {
        let first = create(&self.spec);
        self.run.command(0, first);
        let mut at = self.run.world.now;
        for _ in 0..3 + self.random.below(10) {
            at = at.max(self.run.world.now) + self.gap();
            self.until(at);
            self.run.world.now = self.run.world.now.max(at);
            self.outside();
            judge::now(&self.run.world);
        }
        // All is well from now on.
        self.run.world.faults = Faults::default();
        self.laggard = None;
        self.run.settle();
        judge::at_rest(&self.run.world);
    }

    fn until(&mut self, end: Time) {
        while let Some((at, event)) = self.run.next().filter(|(at, _)| *at < end) {
            if let Event::Node(index) = event
                && self.disturb(index, at)
            {
                continue;
            }
            self.run.happen(at, &event);
            if self.random.permille(20) {
                self.use_one();
            }
        }
    }

    /// A node dies, or is paused for so long that another may take over.
    fn disturb(&mut self, index: usize, at: Time) -> bool {
        let Faults { crash, pause, .. } = self.run.world.faults;
        if !self.run.nodes[index].is_at_boundary() {
            return false;
        }
        if self.random.permille(crash) {
            self.run.world.now = self.run.world.now.max(at);
            if let Stage::Send { effect, deadline } = &self.run.nodes[index].stage.clone() {
                let (now, world) = (self.run.world.now, &mut self.run.world);
                if is_change(effect) && world.may_be_late(effect) && now <= *deadline && self.random.flip() {
                    let late_at = now + self.random.below(deadline + SETTLE - now + 1);
                    world.log_creation(effect);
                    let secret = world.secret_for(effect);
                    let last = world.last();
                    world.late.push(Late { at: late_at, effect: effect.clone(), secret, last, duplicate: false });
                }
            }
            let restarts_at = self.run.world.now + self.random.below(300);
            self.run.crash(index, restarts_at);
            return true;
        }
        if self.random.permille(pause) {
            self.run.nodes[index].ready_at = at + 1 + self.random.below(600);
            return true;
        }
        false
    }

    /// Something happens that Keywright has no part in; or someone asks it for something.
    fn outside(&mut self) {
        let now = self.run.world.now;
        match self.random.below(20) {
            0..=1 => {
                let vendor = &mut self.run.world.vendor;
                let live = vendor.objects.iter().filter(|object| object.lives(now)).count() as u64;
                if vendor.kind.facts.live_limit.is_none_or(|limit| live + 1 < u64::from(limit)) {
                    vendor.make(now, None, false);
                }
            }
            2 => {
                let ours = self.run.world.vendor.objects.iter_mut().filter(|it| it.ours && it.lives(now));
                let mut ours: Vec<_> = ours.collect();
                if !ours.is_empty() {
                    let index = usize::try_from(self.random.below(ours.len() as u64)).unwrap();
                    ours[index].deleted_at = Some(now);
                    ours[index].taken_away = true;
                }
            }
            3..=6 => self.use_one(),
            _ => {
                let command = self.ask();
                let node = usize::try_from(self.random.below(self.run.nodes.len() as u64)).unwrap();
                self.run.command(node, command);
            }
        }
    }

    /// Someone takes a secret out of a sink, or works with the one from before.
    fn use_one(&mut self) {
        let (now, world) = (self.run.world.now, &mut self.run.world);
        if self.laggard.is_none() || self.random.permille(300) {
            self.laggard = world.sinks[0].content.as_ref().map(|(_, secret)| secret.clone());
        }
        let Some(secret) = &self.laggard else { return };
        if let Some(object) = world.vendor.objects.iter_mut().find(|object| object.accepts(secret, now)) {
            object.uses.push(now);
        }
    }

    fn ask(&mut self) -> Command {
        let state = &self.run.world.store.state;
        if let Some(command) = self.run.person().filter(|_| self.random.flip()) {
            return command;
        }
        if state.current.is_none() && state.operation.is_none() {
            let foreign = self.run.world.vendor.objects.iter().filter(|it| !it.ours && it.lives(self.run.world.now));
            let foreign: Vec<_> = foreign.map(|object| object.id.clone()).collect();
            if !foreign.is_empty() && self.random.permille(300) {
                let id = self.random.pick(&foreign).clone();
                let works =
                    self.run.world.vendor.object(&id).is_some_and(|it| it.accepts(&it.secret, self.run.world.now));
                return import(&self.run.world, &self.spec, &id, works && self.random.flip());
            }
            return create(&self.spec);
        }
        match self.random.below(12) {
            0 => revoke(),
            1 => suspend(),
            2..=3 => resume(),
            4 => update(&self.spec),
            5 => rotate(&self.spec, true, false),
            6 => rotate(&self.spec, true, true),
            7 => {
                if self.random.flip() {
                    self.spec.publish = SINKS.iter().map(|(name, _)| (*name).to_owned()).collect();
                }
                Command::Respecify { spec: self.spec.clone() }
            }
            _ => rotate(&self.spec, false, false),
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn whatever_happens_no_live_key_is_unknown_and_no_working_key_is_ended_too_early() {
    if let Some(seed) = number("KEYWRIGHT_SEED") {
        let mut history = History::new(seed);
        let end = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| history.play()));
        println!("{}", shown(&history));
        return end.unwrap_or_else(|problem| std::panic::resume_unwind(problem));
    }
    let count = number("KEYWRIGHT_HISTORIES").unwrap_or(HISTORIES);
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let broken = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let broken = &broken;
            scope.spawn(move || {
                for seed in (thread..count).step_by(usize::try_from(threads).unwrap()) {
                    if let Err(problem) = std::panic::catch_unwind(|| History::new(seed).play()) {
                        let mut broken = broken.lock().unwrap();
                        broken.push(format!("KEYWRIGHT_SEED={seed}: {}", words(&*problem)));
                        if broken.len() >= 20 {
                            return;
                        }
                    }
                }
            });
        }
    });
    let broken = broken.into_inner().unwrap();
    assert!(broken.is_empty(), "not as it must be:\n{}", broken.join("\n"));
}

/// What there was to see, for whoever looks for a cause.
fn shown(history: &History) -> String {
    let world = &history.run.world;
    let mut lines: Vec<(Time, String)> = Vec::new();
    for entry in &world.store.journal {
        let at = crate::clock::time(entry.header.at);
        lines.push((at, format!("e{} {}", entry.header.epoch, serde_json::to_string(&entry.record).unwrap())));
    }
    for arrival in &world.vendor.log {
        let twice = if arrival.duplicate { " again" } else { "" };
        lines.push((arrival.at, format!("    arrives{twice} {:?}", arrival.effect)));
    }
    lines.sort_by_key(|(at, _)| *at);
    let lines: Vec<_> = lines.into_iter().map(|(at, line)| format!("{at:>8} {line}")).collect();
    let objects: Vec<_> = world.vendor.objects.iter().map(|object| format!("{object:?}")).collect();
    format!(
        "the vendor is {}; {:?}\n{}\n{}\nnow {} {:?}",
        world.vendor.kind.name,
        history.spec,
        lines.join("\n"),
        objects.join("\n"),
        world.now,
        world.sinks
    )
}
