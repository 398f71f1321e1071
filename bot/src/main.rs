//! The program. Everything is in the library, so that the end-to-end tests run the very same.

fn main() -> std::process::ExitCode {
    lamplighter::cli::main(std::env::args_os())
}
