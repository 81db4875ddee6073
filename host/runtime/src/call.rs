//! One call: a fresh instance, within its limits, and what came of it.

use std::sync::Arc;

use tokio::sync::SemaphorePermit;
use tokio::time::{Instant, timeout_at};
use wasmtime::component::ResourceTableError;
use wasmtime::{Store, Trap};

use keywright_auth::Parts;
use keywright_model::Operation;

use crate::adapter::Adapter;
use crate::contract::bindings::{Adapter as Instance, AdapterPre, contract, descriptors, failures, types};
use crate::contract::decoder::Decoder;
use crate::error::CallError;
use crate::outbound::handler::{Hooks, OutboundHandler};
use crate::outbound::session::Session;
use crate::sandbox::circumstances::Circumstances;
use crate::sandbox::engine::Engine;
use crate::sandbox::store::CallState;

/// A call that is ready to be made.
pub(crate) struct Call {
    pub(crate) operation: Operation,
    pub(crate) account: types::Account,
    pub(crate) session: Arc<Session>,
    pub(crate) handler: Arc<OutboundHandler>,
    /// What the host made for it, or for the call that it continues.
    pub(crate) made: Parts,
}

type Answer<T> = Result<T, failures::Failure>;

/// Has a component describe itself, in these circumstances.
pub(crate) async fn describe(
    engine: &Engine,
    component: &AdapterPre<CallState>,
    circumstances: Circumstances,
) -> Result<descriptors::Descriptor, CallError> {
    const DESCRIBE: &str = "describe";
    let permit = permit(DESCRIBE, engine).await?;
    let mut store = CallState::frozen(engine, circumstances);
    let described = run(DESCRIBE, engine, component, &permit, &mut store, async |instance, store| {
        instance.keywright_vendor_credential_lifecycle().call_describe(store).await
    });
    described.await.inspect_err(|_| log_stderr(DESCRIBE, &store, |said| said))
}

/// Makes a call, and reads what comes of it.
pub(crate) async fn operate<T, R, F>(
    adapter: &Adapter,
    call: Call,
    function: F,
    read: impl FnOnce(&Decoder, T) -> Result<R, CallError>,
) -> Result<R, CallError>
where
    F: AsyncFnOnce(&contract::Guest, &mut Store<CallState>, &types::Account) -> wasmtime::Result<Answer<T>>,
{
    let Call { operation, account, session, handler, made } = call;
    let engine = adapter.engine();
    let permit = permit(operation.name(), engine).await?;
    let mut store = CallState::store(engine, Hooks::forwarding(handler.clone()));
    let answer = run(operation.name(), engine, adapter.component(), &permit, &mut store, async |instance, store| {
        function(instance.keywright_vendor_credential_lifecycle(), store, &account).await
    })
    .await;
    log_stderr(operation.name(), &store, |text| handler.redact(text));
    let settings = session.settings.clone();
    let decoder = Decoder::new(adapter.shared_descriptor().clone(), settings, operation, handler.clone(), made);
    let outcome = match answer {
        Ok(Ok(value)) => read(&decoder, value),
        Ok(Err(failure)) => Err(CallError::Failed(decoder.failure(failure))),
        Err(ended) => Err(ended),
    };
    // Of an adapter that did what it may not do, no success is believed; nor of one that did not look what came of it. A
    // secret that the adapter chose is known to its author: it is handed over as what is to be ended, never as a success.
    let chosen = handler.secrets().violation();
    let outcome = match (chosen, handler.take_violation()) {
        (Some(how), _) => Err(CallError::Contract { operation: operation.name(), how: how.to_owned() }),
        (None, Some(violation)) => Err(violation),
        (None, None) if outcome.is_ok() && handler.awaits_an_answer() => Err(CallError::Contract {
            operation: operation.name(),
            how: "it did not wait for the answer to a request that changes something".to_owned(),
        }),
        (None, None) if outcome.is_ok() && handler.secrets().kept_back() => Err(CallError::Contract {
            operation: operation.name(),
            how: "it kept back a secret that the vendor made in this call".to_owned(),
        }),
        (None, None) => outcome,
    };
    // The one exit: every error of a call is marked and redacted here, whoever made it.
    outcome.map_err(|error| mark_in_doubt(error, &handler).map_texts(&|text| handler.redact(text)))
}

/// The error of a call that may have changed something at the vendor before it ended. What the adapter itself says of
/// the vendor's answer is believed, if there was one, unless a secret was minted; then that is not lost either.
fn mark_in_doubt(error: CallError, handler: &OutboundHandler) -> CallError {
    let (changed, minted, withheld, answer) = {
        let secrets = handler.secrets();
        (secrets.changed(), secrets.minted(), secrets.withheld().cloned(), secrets.answer().cloned())
    };
    let decided =
        matches!(error, CallError::Failed(_) | CallError::Unauthenticatable(_) | CallError::TokenRefused { .. })
            && !handler.awaits_an_answer();
    if !changed && withheld.is_none() && (decided || !handler.mutation_sent()) {
        return error;
    }
    CallError::InDoubt { cause: Box::new(error), minted, withheld: withheld.or(answer) }
}

async fn run<T, F>(
    operation: &'static str,
    engine: &Engine,
    component: &AdapterPre<CallState>,
    permit: &Permit<'_>,
    store: &mut Store<CallState>,
    function: F,
) -> Result<T, CallError>
where
    F: AsyncFnOnce(&Instance, &mut Store<CallState>) -> wasmtime::Result<T>,
{
    let answer = timeout_at(permit.ends, async {
        let instance = component.instantiate_async(&mut *store).await?;
        function(&instance, store).await
    });
    match answer.await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(classify(operation, engine, &error)),
        Err(_) => Err(deadline_exceeded(operation, engine)),
    }
}

/// One of the calls at once. It ends after the instance, whose memory is then free for another.
struct Permit<'e> {
    ends: Instant,
    _permit: SemaphorePermit<'e>,
}

/// Waits for a call's turn, within its time.
async fn permit<'e>(operation: &'static str, engine: &'e Engine) -> Result<Permit<'e>, CallError> {
    let ends = Instant::now() + engine.limits().call;
    match timeout_at(ends, engine.permits().acquire()).await {
        Ok(Ok(permit)) => Ok(Permit { ends, _permit: permit }),
        // The other error would be that no more turns are given, which the engine never says.
        Ok(Err(_)) | Err(_) => Err(deadline_exceeded(operation, engine)),
    }
}

fn deadline_exceeded(operation: &'static str, engine: &Engine) -> CallError {
    CallError::limit(operation, "time for a whole call", engine.limits().call)
}

/// What a component wrote to its standard error, for who looks for its bugs.
fn log_stderr(operation: &'static str, store: &Store<CallState>, clean: impl FnOnce(String) -> String) {
    let said = store.data().stderr();
    if !said.is_empty() {
        let said = clean(String::from_utf8_lossy(&said).into_owned());
        // Escaped: what looks like a line of the log is none.
        tracing::debug!(operation, stderr = ?said, "the adapter wrote to its standard error");
    }
}

/// What ended an instance.
fn classify(operation: &'static str, engine: &Engine, error: &wasmtime::Error) -> CallError {
    let limits = engine.limits();
    if let Some(Trap::Interrupt) = error.downcast_ref::<Trap>() {
        return CallError::limit(operation, "time on the processor", limits.cpu);
    }
    let of = |limit: String| CallError::Limit { operation, limit };
    if let Some(ResourceTableError::Full) = error.downcast_ref::<ResourceTableError>() {
        return of(format!("{} resources at once", limits.resources));
    }
    let cause = error.root_cause().to_string();
    let cause = cause.lines().next().unwrap_or_default();
    // wasmtime's limiter has no error type of its own.
    if cause.starts_with("forcing trap when growing memory") {
        return of(format!("{} bytes of memory", limits.memory));
    }
    if cause.starts_with("forcing trap when growing table") {
        return of(format!("{} entries of a table", limits.table_elements));
    }
    for (what, count, name) in [
        ("memory", limits.memories, "memories"),
        ("table", limits.tables, "tables"),
        ("instance", limits.instances, "instances"),
    ] {
        if cause.starts_with(&format!("resource limit exceeded: {what} count")) {
            return of(format!("{count} {name}"));
        }
    }
    if cause.starts_with("total size of fields exceeds limit") {
        return of(format!("{} bytes of headers of a request", limits.request_headers));
    }
    if cause.ends_with("fuel allocated for hostcalls has been exhausted") {
        return of(format!("{} bytes handed to the host at once", limits.handed_over));
    }
    CallError::Trapped { operation, cause: cause.chars().take(200).collect() }
}
