//! One request out through `wasi:http`, one whole answer back.

use super::{Request, Response, error};
use crate::wire::bindings::wasi::http::outgoing_handler;
use crate::wire::bindings::wasi::http::types::{
    ErrorCode, Fields, IncomingResponse, Method as WasiMethod, OutgoingBody, OutgoingRequest, Scheme,
};
use crate::wire::bindings::wasi::io::streams::{OutputStream, StreamError};
use crate::{Failure, FieldProblem, Method, Problem, Reason, Result};

/// The largest answer that is read, in bytes. Ours stops earlier; other hosts may not stop at all.
const LARGEST_ANSWER: usize = 4 << 20;

/// What `blocking-write-and-flush` takes at once, by its contract.
const WRITE: usize = 4096;

/// What is read at once.
const READ: u64 = 64 << 10;

pub(super) fn once(request: Request<'_>, body: Vec<u8>) -> Result<Response> {
    let safe = request.safe;
    let outgoing = build(request, &body)?;
    let stream_of = outgoing.body();
    let answer = outgoing_handler::handle(outgoing, None).map_err(|code| error::not_sent(&code))?;
    if let Ok(out) = stream_of {
        write(out, &body).map_err(|()| error::broken(safe))?;
    }
    answer.subscribe().block();
    let incoming = match answer.get() {
        Some(Ok(Ok(incoming))) => incoming,
        Some(Ok(Err(code))) => return Err(error::failed(&code, safe)),
        _ => return Err(error::broken(safe)),
    };
    read(incoming, safe)
}

fn build(request: Request<'_>, body: &[u8]) -> Result<OutgoingRequest> {
    let malformed =
        |what: &str| Failure::new(Reason::Vendor("request".to_owned()), format!("the adapter built {what}"));
    let Some(authority) = request.base.strip_prefix("https://") else {
        return Err(FieldProblem::new("/endpoint", Problem::Format, "must start with https://").into());
    };
    let target =
        if request.query.is_empty() { request.path.clone() } else { format!("{}?{}", request.path, request.query) };
    let mut headers = request.headers.clone();
    headers.extend(super::direct::headers(&request, authority, body)?);
    let fields: Vec<(String, Vec<u8>)> = headers.into_iter().map(|(name, value)| (name, value.into_bytes())).collect();
    let fields =
        Fields::from_list(&fields).map_err(|error| malformed(&format!("a header that the host refuses: {error}")))?;
    let outgoing = OutgoingRequest::new(fields);
    let set = outgoing
        .set_method(&match request.method {
            Method::Get => WasiMethod::Get,
            Method::Head => WasiMethod::Head,
            Method::Post => WasiMethod::Post,
            Method::Put => WasiMethod::Put,
            Method::Patch => WasiMethod::Patch,
            Method::Delete => WasiMethod::Delete,
        })
        .and_then(|()| outgoing.set_scheme(Some(&Scheme::Https)))
        .and_then(|()| outgoing.set_authority(Some(authority)))
        .and_then(|()| outgoing.set_path_with_query(Some(&target)));
    set.map_err(|()| malformed("a request that the host cannot send"))?;
    Ok(outgoing)
}

fn write(out: OutgoingBody, body: &[u8]) -> std::result::Result<(), ()> {
    if !body.is_empty() {
        let stream: OutputStream = out.write()?;
        // In one go where there is room, which spares a wait for each piece; else piece by piece.
        let room = stream.check_write().map_err(|_| ())?;
        if usize::try_from(room).is_ok_and(|room| body.len() <= room) {
            stream.write(body).map_err(|_| ())?;
        } else {
            for piece in body.chunks(WRITE) {
                stream.blocking_write_and_flush(piece).map_err(|_| ())?;
            }
        }
    }
    OutgoingBody::finish(out, None).map_err(|_: ErrorCode| ())
}

fn read(incoming: IncomingResponse, safe: bool) -> Result<Response> {
    let status = incoming.status();
    let headers = incoming.headers().entries();
    let cut = || {
        let message = format!("the vendor's answer (status {status}) broke off");
        match safe {
            true => Failure::new(Reason::Unavailable, format!("{message}: try again")).with_status(status),
            false => Failure::new(Reason::InDoubt, format!("{message}; the request may have taken effect"))
                .with_status(status),
        }
    };
    let content = incoming.consume().map_err(|()| cut())?;
    let mut body = Vec::new();
    {
        let stream = content.stream().map_err(|()| cut())?;
        loop {
            match stream.blocking_read(READ) {
                Ok(chunk) => body.extend(chunk),
                Err(StreamError::Closed) => break,
                Err(StreamError::LastOperationFailed(_)) => return Err(cut()),
            }
            if body.len() > LARGEST_ANSWER {
                return Err(cut());
            }
        }
    }
    Ok(Response { safe, status, headers, body })
}
