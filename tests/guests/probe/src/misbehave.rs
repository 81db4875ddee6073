//! What an adapter must not get away with.

use std::hint::black_box;
use std::io::Write as _;

pub(crate) fn misbehave(how: &str) {
    match how {
        "loop" => loop {
            black_box(());
        },
        "allocate" => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(vec![1; 1 << 20]);
                black_box(&hoard);
            }
        }
        "recurse" => {
            black_box(deeper(black_box(0)));
        }
        "chatter" => {
            let line = [b'x'; 1024];
            for _ in 0..10_000 {
                let _ignored = std::io::stderr().write_all(&line);
            }
        }
        "panic" => {
            let nothing: Option<()> = black_box(None);
            #[allow(clippy::unwrap_used, reason = "to break down is what was asked for")]
            nothing.unwrap();
        }
        _ => {}
    }
}

#[allow(unconditional_recursion, reason = "the stack is what is to be found finite")]
fn deeper(depth: u64) -> u64 {
    let frame = [depth; 64];
    black_box(&frame);
    deeper(depth + 1) + black_box(frame[usize::try_from(depth % 64).unwrap_or_default()])
}
