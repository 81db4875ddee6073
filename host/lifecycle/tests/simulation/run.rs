//! What happens next, until nothing does.

use keywright_lifecycle::{Command, Effect, Spec, Status};

use crate::clock::{NEVER, Time};
use crate::judge;
use crate::node::{Node, Stage};
use crate::world::World;

/// Things that one history may consist of: more would be one that never comes to rest.
const MOST: u32 = 5_000;

/// What happens next.
pub(crate) enum Event {
    /// A request that was held up arrives.
    Late,
    /// A node does its next thing.
    Node(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) world: World,
    pub(crate) nodes: Vec<Node>,
    pub(crate) things: u32,
    processes: u64,
}

impl Run {
    pub(crate) fn new(world: World, nodes: u64) -> Self {
        Self { world, nodes: (1..=nodes).map(Node::new).collect(), things: 0, processes: nodes }
    }

    /// What happens next, and when.
    pub(crate) fn next(&self) -> Option<(Time, Event)> {
        let due = self.world.store.due;
        let ready = |node: &Node| match node.stage {
            Stage::Idle if node.commands.is_empty() => node.ready_at.min(due),
            _ => node.ready_at,
        };
        let nodes = self.nodes.iter().enumerate().map(|(index, node)| (ready(node), Event::Node(index)));
        let late = self.world.late.iter().map(|late| (late.at, Event::Late));
        late.chain(nodes).filter(|(at, _)| *at != NEVER).min_by_key(|(at, _)| *at)
    }

    /// Lets it happen.
    pub(crate) fn happen(&mut self, at: Time, event: &Event) {
        self.things += 1;
        assert!(self.things < MOST, "it does not come to rest");
        self.world.now = self.world.now.max(at);
        match event {
            Event::Late => self.world.deliver_late(),
            Event::Node(index) => self.nodes[*index].tick(&mut self.world),
        }
        judge::now(&self.world);
    }

    /// A node dies, and another process takes its place.
    pub(crate) fn crash(&mut self, index: usize, restarts_at: Time) {
        self.processes += 1;
        self.nodes[index].die(self.processes, restarts_at);
    }

    /// Gives a command to a node.
    pub(crate) fn command(&mut self, index: usize, command: Command) {
        let node = &mut self.nodes[index];
        node.commands.insert(0, command);
        if matches!(node.stage, Stage::Idle) {
            node.ready_at = self.world.now;
        }
    }

    /// Until nothing happens any more, and no person has anything left to say.
    pub(crate) fn settle(&mut self) {
        self.until(NEVER);
        while let Some(command) = self.person() {
            self.command(0, command);
            self.until(NEVER);
        }
    }

    pub(crate) fn until(&mut self, end: Time) {
        while let Some((at, event)) = self.next().filter(|(at, _)| *at < end) {
            self.happen(at, &event);
        }
    }

    /// What a person who looks at the vendor says of a generation that only a person can find out.
    pub(crate) fn person(&self) -> Option<Command> {
        let world = &self.world;
        let mut abandoned = world.store.state.generations.values();
        let it = abandoned.find(|it| it.status == Status::Abandoned)?;
        let made = world.vendor.objects.iter().find(|object| {
            object.ours && object.generation == Some(it.number) && object.lives(world.now) && !object.duplicate
        });
        Some(Command::Resolve {
            generation: it.number,
            vendor_id: it.vendor_id.clone().or_else(|| made.map(|object| object.id.clone())),
        })
    }

    /// A command carried out without faults, to prepare what follows.
    pub(crate) fn prepare(&mut self, command: Command) {
        self.command(0, command);
        while let Some((at, event)) = self.next() {
            if at > self.world.now + 10_000 && self.world.store.state.operation.is_none() {
                break;
            }
            self.happen(at, &event);
        }
    }
}

pub(crate) fn create(spec: &Spec) -> Command {
    Command::Create { spec: spec.clone(), reason: None }
}

pub(crate) fn rotate(spec: &Spec, compromised: bool, revoke_first: bool) -> Command {
    Command::Rotate { spec: spec.clone(), reason: None, compromised, revoke_first, allow_downtime: true }
}

pub(crate) fn revoke() -> Command {
    Command::Revoke { reason: None }
}

pub(crate) fn suspend() -> Command {
    Command::Suspend { reason: None }
}

pub(crate) fn resume() -> Command {
    Command::Resume { reason: None }
}

pub(crate) fn update(spec: &Spec) -> Command {
    let patch = [("label".to_owned(), "new".into())].into_iter().collect();
    Command::Update { spec: spec.clone(), patch }
}

/// Takes over what someone made at the vendor.
pub(crate) fn import(world: &World, spec: &Spec, vendor_id: &str, has_secret: bool) -> Command {
    let object = world.vendor.object(vendor_id).unwrap();
    Command::Import {
        spec: spec.clone(),
        vendor_id: object.id.clone(),
        attributes: serde_json::Map::new(),
        expiry: keywright_lifecycle::Expiry::Never,
        has_secret,
    }
}

/// Whether this makes it worthwhile to let it be on its way when its sender dies.
pub(crate) fn is_change(effect: &Effect) -> bool {
    !matches!(effect, Effect::Seek { .. } | Effect::Inspect { .. } | Effect::Verify { .. })
}

/// What a failed assertion says.
pub(crate) fn words(problem: &(dyn std::any::Any + Send)) -> String {
    let text = problem.downcast_ref::<String>().cloned();
    text.or_else(|| problem.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
