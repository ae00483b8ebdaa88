//! The test runner of wasm-bindgen, as cargo calls it for `--target wasm32-unknown-unknown`. A package of its own, so
//! that only those who test in a browser build it.

fn main() -> anyhow::Result<()> {
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os())
}
