//! What happens in a history.

use proptest::prelude::{Just, Strategy, any, prop_oneof};

/// One thing that happens. Numbers choose among what is there.
#[derive(Clone, Debug)]
pub(super) enum Action {
    Register {
        node: usize,
        name: usize,
        account: usize,
        vendor: usize,
    },
    Claim {
        node: usize,
        name: usize,
        seconds: u64,
    },
    ClaimDue {
        node: usize,
        seconds: u64,
    },
    Renew {
        node: usize,
        lease: usize,
        seconds: u64,
    },
    Release {
        node: usize,
        lease: usize,
        due: Option<i64>,
    },
    /// As many commits as follow from each other, up to `steps`; the last one has the flaw, if it can have it.
    Commit {
        node: usize,
        lease: usize,
        dice: u64,
        steps: u32,
        flaw: Flaw,
        window: Option<u64>,
    },
    BreakIn {
        lease: usize,
        dice: u64,
        after: u32,
    },
    Pass {
        seconds: i64,
    },
    Reopen {
        node: usize,
    },
    Initialise {
        key: usize,
    },
    ReplaceKey {
        expected: usize,
        key: usize,
        ours: bool,
    },
    Reseal {
        stale: bool,
    },
}

/// What is wrong with a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    Nothing,
    SecretLeftOut,
    SecretOfAnother,
    WrongPrevious,
    Misplaced,
    NothingButWindow,
}

pub(super) fn action() -> impl Strategy<Value = Action> {
    let node = || 0..2_usize;
    let name = || prop_oneof![9 => 0..3_usize, 1 => Just(3_usize)];
    // Mostly the last leases, and now and then one that was lost long ago.
    let lease = || prop_oneof![6 => Just(0_usize), 5 => 0..4_usize, 1 => 0..20_usize];
    let seconds = || prop_oneof![4 => 10..40_u64, 1 => 0..3_u64];
    let flaw = prop_oneof![
        12 => Just(Flaw::Nothing),
        1 => Just(Flaw::SecretLeftOut),
        1 => Just(Flaw::SecretOfAnother),
        1 => Just(Flaw::WrongPrevious),
        1 => Just(Flaw::Misplaced),
        1 => Just(Flaw::NothingButWindow),
    ];
    let pass = prop_oneof![6 => 1..10_i64, 2 => 30..4_000_i64, 1 => 80_000..400_000_i64, 1 => -5_000..0_i64];
    prop_oneof![
        2 => (node(), name(), 0..8_usize, 0..8_usize)
            .prop_map(|(node, name, account, vendor)| Action::Register { node, name, account, vendor }),
        6 => (node(), name(), seconds()).prop_map(|(node, name, seconds)| Action::Claim { node, name, seconds }),
        3 => (node(), seconds()).prop_map(|(node, seconds)| Action::ClaimDue { node, seconds }),
        2 => (node(), lease(), seconds()).prop_map(|(node, lease, seconds)| Action::Renew { node, lease, seconds }),
        4 => (node(), lease(), proptest::option::weighted(0.8, -100..100_i64))
            .prop_map(|(node, lease, due)| Action::Release { node, lease, due }),
        30 => (node(), lease(), any::<u64>(), 1..12_u32, flaw, proptest::option::of(0..200_u64))
            .prop_map(|(node, lease, dice, steps, flaw, window)| Action::Commit {
                node,
                lease,
                dice,
                steps,
                flaw,
                window,
            }),
        3 => (lease(), any::<u64>(), 0..2_500_u32)
            .prop_map(|(lease, dice, after)| Action::BreakIn { lease, dice, after }),
        5 => pass.prop_map(|seconds| Action::Pass { seconds }),
        1 => node().prop_map(|node| Action::Reopen { node }),
        1 => (0..2_usize).prop_map(|key| Action::Initialise { key }),
        1 => (0..2_usize, 0..2_usize, proptest::bool::weighted(0.8))
            .prop_map(|(expected, key, ours)| Action::ReplaceKey { expected, key, ours }),
        2 => any::<bool>().prop_map(|stale| Action::Reseal { stale }),
    ]
}
