//! What a component finds that only describes itself: clocks that stand still, and chance that repeats itself.
//!
//! A description is what an operator consents to, so it may depend on nothing but the component. Two descriptions in
//! different circumstances show whether one does.

use std::time::Duration;

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtxBuilder};

/// A time that does not pass, and where chance starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances {
    /// Since the Unix epoch.
    now: Duration,
    seed: u64,
}

impl Circumstances {
    /// Two that have nothing in common: the start of 2001 and that of 2055.
    pub(crate) const BOTH: [Self; 2] = [
        Self { now: Duration::from_secs(978_307_200), seed: 1 },
        Self { now: Duration::from_secs(2_682_374_400), seed: 2 },
    ];

    pub(crate) fn apply(self, wasi: &mut WasiCtxBuilder) {
        wasi.wall_clock(self)
            .monotonic_clock(self)
            .secure_random(StdRng::seed_from_u64(self.seed))
            .insecure_random(StdRng::seed_from_u64(!self.seed))
            .insecure_random_seed(self.seed.into());
    }
}

impl HostWallClock for Circumstances {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        self.now
    }
}

impl HostMonotonicClock for Circumstances {
    fn resolution(&self) -> u64 {
        1_000_000_000
    }

    fn now(&self) -> u64 {
        self.now.as_secs().saturating_mul(1_000_000_000)
    }
}
