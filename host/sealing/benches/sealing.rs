//! What sealing costs: a secret of three parts, and the key around it.
#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use keywright_sealing::{
    Context, InstanceKey, Key, KeyEncryptionKey as _, PassphraseParameters, Sealed, Sealer, SealingKey,
};

const INSTANCE: &str = "6f1c9d1e-8f6b-4c52-9d6a-2b0a7f0f4a11";
const CONTEXT: Context<'static> = Context { credential: "ci-deploy", generation: 3 };
const PARTS: [(&str, &[u8]); 3] = [
    ("access_key", b"AKEXAMPLE0123456789"),
    ("secret_key", b"11111111-2222-4333-8444-555555555555"),
    ("session", &[b'x'; 512]),
];

fn secrets(criterion: &mut Criterion) {
    let sealer = Sealer::new(INSTANCE, Arc::new(SealingKey::generate().unwrap()));
    let new = SealingKey::generate().unwrap();
    let sealed = sealer.seal(&CONTEXT, &PARTS).unwrap();
    let stored = sealed.to_bytes();
    criterion.bench_function("seal three parts and open them", |bench| {
        bench.iter(|| {
            let stored = sealer.seal(&CONTEXT, black_box(&PARTS)).unwrap().to_bytes();
            sealer.open(&CONTEXT, &Sealed::from_bytes(&stored).unwrap()).unwrap()
        });
    });
    criterion.bench_function("open three parts", |bench| {
        bench.iter(|| sealer.open(&CONTEXT, &Sealed::from_bytes(black_box(&stored)).unwrap()).unwrap());
    });
    criterion.bench_function("bring three parts under another key", |bench| {
        bench.iter(|| sealer.rewrap(&CONTEXT, black_box(&sealed), &new).unwrap());
    });
}

fn keys(criterion: &mut Criterion) {
    let kek = SealingKey::generate().unwrap();
    let key = Key::new(Box::new([7; 32]));
    criterion.bench_function("wrap and unwrap a data key", |bench| {
        bench.iter(|| {
            let wrapped = kek.wrap_key(black_box(&key), b"aad").unwrap();
            kek.unwrap_key(&wrapped, b"aad").unwrap()
        });
    });
    let instance_key = InstanceKey::generate(INSTANCE).unwrap();
    criterion.bench_function("make a marker", |bench| {
        bench.iter(|| instance_key.marker(black_box("ci-deploy"), 3, 7));
    });
    let parameters = PassphraseParameters::generate().unwrap();
    let passphrase = "correct horse battery staple".into();
    let mut slow = criterion.benchmark_group("passphrase");
    slow.sample_size(10)
        .bench_function("derive a key", |bench| bench.iter(|| parameters.derive(black_box(&passphrase))));
}

criterion_group!(benches, secrets, keys);
criterion_main!(benches);
