//! A schema of forty lines, each of which is the next one twice: whoever checks attributes against it is at work for
//! hours, on no adapter's time.

use keywright_guest_hostile::*;

attack! {
    fn describe() -> Descriptor {
        let parts = (0..40).map(|number| {
            let next = json!({"$ref": format!("#/$defs/{}", number + 1)});
            (number.to_string(), json!({"anyOf": [next, next]}))
        });
        let parts: serde_json::Map<_, _> = parts.chain([("40".to_owned(), json!(false))]).collect();
        let schema = json!({"$ref": "#/$defs/0", "$defs": parts}).to_string();
        described("https://vendor.test").attributes(schema.leak())
    }
}
