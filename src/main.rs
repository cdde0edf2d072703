//! The program `callboard`.

use std::process::ExitCode;

fn main() -> ExitCode {
    callboard::cli::main()
}
