//! One call: a fresh instance, within its limits, and what came of it.

use tokio::time::timeout;
use wasmtime::{Store, Trap};

use crate::adapter::Adapter;
use crate::bindings::{Adapter as Instance, AdapterPre, contract, descriptors, failures, types};
use crate::convert;
use crate::door::Door;
use crate::engine::Engine;
use crate::error::CallError;
use crate::operation::Operation;
use crate::store::CallState;

/// A call that is ready to be made.
pub(crate) struct Call {
    pub(crate) operation: Operation,
    pub(crate) account: types::Account,
    pub(crate) door: Door,
}

type Answer<T> = Result<T, failures::Failure>;

pub(crate) async fn describe(
    engine: &Engine,
    component: &AdapterPre<CallState>,
) -> Result<descriptors::Descriptor, CallError> {
    let store = CallState::store(engine, Door::closed());
    let described = run("describe", engine, component, store, async |instance, store| {
        instance.keywright_vendor_credential_lifecycle().call_describe(store).await.map(Ok)
    });
    described.await.and_then(believed)
}

pub(crate) async fn check(adapter: &Adapter, call: Call) -> Result<contract::Principal, CallError> {
    operate(adapter, call, async |lifecycle, store, account| lifecycle.call_check(store, account).await)
        .await
        .and_then(believed)
}

pub(crate) async fn create(
    adapter: &Adapter,
    call: Call,
    creation: &types::Creation,
) -> Result<contract::Issued, CallError> {
    operate(adapter, call, async |lifecycle, store, account| lifecycle.call_create(store, account, creation).await)
        .await
        .map(|(mut issued, found)| {
            issued.warnings.extend(warning(found));
            issued
        })
}

pub(crate) async fn get(adapter: &Adapter, call: Call, id: &str) -> Result<Option<contract::Credential>, CallError> {
    operate(adapter, call, async |lifecycle, store, account| lifecycle.call_get(store, account, id).await)
        .await
        .and_then(believed)
}

pub(crate) async fn list(
    adapter: &Adapter,
    call: Call,
    filter: &types::Filter,
    cursor: Option<&str>,
) -> Result<contract::Page, CallError> {
    operate(adapter, call, async |lifecycle, store, account| lifecycle.call_list(store, account, filter, cursor).await)
        .await
        .and_then(believed)
}

pub(crate) async fn update(
    adapter: &Adapter,
    call: Call,
    id: &str,
    change: &types::Change,
) -> Result<contract::Updated, CallError> {
    operate(adapter, call, async |lifecycle, store, account| lifecycle.call_update(store, account, id, change).await)
        .await
        .map(|(mut updated, found)| {
            updated.warnings.extend(warning(found));
            updated
        })
}

pub(crate) async fn set_enabled(
    adapter: &Adapter,
    call: Call,
    id: &str,
    enabled: bool,
) -> Result<contract::Credential, CallError> {
    operate(adapter, call, async |lifecycle, store, account| {
        lifecycle.call_set_enabled(store, account, id, enabled).await
    })
    .await
    .and_then(believed)
}

pub(crate) async fn regenerate(
    adapter: &Adapter,
    call: Call,
    id: &str,
    expires_at: Option<types::Timestamp>,
) -> Result<contract::Issued, CallError> {
    operate(adapter, call, async |lifecycle, store, account| {
        lifecycle.call_regenerate(store, account, id, expires_at).await
    })
    .await
    .map(|(mut issued, found)| {
        issued.warnings.extend(warning(found));
        issued
    })
}

pub(crate) async fn verify(adapter: &Adapter, call: Call, id: &str) -> Result<contract::Verdict, CallError> {
    operate(adapter, call, async |lifecycle, store, account| lifecycle.call_verify(store, account, id).await)
        .await
        .and_then(believed)
}

pub(crate) async fn revoke(adapter: &Adapter, call: Call, id: &str) -> Result<(), CallError> {
    operate(adapter, call, async |lifecycle, store, account| lifecycle.call_revoke(store, account, id).await)
        .await
        .and_then(believed)
}

/// The answer, unless the host found something: of an adapter that did what it may not do, no success is believed.
fn believed<T>((value, found): Answered<T>) -> Result<T, CallError> {
    found.map_or(Ok(value), Err)
}

/// What the host found, as a warning beside the answer of an operation that may have minted: a request that was denied
/// does not undo what was minted before it, which must not be lost.
fn warning(found: Option<CallError>) -> Option<String> {
    found.map(|found| found.to_string())
}

/// An adapter's answer, and what the host found meanwhile.
type Answered<T> = (T, Option<CallError>);

async fn operate<T, F>(adapter: &Adapter, call: Call, function: F) -> Result<Answered<T>, CallError>
where
    F: AsyncFnOnce(&contract::Guest, &mut Store<CallState>, &types::Account) -> wasmtime::Result<Answer<T>>,
{
    let store = CallState::store(adapter.engine(), call.door);
    let account = call.account;
    run(call.operation.name(), adapter.engine(), adapter.component(), store, async |instance, store| {
        function(instance.keywright_vendor_credential_lifecycle(), store, &account).await
    })
    .await
}

async fn run<T, F>(
    operation: &'static str,
    engine: &Engine,
    component: &AdapterPre<CallState>,
    mut store: Store<CallState>,
    function: F,
) -> Result<Answered<T>, CallError>
where
    F: AsyncFnOnce(&Instance, &mut Store<CallState>) -> wasmtime::Result<Answer<T>>,
{
    let limit = engine.limits().call;
    let answer = timeout(limit, async {
        let instance = component.instantiate_async(&mut store).await?;
        function(&instance, &mut store).await
    })
    .await;
    let state = store.data();
    let stderr = state.stderr();
    if !stderr.is_empty() {
        tracing::debug!(operation, stderr = %String::from_utf8_lossy(&stderr), "the adapter wrote to its standard error");
    }
    let passage = state.door().passage();
    let found = passage.and_then(|passage| passage.found());
    match answer {
        Ok(Ok(Ok(value))) => Ok((value, found)),
        Ok(Ok(Err(failure))) => Err(found.unwrap_or_else(|| {
            let trouble = passage.and_then(|passage| passage.trouble());
            CallError::Failed(convert::failure(failure, trouble))
        })),
        Ok(Err(error)) => Err(found.unwrap_or_else(|| broken(operation, engine, &error))),
        Err(_) => Err(found.unwrap_or_else(|| CallError::limit(operation, "time for a whole call", limit))),
    }
}

/// What ended an instance.
fn broken(operation: &'static str, engine: &Engine, error: &wasmtime::Error) -> CallError {
    let limits = engine.limits();
    if let Some(Trap::Interrupt) = error.downcast_ref::<Trap>() {
        return CallError::limit(operation, "time on the processor", limits.cpu);
    }
    let cause = error.root_cause().to_string();
    let cause = cause.lines().next().unwrap_or_default();
    // wasmtime's limiter has no error type of its own.
    if cause.starts_with("forcing trap when growing memory") {
        return CallError::Limit { operation, limit: format!("{} bytes of memory", limits.memory) };
    }
    if cause.starts_with("forcing trap when growing table") {
        return CallError::Limit { operation, limit: format!("{} entries of a table", limits.table_elements) };
    }
    CallError::Trapped { operation, cause: cause.chars().take(200).collect() }
}
