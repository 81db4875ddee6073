//! Requests as `wasi:http` takes them, with nothing in between that would mend them.

use keywright_sdk::private::bindings::wasi::http::outgoing_handler;
use keywright_sdk::private::bindings::wasi::http::types::{Fields, Method, OutgoingBody, OutgoingRequest, Scheme};
use serde_json::Value;

/// Sends the request that the JSON describes; the status and the body of its answer, or where it ended.
pub(crate) fn send(wanted: &Value) -> Result<(u16, Vec<u8>), String> {
    let text = |field: &str| wanted.get(field).and_then(Value::as_str);
    let headers: Vec<(String, Vec<u8>)> = wanted
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().as_bytes().to_vec()))
        .collect();
    let headers = Fields::from_list(&headers).map_err(|error| format!("headers: {error:?}"))?;
    let request = OutgoingRequest::new(headers);
    let method = match text("method").unwrap_or("GET") {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "DELETE" => Method::Delete,
        other => Method::Other(other.to_owned()),
    };
    let scheme = match text("scheme").unwrap_or("https") {
        "https" => Scheme::Https,
        "http" => Scheme::Http,
        other => Scheme::Other(other.to_owned()),
    };
    request.set_method(&method).map_err(|()| "method")?;
    request.set_scheme(Some(&scheme)).map_err(|()| "scheme")?;
    request.set_authority(text("authority")).map_err(|()| "authority")?;
    request.set_path_with_query(text("target")).map_err(|()| "target")?;
    let out = request.body().map_err(|()| "body")?;
    let answer = outgoing_handler::handle(request, None).map_err(|code| format!("handle: {code:?}"))?;
    if let Some(body) = text("body") {
        let stream = out.write().map_err(|()| "write")?;
        for chunk in body.as_bytes().chunks(4096) {
            stream.blocking_write_and_flush(chunk).map_err(|error| format!("write: {error:?}"))?;
        }
    }
    OutgoingBody::finish(out, None).map_err(|code| format!("finish: {code:?}"))?;
    answer.subscribe().block();
    let incoming = match answer.get() {
        Some(Ok(Ok(incoming))) => incoming,
        Some(Ok(Err(code))) => return Err(format!("answer: {code:?}")),
        _ => return Err("answer: none".to_owned()),
    };
    let status = incoming.status();
    let content = incoming.consume().map_err(|()| "consume")?;
    let stream = content.stream().map_err(|()| "stream")?;
    let mut body = Vec::new();
    while let Ok(chunk) = stream.blocking_read(64 << 10) {
        body.extend(chunk);
    }
    Ok((status, body))
}
