//! Accounts that would know of each other.

use super::stage::{Setup, Stage, proper};

/// Two accounts, each asked twice: which connection each request came on, and whether that resumed an earlier session.
async fn asked_in_turn(stage: &Stage) -> Vec<(usize, bool)> {
    let other = stage.another_account();
    for _ in 0..2 {
        stage.check().await.unwrap();
        other.check().await.unwrap();
    }
    let arrived = stage.vendor.arrived();
    arrived.iter().map(|arrived| (arrived.connection, arrived.resumed)).collect()
}

attack!(shared_connection, Setup::usual(), async |stage: &Stage| {
    let connections = asked_in_turn(stage).await;
    assert_eq!(connections, [(0, false), (1, false), (0, false), (1, false)]);
});

attack!(
    shared_session,
    Setup::vendor(|request, canaries| proper(request, canaries).header("connection", "close")),
    async |stage: &Stage| {
        let sessions = asked_in_turn(stage).await;
        // An account resumes its own session, and no account another's.
        assert_eq!(sessions, [(0, false), (1, false), (2, true), (3, true)]);
    }
);
