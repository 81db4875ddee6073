//! One request out through `wasi:http`, one whole answer back.

use super::{Request, Response, error};
use crate::wire::bindings::wasi::http::outgoing_handler;
use crate::wire::bindings::wasi::http::types::{
    ErrorCode, Fields, IncomingResponse, Method as WasiMethod, OutgoingBody, OutgoingRequest, Scheme,
};
use crate::wire::bindings::wasi::io::streams::{OutputStream, StreamError};
use crate::{Failure, Method, Reason, Result, direct};

/// The largest answer that is read, in bytes. Ours stops earlier; other hosts may not stop at all.
const LARGEST_ANSWER: usize = 4 << 20;

/// What `blocking-write-and-flush` takes at once, by its contract.
const WRITE: usize = 4096;

/// What is read at once.
const READ: u64 = 64 << 10;

pub(super) fn once(mut request: Request<'_>, body: &[u8]) -> Result<Response> {
    direct::authenticate(&mut request, body)?;
    let safe = request.safe;
    let brokered = request.account.direct.is_none();
    let outgoing = build(&request, brokered)?;
    let stream_of = outgoing.body();
    let answer = outgoing_handler::handle(outgoing, None).map_err(|code| error::not_sent(&code, brokered))?;
    if let Ok(out) = stream_of {
        write(out, body).map_err(|()| error::broken(safe))?;
    }
    answer.subscribe().block();
    let incoming = match answer.get() {
        Some(Ok(Ok(incoming))) => incoming,
        Some(Ok(Err(code))) => return Err(error::failed(&code, safe, brokered)),
        _ => return Err(error::broken(safe)),
    };
    read(incoming, request)
}

fn build(request: &Request<'_>, brokered: bool) -> Result<OutgoingRequest> {
    let base = &request.base;
    let mut target = [base.prefix.as_str(), &request.path].concat();
    if !request.query.is_empty() {
        target.push('?');
        target.push_str(&request.query);
    }
    let fields: Vec<(String, Vec<u8>)> =
        request.headers.iter().map(|(name, value)| (name.clone(), value.as_bytes().to_vec())).collect();
    let fields = Fields::from_list(&fields)
        .map_err(|_| Failure::adapter_error("the adapter built a header that the host refuses"))?;
    let outgoing = OutgoingRequest::new(fields);
    // A runtime that does not know the scheme refuses it, where it would send `https` without a credential.
    let scheme = match (brokered, base.https) {
        (true, true) => Scheme::Other("brokered+https".to_owned()),
        (true, false) => Scheme::Other("brokered+http".to_owned()),
        (false, true) => Scheme::Https,
        (false, false) => Scheme::Http,
    };
    if outgoing.set_scheme(Some(&scheme)).is_err() && brokered {
        return Err(error::not_brokered());
    }
    let set = outgoing
        .set_method(&match request.method {
            Method::Get => WasiMethod::Get,
            Method::Head => WasiMethod::Head,
            Method::Post => WasiMethod::Post,
            Method::Put => WasiMethod::Put,
            Method::Patch => WasiMethod::Patch,
            Method::Delete => WasiMethod::Delete,
        })
        .and_then(|()| outgoing.set_authority(Some(&base.authority)))
        .and_then(|()| outgoing.set_path_with_query(Some(&target)));
    set.map_err(|()| Failure::adapter_error("the adapter built a request that the host cannot send"))?;
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

fn read(incoming: IncomingResponse, request: Request<'_>) -> Result<Response> {
    let status = incoming.status();
    let headers = incoming.headers().entries();
    let mut response = Response::new(request.safe, status, headers, Vec::new());
    let cut = |response: &Response| match response.safe {
        true => response.because(Reason::Unavailable, "the vendor's answer broke off: try again"),
        false => response.because(Reason::InDoubt, "the vendor's answer broke off; the request may have taken effect"),
    };
    let content = incoming.consume().map_err(|()| cut(&response))?;
    {
        let stream = content.stream().map_err(|()| cut(&response))?;
        loop {
            match stream.blocking_read(READ) {
                Ok(chunk) => response.body.extend(chunk),
                Err(StreamError::Closed) => break,
                Err(StreamError::LastOperationFailed(_)) => return Err(cut(&response)),
            }
            if response.body.len() > LARGEST_ANSWER {
                return Err(cut(&response));
            }
        }
    }
    response.came_from(request);
    Ok(response)
}
