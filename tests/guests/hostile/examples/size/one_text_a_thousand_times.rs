//! An answer of a thousand warnings that are all the same megabyte of its memory: the host would write each of them
//! out.

use keywright_guest_hostile::*;

attack! {
    #[allow(unsafe_code, reason = "what safe code cannot do is the attack")]
    fn create(_: &Account, _: &CreateRequest) -> Result<Issued> {
        let mut issued = mint()?.issued();
        let text = std::mem::ManuallyDrop::new("x".repeat(1 << 20));
        for _ in 0..1000 {
            // SAFETY: there is none. The instance does not outlive its answer.
            let message = unsafe { String::from_raw_parts(text.as_ptr().cast_mut(), text.len(), text.len()) };
            issued.warnings.push(Warning { pointer: None, message });
        }
        Ok(issued)
    }
}
