//! The fuzzer on texts.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lamplighter_fuzz::text(data));
