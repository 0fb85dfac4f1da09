#!/bin/sh
# Compiles the crates that are fuzzed so that they count edges and comparisons for libFuzzer, and all others as ever: cargo
# calls it in the place of rustc for the crates of this workspace. No sanitizer: those need another toolchain, and there is
# no unsafe code of ours in what is fuzzed.
rustc=$1
shift
case " $* " in
*" --crate-name usher_model "* | *" --crate-name usher_engine "* | *" --crate-name usher_text "* | *" --crate-name fuzz_upload "* | *" --crate-name fuzz_manifest "* | *" --crate-name fuzz_event "*)
    exec "$rustc" "$@" --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
        -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1
    ;;
*) exec "$rustc" "$@" ;;
esac
