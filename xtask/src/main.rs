//! The project's chores: test, tidy, regenerate, bench.
fn main() {}
