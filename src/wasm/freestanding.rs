//! What the standard library would bring: an allocator, and what becomes of a panic.

use core::arch::wasm32::unreachable;
use core::panic::PanicInfo;
use dlmalloc::GlobalDlmalloc;

#[global_allocator]
static ALLOCATOR: GlobalDlmalloc = GlobalDlmalloc;

/// A panic is a fault of ours: a trap, which JavaScript sees as `WebAssembly.RuntimeError`. Its message and its place are
/// not looked at, so that the compiler leaves out those of all panics, and what makes a text of them.
#[panic_handler]
fn trap(_: &PanicInfo<'_>) -> ! {
    unreachable()
}
