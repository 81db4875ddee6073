"""Writes vectors.json: the formats of docs/sealing.md, computed from that page alone and without Keywright's code.

    python3 -m venv venv && venv/bin/pip install PyNaCl cryptography argon2-cffi
    venv/bin/python make.py > vectors.json

XChaCha20-Poly1305 is libsodium's, HKDF and HMAC are OpenSSL's, Argon2id is the reference implementation's.
"""

import base64
import hashlib
import json
import struct

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as encrypt


def chosen(label, length):
    """Bytes that look random and are the same each time."""
    return hashlib.shake_256(b"keywright sealing vector: " + label.encode()).digest(length)


def pae(*fields):
    return struct.pack("<Q", len(fields)) + b"".join(struct.pack("<Q", len(field)) + field for field in fields)


def u64(number):
    return struct.pack("<Q", number)


def hkdf(key, purpose):
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key)


def hmac(key, message):
    mac = HMAC(key, SHA256())
    mac.update(message)
    return mac.finalize()


def key_id(kek):
    return hkdf(kek, b"kw1/kek-id")[:16]


def wrap(kek, nonce, key, aad):
    return nonce + encrypt(key, aad, nonce, hkdf(kek, b"kw1/wrap"))


def commit(kek, header):
    return hmac(hkdf(kek, b"kw1/commit"), header)


def sealed(kek, instance, credential, generation, data_key, wrap_nonce, parts):
    place = (instance.encode(), credential.encode(), u64(generation))
    wrapped = wrap(kek, wrap_nonce, data_key, pae(b"kw1/dek", place[0], key_id(kek), *place[1:]))
    record = b"KWS\x01" + b"\x01" + key_id(kek) + struct.pack("<H", len(wrapped)) + wrapped + bytes([len(parts)])
    for name, nonce, secret in parts:
        ciphertext = encrypt(secret, pae(b"kw1/part", *place, name.encode(), b"\x01"), nonce, data_key)
        record += bytes([len(name.encode())]) + name.encode() + nonce
        record += struct.pack("<I", len(ciphertext)) + ciphertext
    return record + commit(kek, pae(b"kw1/header", *place, record))


def sealed_instance_key(kek, instance, key, nonce):
    wrapped = wrap(kek, nonce, key, pae(b"kw1/instance", instance.encode(), key_id(kek)))
    record = b"KWI\x01" + key_id(kek) + struct.pack("<H", len(wrapped)) + wrapped
    return record + commit(kek, pae(b"kw1/instance-header", instance.encode(), record))


def seal_vector(label, instance, credential, generation, parts):
    kek, new_kek = chosen(label + " kek", 32), chosen(label + " new kek", 32)
    data_key = chosen(label + " data key", 32)
    nonces = chosen(label + " wrap nonce", 24), chosen(label + " new wrap nonce", 24)
    parts = [(name, chosen(f"{label} nonce {at}", 24), secret) for at, (name, secret) in enumerate(parts)]
    place = (instance, credential, generation, data_key)
    return {
        "name": label,
        "kek": kek.hex(),
        "kek_id": key_id(kek).hex(),
        "new_kek": new_kek.hex(),
        "instance": instance,
        "credential": credential,
        "generation": generation,
        "data_key": data_key.hex(),
        "wrap_nonce": nonces[0].hex(),
        "new_wrap_nonce": nonces[1].hex(),
        "parts": [{"name": name, "nonce": nonce.hex(), "secret": secret.hex()} for name, nonce, secret in parts],
        "sealed": sealed(kek, *place, nonces[0], parts).hex(),
        "rewrapped": sealed(new_kek, *place, nonces[1], parts).hex(),
    }


def check_vector(label, instance):
    kek = chosen(label, 32)
    mac = commit(kek, pae(b"kw1/check", instance.encode(), key_id(kek)))
    return {
        "kek": kek.hex(),
        "key_text": "keywright-key-1:" + base64.b64encode(kek).decode() + "\n",
        "instance": instance,
        "check": (b"KWC\x01" + key_id(kek) + mac).hex(),
    }


def instance_key_vector(label, instance, markers, secrets):
    kek, key, nonce = chosen(label + " kek", 32), chosen(label, 32), chosen(label + " nonce", 24)

    def marker(credential, generation, epoch):
        message = pae(b"kw1/marker", instance.encode(), credential.encode(), u64(generation), u64(epoch))
        return {
            "credential": credential,
            "generation": generation,
            "epoch": epoch,
            "marker": hmac(hkdf(key, b"kw1/marker"), message).hex(),
        }

    def digest(secret):
        message = pae(b"kw1/digest", instance.encode(), secret)
        return {"secret": secret.hex(), "digest": hmac(hkdf(key, b"kw1/digest"), message)[:16].hex()}

    return {
        "kek": kek.hex(),
        "instance": instance,
        "key": key.hex(),
        "wrap_nonce": nonce.hex(),
        "sealed": sealed_instance_key(kek, instance, key, nonce).hex(),
        "markers": [marker(*of) for of in markers],
        "digests": [digest(secret) for secret in secrets],
    }


def passphrase_vector(passphrase, memory, passes, lanes):
    salt = chosen("salt of " + passphrase, 16)
    key = hash_secret_raw(passphrase.encode(), salt, passes, memory, lanes, 32, Type.ID, version=0x13)
    return {
        "passphrase": passphrase,
        "parameters": (b"KWP\x01" + struct.pack("<III", memory, passes, lanes) + salt).hex(),
        "kek": key.hex(),
        "kek_id": key_id(key).hex(),
    }


INSTANCE = "6f1c9d1e-8f6b-4c52-9d6a-2b0a7f0f4a11"
LAST = 2**64 - 1

print(
    json.dumps(
        {
            "seals": [
                seal_vector("one part", INSTANCE, "ci-deploy", 1, [("secret_key", b"11111111-2222-4333-8444-555555555555")]),
                seal_vector(
                    "three parts, one of them empty, one of them binary",
                    INSTANCE,
                    "zahlungsverkehr-prüfung",
                    LAST,
                    [("access_key", b"AKEXAMPLE"), ("leer", b""), ("schlüssel", bytes(range(256)) * 5)],
                ),
                seal_vector("the shortest names", "", "", 0, [("k", b"v")]),
                seal_vector("the longest name", "i", "c" * 300, 7, [("n" * 255, b"v" * 64)]),
            ],
            "checks": [check_vector("key one", INSTANCE), check_vector("key two", "")],
            "instance_keys": [
                instance_key_vector(
                    "instance key",
                    INSTANCE,
                    [("ci-deploy", 1, 1), ("ci-deploy", 1, 2), ("ci-deploy", 2, 1), ("prüfung", LAST, LAST), ("", 0, 0)],
                    [b"11111111-2222-4333-8444-555555555555", b"", bytes(range(256))],
                ),
            ],
            "passphrases": [
                passphrase_vector("correct horse battery staple", 64 * 1024, 3, 4),
                passphrase_vector("sechs zufällige Wörter, getrennt", 65537, 4, 5),
            ],
        },
        indent=2,
        ensure_ascii=False,
    )
)
