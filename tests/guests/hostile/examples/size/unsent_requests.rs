//! Requests that are never sent, their buffers full: each holds what the host has allowed for one.

use keywright_guest_hostile::*;

attack! {
    fn check(_: &Account) -> Result<Principal> {
        let mut hoard = Vec::new();
        loop {
            let (request, body) = post("/keys/1/notes", "").build().map_err(ended)?;
            let stream = body.write().map_err(|()| ended("write"))?;
            while let Ok(room @ 1..) = stream.check_write() {
                let piece = vec![b'x'; usize::try_from(room).unwrap_or_default()];
                stream.write(&piece).map_err(|error| ended(format!("{error:?}")))?;
            }
            hoard.push((request, body, stream));
        }
    }
}
