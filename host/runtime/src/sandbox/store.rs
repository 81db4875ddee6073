//! The state of one call.

use bytes::Bytes;
use wasmtime::component::ResourceTable;
use wasmtime::{Store, StoreLimits, StoreLimitsBuilder, UpdateDeadline};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::outbound::handler::Hooks;
use crate::sandbox::circumstances::Circumstances;
use crate::sandbox::engine::{Engine, TICK};

/// Random bytes that a component gets at once; keys and identifiers take less than a hundred.
const RANDOM: u64 = 64 << 10;

/// What a component's imports work on. Made for one call and dropped after it.
pub(crate) struct CallState {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    hooks: Hooks,
    limits: StoreLimits,
    stderr: MemoryOutputPipe,
    ticks_left: u64,
}

impl CallState {
    /// For a call that works for an account.
    pub(crate) fn store(engine: &Engine, hooks: Hooks) -> Store<Self> {
        Self::with(engine, hooks, |_| {})
    }

    /// For a component that describes itself, in circumstances in which nothing is real: neither the time, which stands
    /// still, nor chance. What it says then is the same at every load.
    pub(crate) fn frozen(engine: &Engine, circumstances: Circumstances) -> Store<Self> {
        Self::with(engine, Hooks::denying(), |wasi| circumstances.apply(wasi))
    }

    fn with(engine: &Engine, hooks: Hooks, change: impl FnOnce(&mut WasiCtxBuilder)) -> Store<Self> {
        let limits = engine.limits();
        let stderr = MemoryOutputPipe::new(limits.stderr);
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.resources);
        let mut http = WasiHttpCtx::new();
        http.set_field_size_limit(limits.request_headers);
        let state = Self {
            wasi: inert(&stderr, change),
            http,
            table,
            hooks,
            limits: StoreLimitsBuilder::new()
                .memory_size(limits.memory)
                .memories(limits.memories)
                .table_elements(limits.table_elements)
                .tables(limits.tables)
                .instances(limits.instances)
                .trap_on_grow_failure(true)
                .build(),
            stderr,
            ticks_left: u64::try_from(limits.cpu.as_millis() / TICK.as_millis()).unwrap_or(u64::MAX),
        };
        let mut store = Store::new(engine.wasmtime(), state);
        store.limiter(|state| &mut state.limits);
        store.set_hostcall_fuel(limits.handed_over);
        store.set_epoch_deadline(1);
        // The epoch runs on while the host works for the component; only ticks that find it computing are counted.
        store.epoch_deadline_callback(|mut store| {
            let ticks_left = &mut store.data_mut().ticks_left;
            *ticks_left = ticks_left.saturating_sub(1);
            Ok(if *ticks_left == 0 { UpdateDeadline::Interrupt } else { UpdateDeadline::Yield(1) })
        });
        store
    }

    /// What the component wrote to its standard error.
    pub(crate) fn stderr(&self) -> Bytes {
        self.stderr.contents()
    }
}

/// No arguments, no environment, no directories, no sockets and no names, no matter what is linked. Most of it is the library's
/// default too; here it does not depend on that.
fn inert(stderr: &MemoryOutputPipe, change: impl FnOnce(&mut WasiCtxBuilder)) -> WasiCtx {
    let mut wasi = WasiCtx::builder();
    wasi.stderr(stderr.clone())
        .max_random_size(RANDOM)
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false)
        .socket_addr_check(|_, _| Box::pin(async { false }));
    change(&mut wasi);
    wasi.build()
}

impl WasiView for CallState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for CallState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.hooks, table: &mut self.table, ctx: &mut self.http }
    }
}
