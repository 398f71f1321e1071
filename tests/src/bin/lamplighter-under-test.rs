//! The program itself, as a binary of this crate: Cargo builds it for the tests, which another crate's binary is not.

fn main() -> std::process::ExitCode {
    lamplighter::cli::main(std::env::args_os())
}
