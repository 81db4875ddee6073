//! The protocol of lease, epoch, send window and quarantine, checked exhaustively: two nodes on one store, either of which
//! may stop at any point for any time or die, and a vendor that a request may reach late.
//!
//! A node that does nothing while the clock ticks is a paused one. Time is a few ticks: the send window, the time that a
//! request may be held up beyond it and the delay of the vendor's list are one tick each.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "what tests share may fail as tests do")]

use stateright::{Checker, HasDiscoveries, Model, Property};

type Time = u8;

/// How long a lease lasts, a request may be sent after its intent, is held up, and is not listed yet.
const TICK: Time = 1;

/// When the model ends.
const END: Time = 9;

/// Generations at most.
const GENERATIONS: usize = 2;

/// What the protocol rests on; each can be left out, to see that it is needed.
#[derive(Clone, Copy)]
struct Protocol {
    /// Every write is refused without the present epoch.
    fenced: bool,
    /// Nothing is sent after the deadline.
    send_window: bool,
    /// A search begins only when everything that was sent has arrived and is listed.
    quarantine: bool,
}

const WHOLE: Protocol = Protocol { fenced: true, send_window: true, quarantine: true };

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Status {
    None,
    Intended,
    Acknowledged,
    Void,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    /// It has no lease.
    Idle,
    /// It has one, and nothing is pending.
    Ready,
    /// It is about to send the creation of this generation.
    Send { generation: usize, deadline: Time },
    /// It waits for the answer.
    Wait { generation: usize },
    /// It looks for what the creation of this generation made.
    Search { generation: usize },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Node {
    stage: Stage,
    /// Whether the epoch of its lease is still the last one. That is all that matters of an epoch; a number that counts
    /// up would make each state a new one.
    has_last_epoch: bool,
}

/// A generation as the store, the network and the vendor have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Generation {
    status: Status,
    intended_at: Time,
    empty_searches: u8,
    searched_at: Time,
    sent: u8,
    /// On its way, until then at the latest.
    on_its_way: Option<Time>,
    made_at: Option<Time>,
    deleted: bool,
    answered: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    now: Time,
    owner: Option<usize>,
    until: Time,
    nodes: [Node; 2],
    generations: [Generation; GENERATIONS],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Tick,
    Claim(usize),
    Intend(usize),
    Send(usize),
    Arrive(usize),
    TakeAnswer(usize),
    GiveUp(usize),
    Search(usize),
    Die(usize),
}

impl World {
    /// The generation that is pending.
    fn pending(&self) -> Option<usize> {
        self.generations.iter().position(|generation| generation.status == Status::Intended)
    }

    fn holds(&self, node: usize, protocol: Protocol) -> bool {
        !protocol.fenced || (self.owner == Some(node) && self.nodes[node].has_last_epoch)
    }
}

impl Model for Protocol {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let generation = Generation {
            status: Status::None,
            intended_at: 0,
            empty_searches: 0,
            searched_at: 0,
            sent: 0,
            on_its_way: None,
            made_at: None,
            deleted: false,
            answered: false,
        };
        let node = Node { stage: Stage::Idle, has_last_epoch: false };
        vec![World { now: 0, owner: None, until: 0, nodes: [node; 2], generations: [generation; GENERATIONS] }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        // What is on its way arrives in time.
        if world.generations.iter().all(|it| it.on_its_way.is_none_or(|latest| latest > world.now)) {
            actions.push(Action::Tick);
        }
        for (generation, it) in world.generations.iter().enumerate() {
            if it.on_its_way.is_some() {
                actions.push(Action::Arrive(generation));
            }
        }
        for (node, it) in world.nodes.iter().enumerate() {
            match it.stage {
                Stage::Idle => actions.push(Action::Claim(node)),
                Stage::Ready => actions.extend([Action::Intend(node), Action::Die(node)]),
                Stage::Send { .. } => actions.extend([Action::Send(node), Action::Die(node)]),
                Stage::Wait { generation } => {
                    if world.generations[generation].answered {
                        actions.push(Action::TakeAnswer(node));
                    }
                    actions.extend([Action::GiveUp(node), Action::Die(node)]);
                }
                Stage::Search { .. } => actions.extend([Action::Search(node), Action::Die(node)]),
            }
        }
    }

    fn next_state(&self, last: &World, action: Action) -> Option<World> {
        let mut world = last.clone();
        match action {
            Action::Tick => world.now += 1,
            Action::Claim(node) => {
                if world.owner.is_some() && world.until > world.now {
                    return None;
                }
                world.owner = Some(node);
                world.until = world.now + TICK;
                let stage = world.pending().map_or(Stage::Ready, |generation| Stage::Search { generation });
                world.nodes[1 - node].has_last_epoch = false;
                world.nodes[node] = Node { stage, has_last_epoch: true };
            }
            Action::Intend(node) => {
                let generation = world.generations.iter().position(|it| it.status == Status::None)?;
                if !world.holds(node, *self) || world.pending().is_some() {
                    world.nodes[node].stage = Stage::Idle;
                    return Some(world);
                }
                let (now, deadline) = (world.now, world.now + TICK);
                let it = &mut world.generations[generation];
                (it.status, it.intended_at) = (Status::Intended, now);
                world.until = world.until.max(deadline);
                world.nodes[node].stage = Stage::Send { generation, deadline };
            }
            Action::Send(node) => {
                let Stage::Send { generation, deadline } = world.nodes[node].stage else { return None };
                if self.send_window && world.now > deadline {
                    // It sends nothing, and says so, if it is still asked.
                    if world.holds(node, *self) {
                        world.generations[generation].status = Status::Void;
                    }
                    world.nodes[node].stage = Stage::Idle;
                    return Some(world);
                }
                let latest = world.now.max(deadline) + TICK;
                let it = &mut world.generations[generation];
                it.sent += 1;
                it.on_its_way = Some(latest);
                world.nodes[node].stage = Stage::Wait { generation };
            }
            Action::Arrive(generation) => {
                let now = world.now;
                let it = &mut world.generations[generation];
                (it.on_its_way, it.made_at, it.answered) = (None, Some(now), true);
            }
            Action::TakeAnswer(node) => {
                let Stage::Wait { generation } = world.nodes[node].stage else { return None };
                if world.holds(node, *self) {
                    world.generations[generation].status = Status::Acknowledged;
                }
                world.nodes[node].stage = Stage::Idle;
            }
            Action::GiveUp(node) => {
                let Stage::Wait { generation } = world.nodes[node].stage else { return None };
                let holds = world.holds(node, *self);
                world.nodes[node].stage = if holds { Stage::Search { generation } } else { Stage::Idle };
            }
            Action::Search(node) => {
                let Stage::Search { generation } = world.nodes[node].stage else { return None };
                let (now, holds) = (world.now, world.holds(node, *self));
                let it = &mut world.generations[generation];
                let settled = it.intended_at + TICK + TICK + TICK;
                let again = it.searched_at + TICK;
                if self.quarantine && (now <= settled || (it.empty_searches > 0 && now < again)) {
                    return None;
                }
                if !holds || it.status != Status::Intended {
                    world.nodes[node].stage = Stage::Idle;
                    return Some(world);
                }
                it.searched_at = now;
                let is_listed = it.made_at.is_some_and(|at| now >= at + TICK) && !it.deleted;
                if is_listed {
                    (it.deleted, it.empty_searches) = (true, 0);
                } else if it.empty_searches == 0 {
                    it.empty_searches = 1;
                } else {
                    it.status = Status::Void;
                    world.nodes[node].stage = Stage::Ready;
                }
            }
            Action::Die(node) => world.nodes[node] = Node { stage: Stage::Idle, has_last_epoch: false },
        }
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::<Self>::always("at most one creation is sent for each intent", |_, world| {
                world.generations.iter().all(|it| it.sent <= 1)
            }),
            Property::<Self>::always("nothing that nobody knows is at the vendor", |_, world| {
                let unknown = |it: &&Generation| matches!(it.status, Status::None | Status::Void);
                let lives = |it: &Generation| it.made_at.is_some() && !it.deleted;
                !world.generations.iter().filter(unknown).any(lives)
            }),
            Property::<Self>::always("what was acknowledged is not taken for lost", |_, world| {
                world.generations.iter().all(|it| it.status != Status::Acknowledged || !it.deleted)
            }),
            Property::<Self>::sometimes("what was lost is found, ended, and made anew", |_, world| {
                let [first, second] = &world.generations;
                first.deleted && first.status == Status::Void && second.status == Status::Acknowledged
            }),
            Property::<Self>::sometimes("a node that was overtaken has its answer refused", |_, world| {
                world.nodes.iter().any(|node| matches!(node.stage, Stage::Wait { .. }) && !node.has_last_epoch)
            }),
        ]
    }

    fn within_boundary(&self, world: &World) -> bool {
        world.now <= END
    }
}

#[test]
fn no_orphan_stays_unknown_and_each_intent_is_sent_once() {
    let checker = WHOLE.checker().spawn_bfs().join();
    assert!(checker.unique_state_count() > 10_000, "{} states", checker.unique_state_count());
    checker.assert_properties();
}

#[test]
fn each_of_fence_window_and_quarantine_is_needed() {
    for (left_out, protocol) in [
        ("fence", Protocol { fenced: false, ..WHOLE }),
        ("send window", Protocol { send_window: false, ..WHOLE }),
        ("quarantine", Protocol { quarantine: false, ..WHOLE }),
    ] {
        let checker = protocol.checker().finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
        let broken = checker.discoveries();
        assert!(
            broken.keys().any(|name| !name.starts_with("what was lost") && !name.starts_with("a node")),
            "{left_out}"
        );
    }
}
