//! Accounts that would know of each other.

use super::stage::{Setup, Stage, proper};

/// Two accounts of one adapter and one of another, each asked twice: which connection each request came on, and whether
/// that resumed an earlier session.
async fn asked_in_turn(stage: &Stage, another: &str) -> Vec<(usize, bool)> {
    let others = [stage.another_account(), stage.account_of_another(another).await];
    for _ in 0..2 {
        stage.check().await.unwrap();
        for other in &others {
            other.check().await.unwrap();
        }
    }
    let arrived = stage.vendor.arrived();
    arrived.iter().map(|arrived| (arrived.connection, arrived.resumed)).collect()
}

attack!(shared_connection, Setup::usual(), async |stage: &Stage| {
    let connections = asked_in_turn(stage, "shared_session").await;
    let own = [(0, false), (1, false), (2, false)];
    assert_eq!(connections, [own, own].concat());
});

attack!(
    shared_session,
    Setup::vendor(|request, canaries| proper(request, canaries).header("connection", "close")),
    async |stage: &Stage| {
        let sessions = asked_in_turn(stage, "shared_connection").await;
        // An account resumes its own session, and no account another's.
        assert_eq!(sessions, [(0, false), (1, false), (2, false), (3, true), (4, true), (5, true)]);
    }
);
