;; WASI preview 1, as far as Go's runtime and standard library ask for it, with nothing behind it: a plugin has no files, no
;; network, no environment and no clock. Nothing here leaves the component but lines to the plugin's log, so it may be called
;; at any moment, also while the host waits for memory.
(module
  (import "env" "memory" (memory 0))
  (import "usher:plugin/log@0.1.0" "write" (func $log (param i32 i32 i32)))

  ;; Nanoseconds. They pass when the plugin waits, and only then. Go takes nothing for a broken clock.
  (global $monotonic (mut i64) (i64.const 1))
  (global $wall (mut i64) (i64.const 0))
  (global $random (mut i64) (i64.const 0x5573_6865_7221))

  ;; The line that is being written, in memory of the SDK's: there is none before the SDK says so.
  (global $line (mut i32) (i32.const 0))
  (global $room (mut i32) (i32.const 0))
  (global $length (mut i32) (i32.const 0))
  (global $level (mut i32) (i32.const 1))
  ;; Whether the rest of the line is left out.
  (global $full (mut i32) (i32.const 0))

  ;; How long the line is that says what the runtime gave up for, of which there is a copy behind the line; and whether all
  ;; was said about it.
  (global $fatal (mut i32) (i32.const 0))
  (global $over (mut i32) (i32.const 0))

  (func $flush
    (if (i32.and (i32.ne (global.get $length) (i32.const 0)) (i32.eqz (global.get $over)))
      (then
        (call $log (global.get $level) (global.get $line) (global.get $length))
        (call $last_words)))
    (global.set $length (i32.const 0))
    (global.set $full (i32.const 0)))

  ;; The host takes the last line for what happened, and the runtime says where after that, on many lines: the first place,
  ;; which begins with a tab, is enough, and what happened is said once more.
  (func $last_words
    (local $begin i64)
    (if (i32.ne (global.get $level) (i32.const 3)) (then (return)))
    (local.set $begin (i64.load align=1 (global.get $line)))
    (if (global.get $fatal)
      (then
        (if (i64.eq (i64.and (local.get $begin) (i64.const 0xff)) (i64.const 9))
          (then
            (call $log (i32.const 3) (i32.add (global.get $line) (global.get $room)) (global.get $fatal))
            (global.set $over (i32.const 1))))
        (return)))
    ;; "fatal er" and "panic: ".
    (if (i32.or
          (i64.eq (local.get $begin) (i64.const 0x7265_206c_6174_6166))
          (i64.eq (i64.and (local.get $begin) (i64.const 0xff_ffff_ffff_ffff)) (i64.const 0x20_3a63_696e_6170)))
      (then
        (global.set $fatal (global.get $length))
        (memory.copy (i32.add (global.get $line) (global.get $room)) (global.get $line) (global.get $length)))))

  (func $put (param $byte i32)
    (if (i32.eq (local.get $byte) (i32.const 10)) (then (call $flush) (return)))
    ;; A character is left out as a whole: what is not its first byte is 0b10xx_xxxx, and at most three of these follow.
    (if (i32.ne (i32.and (local.get $byte) (i32.const 0xc0)) (i32.const 0x80))
      (then (if (i32.gt_u (i32.add (global.get $length) (i32.const 4)) (global.get $room))
        (then (global.set $full (i32.const 1))))))
    (if (global.get $full) (then (return)))
    (i32.store8 (i32.add (global.get $line) (global.get $length)) (local.get $byte))
    (global.set $length (i32.add (global.get $length) (i32.const 1))))

  (func (export "fd_write") (param $fd i32) (param $parts i32) (param $count i32) (param $written i32) (result i32)
    (local $at i32) (local $end i32) (local $total i32) (local $level i32)
    ;; Standard output is info, standard error is error.
    (if (i32.eq (local.get $fd) (i32.const 1))
      (then (local.set $level (i32.const 1)))
      (else (if (i32.eq (local.get $fd) (i32.const 2))
        (then (local.set $level (i32.const 3)))
        (else (return (i32.const 8))))))
    (if (i32.ne (local.get $level) (global.get $level)) (then (call $flush)))
    (global.set $level (local.get $level))
    (block $all (loop $part
      (br_if $all (i32.eqz (local.get $count)))
      (local.set $at (i32.load (local.get $parts)))
      (local.set $end (i32.add (local.get $at) (i32.load offset=4 (local.get $parts))))
      (local.set $total (i32.add (local.get $total) (i32.load offset=4 (local.get $parts))))
      (block $whole (loop $byte
        (br_if $whole (i32.eq (local.get $at) (local.get $end)))
        (call $put (i32.load8_u (local.get $at)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $byte)))
      (local.set $parts (i32.add (local.get $parts) (i32.const 8)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br $part)))
    (i32.store (local.get $written) (local.get $total))
    (i32.const 0))

  ;; Not of WASI: where lines are put together, with room for two. What is there of one is written.
  (func (export "usher_lines") (param $line i32) (param $room i32)
    (call $flush)
    (global.set $line (local.get $line))
    (global.set $room (local.get $room)))

  ;; Not of WASI: when the event is.
  (func (export "usher_time") (param $nanoseconds i64)
    (global.set $wall (local.get $nanoseconds)))

  (func (export "proc_exit") (param i32)
    (call $flush)
    unreachable)

  (func (export "clock_time_get") (param $clock i32) (param i64) (param $into i32) (result i32)
    (i64.store (local.get $into)
      (select (global.get $monotonic) (global.get $wall) (local.get $clock)))
    (i32.const 0))

  ;; Whoever waits has waited. Go waits for a time and for files; there are no files.
  (func (export "poll_oneoff") (param $asked i32) (param $answers i32) (param i32) (param $count i32) (result i32)
    (local $waits i64)
    (if (i32.load8_u offset=8 (local.get $asked)) (then (return (i32.const 58))))
    (local.set $waits (i64.load offset=24 (local.get $asked)))
    (global.set $monotonic (i64.add (global.get $monotonic) (local.get $waits)))
    (global.set $wall (i64.add (global.get $wall) (local.get $waits)))
    (i64.store (local.get $answers) (i64.load (local.get $asked)))
    (i64.store offset=8 (local.get $answers) (i64.const 0))
    (i32.store (local.get $count) (i32.const 1))
    (i32.const 0))

  ;; The same numbers in every instance: a decision can be made again.
  (func (export "random_get") (param $at i32) (param $count i32) (result i32)
    (block $all (loop $byte
      (br_if $all (i32.eqz (local.get $count)))
      (global.set $random (i64.add
        (i64.mul (global.get $random) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))
      (i64.store8 (local.get $at) (i64.shr_u (global.get $random) (i64.const 56)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br $byte)))
    (i32.const 0))

  (func (export "sched_yield") (result i32) (i32.const 0))

  ;; Neither arguments nor an environment.
  (func $none (param $count i32) (param $bytes i32) (result i32)
    (i32.store (local.get $count) (i32.const 0))
    (i32.store (local.get $bytes) (i32.const 0))
    (i32.const 0))
  (export "args_sizes_get" (func $none))
  (export "environ_sizes_get" (func $none))
  (func (export "args_get") (param i32 i32) (result i32) (i32.const 0))
  (func (export "environ_get") (param i32 i32) (result i32) (i32.const 0))

  ;; No such file, whichever it is: 8 is "bad file descriptor".
  (func (export "fd_close") (param i32) (result i32) (i32.const 8))
  (func (export "fd_fdstat_get") (param i32 i32) (result i32) (i32.const 8))
  (func (export "fd_fdstat_set_flags") (param i32 i32) (result i32) (i32.const 8))
  (func (export "fd_fdstat_set_rights") (param i32 i64 i64) (result i32) (i32.const 8))
  (func (export "fd_filestat_get") (param i32 i32) (result i32) (i32.const 8))
  (func (export "fd_filestat_set_size") (param i32 i64) (result i32) (i32.const 8))
  (func (export "fd_pread") (param i32 i32 i32 i64 i32) (result i32) (i32.const 8))
  (func (export "fd_prestat_dir_name") (param i32 i32 i32) (result i32) (i32.const 8))
  (func (export "fd_prestat_get") (param i32 i32) (result i32) (i32.const 8))
  (func (export "fd_pwrite") (param i32 i32 i32 i64 i32) (result i32) (i32.const 8))
  (func (export "fd_read") (param i32 i32 i32 i32) (result i32) (i32.const 8))
  (func (export "fd_readdir") (param i32 i32 i32 i64 i32) (result i32) (i32.const 8))
  (func (export "fd_seek") (param i32 i64 i32 i32) (result i32) (i32.const 8))
  (func (export "fd_sync") (param i32) (result i32) (i32.const 8))
  (func (export "path_create_directory") (param i32 i32 i32) (result i32) (i32.const 8))
  (func (export "path_filestat_get") (param i32 i32 i32 i32 i32) (result i32) (i32.const 8))
  (func (export "path_filestat_set_times") (param i32 i32 i32 i32 i64 i64 i32) (result i32) (i32.const 8))
  (func (export "path_link") (param i32 i32 i32 i32 i32 i32 i32) (result i32) (i32.const 8))
  (func (export "path_open") (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32) (i32.const 8))
  (func (export "path_readlink") (param i32 i32 i32 i32 i32 i32) (result i32) (i32.const 8))
  (func (export "path_remove_directory") (param i32 i32 i32) (result i32) (i32.const 8))
  (func (export "path_rename") (param i32 i32 i32 i32 i32 i32) (result i32) (i32.const 8))
  (func (export "path_symlink") (param i32 i32 i32 i32 i32) (result i32) (i32.const 8))
  (func (export "path_unlink_file") (param i32 i32 i32) (result i32) (i32.const 8))
  (func (export "sock_accept") (param i32 i32 i32) (result i32) (i32.const 8))
  (func (export "sock_shutdown") (param i32 i32) (result i32) (i32.const 8)))
