//! What is left when the machine stops: the log is cut anywhere.

use std::fs;
use std::path::Path;

use keywright_store::{Store as _, verify};

use crate::common::{self, block_on};

/// The header of the log, and of each frame in it, in bytes (sqlite.org/fileformat2.html, section 4).
const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const PAGE: usize = 4_096;
const FRAME: usize = FRAME_HEADER + PAGE;

/// What was acknowledged when the files were as they are here.
struct Photograph {
    database: Vec<u8>,
    log: Vec<u8>,
    acknowledged: u64,
}

fn photograph(directory: &Path, acknowledged: u64) -> Photograph {
    let read = |name: &str| fs::read(directory.join(name)).unwrap_or_default();
    Photograph { database: read("keywright.db"), log: read("keywright.db-wal"), acknowledged }
}

/// Opens a copy of the files, the log cut after so many bytes. How many lines the journal has then.
fn reopened(photograph: &Photograph, length: usize) -> u64 {
    let directory = common::directory_in_memory();
    let write = |name: &str, bytes: &[u8]| {
        let file = directory.path().join(name);
        fs::write(&file, bytes).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    };
    write("keywright.db", &photograph.database);
    write("keywright.db-wal", &photograph.log[..length]);
    let store = common::open(directory.path());
    block_on(async {
        // Whole: the state is what the journal adds up to, and no line of it is missing.
        verify(&store).await.unwrap();
        store.find("ci-deploy").await.unwrap().map_or(0, |found| found.state.sequence)
    })
}

/// Photographs after each commit.
fn photographs() -> Vec<Photograph> {
    let directory = tempfile::tempdir().unwrap();
    let store = common::open(directory.path());
    let mut photographs = vec![photograph(directory.path(), 0)];
    block_on(async {
        let lease = common::claimed(&store, "ci-deploy").await;
        for generation in 1..=4 {
            let marker = format!("kw-{generation}");
            let commits = [
                common::creation(generation, &marker),
                common::acknowledgement(generation, &format!("id-{generation}"), &[7; 6_000]),
                common::commit([keywright_lifecycle::Record::Verified { generation, unproven: false }]),
                common::commit([keywright_lifecycle::Record::Promoted {
                    generation,
                    previous: (generation > 1).then(|| generation - 1),
                }]),
            ];
            for commit in commits {
                let committed = store.commit(&lease, commit).await.unwrap();
                photographs.push(photograph(directory.path(), committed.state.sequence));
            }
        }
    });
    photographs
}

#[test]
fn a_commit_that_was_acknowledged_is_in_the_files_at_that_moment() {
    for photograph in photographs() {
        assert_eq!(reopened(&photograph, photograph.log.len()), photograph.acknowledged);
    }
}

#[test]
fn a_log_that_is_cut_at_any_frame_gives_a_prefix_of_the_journal() {
    let photograph = photographs().pop().unwrap();
    assert_eq!((photograph.log.len() - HEADER) % FRAME, 0, "the log is not what this test knows");
    let frames = (photograph.log.len() - HEADER) / FRAME;
    assert!(frames > 100, "{frames}");
    let mut last = 0;
    for frame in 0..=frames {
        let lines = reopened(&photograph, HEADER + frame * FRAME);
        assert!(lines >= last, "frame {frame}");
        last = lines;
    }
    assert_eq!(last, photograph.acknowledged);
}

#[test]
fn a_log_that_is_cut_or_torn_anywhere_gives_a_prefix_of_the_journal() {
    let mut photograph = photographs().pop().unwrap();
    let whole = photograph.log.clone();
    // Numbers that lie everywhere, the same each time.
    let places = (1..80_usize).map(|number| number * 7_919_777 % whole.len());
    for place in places {
        let cut = reopened(&photograph, place);
        assert!(cut <= photograph.acknowledged);
        // The rest of a sector that was not written: what stood there before.
        let until = (place + 512).min(whole.len());
        photograph.log[place..until].fill(0);
        let torn = reopened(&photograph, whole.len());
        assert!(torn >= cut && torn <= photograph.acknowledged, "{torn} lines at {place}, {cut} when it is cut there");
        photograph.log.copy_from_slice(&whole);
    }
}
