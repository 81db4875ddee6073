//! Requests as `wasi:http` takes them, with nothing in between that would mend them.

use keywright_sdk::private::bindings::wasi::http::outgoing_handler;
use keywright_sdk::private::bindings::wasi::http::types::{
    Fields, FutureIncomingResponse, IncomingBody, OutgoingBody, OutgoingRequest, RequestOptions,
};
pub use keywright_sdk::private::bindings::wasi::http::types::{Method, Scheme};

/// The scheme of a request that the host authenticates and sends over `https`.
const BROKERED: &str = "brokered+https";

/// A request, built of whatever is given.
pub struct Request {
    /// The method.
    pub method: Method,
    /// The scheme, if any.
    pub scheme: Option<Scheme>,
    /// The authority, if any.
    pub authority: Option<String>,
    /// The path and query, if any.
    pub target: Option<String>,
    /// The headers, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, in the pieces in which it is written.
    pub body: Vec<Vec<u8>>,
    /// What follows the body.
    pub trailers: Vec<(String, Vec<u8>)>,
    /// The time that it asks for, in nanoseconds: to connect, to the first byte, between bytes.
    pub timeouts: Option<u64>,
}

/// A request that is on its way.
pub struct Pending {
    answer: FutureIncomingResponse,
    out: OutgoingBody,
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// A request over `https`, which the host is to authenticate.
    pub fn new(method: Method, authority: &str, target: &str) -> Self {
        Self {
            method,
            scheme: Some(Scheme::Other(BROKERED.to_owned())),
            authority: Some(authority.to_owned()),
            target: Some(target.to_owned()),
            headers: Vec::new(),
            body: Vec::new(),
            trailers: Vec::new(),
            timeouts: None,
        }
    }

    /// With another method.
    pub fn by(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// To another authority.
    pub fn to(self, authority: &str) -> Self {
        Self { authority: Some(authority.to_owned()), ..self }
    }

    /// Over another scheme.
    pub fn over(self, scheme: Scheme) -> Self {
        Self { scheme: Some(scheme), ..self }
    }

    /// With one header more.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.as_bytes().to_vec()));
        self
    }

    /// Sends it, writes its body and takes its answer; or says where it ended.
    pub fn send(mut self) -> Result<Answer, String> {
        let (body, trailers) = (std::mem::take(&mut self.body), std::mem::take(&mut self.trailers));
        let pending = self.start()?;
        pending.write(&body)?;
        pending.finish(&trailers)
    }

    /// Hands it to the host, without its body.
    pub fn start(self) -> Result<Pending, String> {
        let options = self.timeouts.map(options).transpose()?;
        let (request, out) = self.build()?;
        let answer = outgoing_handler::handle(request, options).map_err(|code| format!("handle: {code:?}"))?;
        Ok(Pending { answer, out })
    }

    /// Builds it, and does not send it.
    pub fn build(self) -> Result<(OutgoingRequest, OutgoingBody), String> {
        let headers = Fields::from_list(&self.headers).map_err(|error| format!("headers: {error:?}"))?;
        let request = OutgoingRequest::new(headers);
        request.set_method(&self.method).map_err(|()| "method")?;
        request.set_scheme(self.scheme.as_ref()).map_err(|()| "scheme")?;
        request.set_authority(self.authority.as_deref()).map_err(|()| "authority")?;
        request.set_path_with_query(self.target.as_deref()).map_err(|()| "target")?;
        let out = request.body().map_err(|()| "body")?;
        Ok((request, out))
    }
}

impl Pending {
    /// Writes a body, each piece by itself.
    pub fn write(&self, pieces: &[Vec<u8>]) -> Result<(), String> {
        if pieces.is_empty() {
            return Ok(());
        }
        let stream = self.out.write().map_err(|()| "write")?;
        for piece in pieces {
            // An empty piece is written too: it makes no chunks.
            if piece.is_empty() {
                stream.blocking_write_and_flush(piece).map_err(|error| format!("write: {error:?}"))?;
            }
            for chunk in piece.chunks(4096) {
                stream.blocking_write_and_flush(chunk).map_err(|error| format!("write: {error:?}"))?;
            }
        }
        Ok(())
    }

    /// Ends the body and takes the answer.
    pub fn finish(self, trailers: &[(String, Vec<u8>)]) -> Result<Answer, String> {
        let trailers = match trailers {
            [] => None,
            some => Some(Fields::from_list(some).map_err(|error| format!("trailers: {error:?}"))?),
        };
        OutgoingBody::finish(self.out, trailers).map_err(|code| format!("finish: {code:?}"))?;
        answer(&self.answer)
    }

    /// Ends the body and waits until the answer is there, which is left where it is.
    pub fn arrive(self) -> Result<FutureIncomingResponse, String> {
        OutgoingBody::finish(self.out, None).map_err(|code| format!("finish: {code:?}"))?;
        self.answer.subscribe().block();
        Ok(self.answer)
    }

    /// Ends the body and waits for nothing. The request goes on, as long as what is returned is kept.
    pub fn go(self) -> Result<FutureIncomingResponse, String> {
        OutgoingBody::finish(self.out, None).map_err(|code| format!("finish: {code:?}"))?;
        Ok(self.answer)
    }

    /// Waits for the answer while the body stays unfinished.
    pub fn wait(self) -> Result<Answer, String> {
        answer(&self.answer)
    }
}

fn options(nanoseconds: u64) -> Result<RequestOptions, String> {
    let options = RequestOptions::new();
    options.set_connect_timeout(Some(nanoseconds)).map_err(|()| "connect timeout")?;
    options.set_first_byte_timeout(Some(nanoseconds)).map_err(|()| "first byte timeout")?;
    options.set_between_bytes_timeout(Some(nanoseconds)).map_err(|()| "between bytes timeout")?;
    Ok(options)
}

fn answer(future: &FutureIncomingResponse) -> Result<Answer, String> {
    future.subscribe().block();
    let incoming = match future.get() {
        Some(Ok(Ok(incoming))) => incoming,
        Some(Ok(Err(code))) => return Err(format!("answer: {code:?}")),
        _ => return Err("answer: none".to_owned()),
    };
    let (status, headers) = (incoming.status(), incoming.headers().entries());
    let content = incoming.consume().map_err(|()| "consume")?;
    Ok(Answer { status, headers, body: read(&content)? })
}

fn read(content: &IncomingBody) -> Result<Vec<u8>, String> {
    let stream = content.stream().map_err(|()| "stream")?;
    let mut body = Vec::new();
    while let Ok(chunk) = stream.blocking_read(64 << 10) {
        body.extend(chunk);
    }
    Ok(body)
}
