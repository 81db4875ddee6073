//! The time of a store, which never goes back.

use chrono::{DateTime, Utc};

/// A wall clock, which may be set back or ahead at any moment.
pub trait WallClock: Send + Sync {
    /// What it shows.
    fn now(&self) -> DateTime<Utc>;
}

/// The wall clock of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl WallClock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A moment by both clocks, in microseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// By the store's.
    pub(crate) store: i64,
    /// By the wall clock.
    pub(crate) wall: i64,
}

impl Moment {
    /// The moment at which the wall clock shows `wall`. The store's clock shows the same, unless the wall clock was set
    /// back: then the store's goes on at half the speed until the wall clock has caught up, so that leases still end.
    pub(crate) fn next(self, wall: i64) -> Self {
        let elapsed = wall.saturating_sub(self.wall).max(0);
        Self { store: wall.max(self.store.saturating_add(elapsed / 2)), wall }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_follows_the_wall_clock_ahead() {
        assert_eq!(Moment { store: 0, wall: 0 }.next(700), Moment { store: 700, wall: 700 });
    }

    #[test]
    fn a_wall_clock_that_is_set_back_slows_the_clock_down_until_it_has_caught_up() {
        let set_back = Moment { store: 1_000, wall: 1_000 }.next(400);
        assert_eq!(set_back, Moment { store: 1_000, wall: 400 });
        assert_eq!(set_back.next(600).store, 1_100);
        assert_eq!(set_back.next(600).next(800).store, 1_200);
        assert_eq!(set_back.next(5_000).store, 5_000);
        assert_eq!(set_back.next(100).store, 1_000, "it is set back again");
    }
}
