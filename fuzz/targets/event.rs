//! The fuzzer on events.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| lamplighter_fuzz::event(data));
