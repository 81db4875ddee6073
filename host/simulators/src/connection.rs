//! One connection: its requests are recorded, meet their faults, and go to the vendor's routes.

use std::{convert::Infallible, future::pending, sync::Arc};

use axum::{
    Router,
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::Notify,
};

use crate::{Faults, Recorded, Vendor, fault::layer, record::Log};

/// The longest request body that is taken, in bytes. No credential call of any vendor comes near it.
const LONGEST_BODY: usize = 1024 * 1024;

/// What all connections of a simulator share.
pub(crate) struct Shared {
    pub(crate) vendor: Arc<dyn Vendor>,
    pub(crate) routes: TowerToHyperService<Router>,
    pub(crate) faults: Faults,
    pub(crate) log: Arc<Log>,
}

/// What a connection hangs by. Severing it closes the TCP connection as it is: an error from the service would do that
/// for HTTP/1.1, but on HTTP/2 it would only reset one stream, which is an answer of a kind.
#[derive(Clone, Default)]
pub(crate) struct Lifeline(Arc<Notify>);

impl Lifeline {
    pub(crate) fn sever(&self) {
        self.0.notify_one();
    }

    /// Severs the connection; whoever waits for an answer after that waits in vain.
    pub(crate) async fn cut(&self) -> Response {
        self.sever();
        pending().await
    }

    async fn severed(&self) {
        self.0.notified().await;
    }
}

/// Serves one connection until either side ends it.
pub(crate) async fn serve<I>(stream: I, number: u64, shared: Arc<Shared>)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let line = Lifeline::default();
    let service = service_fn(|request| {
        let (shared, line) = (Arc::clone(&shared), line.clone());
        async move { Ok::<_, Infallible>(exchange(&shared, request, number, &line).await) }
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let serving = builder.serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        biased;
        () = line.severed() => {}
        // A client that breaks off or speaks no HTTP is its own business: there is nobody here to tell.
        _ = serving => {}
    }
}

async fn exchange(shared: &Shared, request: Request<Incoming>, connection: u64, line: &Lifeline) -> Response {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => return StatusCode::BAD_REQUEST.into_response(),
    };
    let operation = shared.vendor.operation_of(&parts.method, &parts.uri, &body);
    shared.log.push(Recorded {
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        headers: parts.headers.clone(),
        body: body.clone(),
        version: parts.version,
        connection,
        operation,
    });
    let fault = shared.faults.take(operation);
    let request = Request::from_parts(parts, Body::from(body));
    layer::answer(fault, shared.vendor.as_ref(), &shared.routes, request, line).await
}
