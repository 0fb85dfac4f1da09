//! Compiling: the host's own compiler at work on bytes that nobody vouches for, and with an appetite that they choose. So it
//! happens in a process of its own, with limits that the kernel keeps, no environment and no files: what it uses up or
//! breaks is its own.

use crate::limits::CompileLimits;
use crate::no_room::NoRoom;
use crate::runtime::{EngineOptions, config};
use rayon::ThreadPoolBuilder;
use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use thiserror::Error;

/// What the kernel sends a process that used up its processor time.
const SIGXCPU: i32 = 24;

/// Bytes that are read of what a child says on its standard error.
const WORDS_BYTES: u64 = 4 << 10;

/// Open files of a child: the three that it was given, and room for what the runtime reads of the machine.
const FILES: u64 = 16;

/// By how much a child gives way to others: the kernel weighs it 110 against their 1024.
const NICE: i32 = 10;

/// What fails for want of room says so in one of these ways: an allocation, a mapping, the stack of a thread.
const TRACES: [&str; 6] =
    ["memory allocation of", "out of memory", "os error 12", "os error 11", "Os { code: 12", "Os { code: 11"];

/// Where components are compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compiler {
    /// In this process, without limits: for components that one made oneself, in tests and tools.
    InProcess,
    /// In a child process under [`CompileLimits`]: a program that answers to the argument `compile-worker` with
    /// [`compile_worker`], and is built from the same source as this one.
    Child(PathBuf),
}

/// Compiled code, as the compiler of this very program made it.
pub(crate) struct Code(Vec<u8>);

impl Code {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Why there is no compiled code.
#[derive(Debug, Error)]
pub enum CompileError {
    /// The compiler refuses the bytes.
    #[error("it does not compile: {0}")]
    Refused(String),
    /// It took longer than a component may take.
    #[error("compiling it took longer than {0} s (`compile.wall_s`)")]
    Wall(u64),
    /// It worked more than a component may make it work.
    #[error("compiling it used more than {0} s of processor time (`compile.cpu_s`)")]
    Cpu(u64),
    /// It asked for more memory than a component may make it ask for.
    #[error("compiling it takes more than {0} bytes of memory (`compile.memory_bytes`)")]
    Memory(u64),
    /// There is too much of it.
    #[error("it compiles to more than {0} bytes of code (`compile.code_bytes`)")]
    Code(u64),
    /// It ended in another way.
    #[error("compiling it broke the compiler ({0}); the host's log has its words")]
    Broke(ExitStatus),
    /// The compiler can't be used at all: the host's or the machine's fault.
    #[error("the compiler can't be started: {0}")]
    Start(#[source] io::Error),
    /// It compiles, and asks for more memories, tables or instances than the host has room for.
    #[error(transparent)]
    NoRoom(NoRoom),
}

impl Compiler {
    /// Compiles a component.
    pub(crate) fn compile(
        &self,
        runtime: &wasmtime::Engine,
        limits: &CompileLimits,
        bytes: &[u8],
    ) -> Result<Code, CompileError> {
        match self {
            Compiler::InProcess => {
                runtime.precompile_component(bytes).map(Code).map_err(|e| CompileError::Refused(format!("{e:#}")))
            }
            Compiler::Child(program) => in_a_child(program, limits, bytes),
        }
    }
}

/// How a child ended, and what it said.
struct Ended {
    in_time: bool,
    status: ExitStatus,
    code: Vec<u8>,
    words: String,
}

fn in_a_child(program: &Path, limits: &CompileLimits, bytes: &[u8]) -> Result<Code, CompileError> {
    let child = Command::new(program)
        .arg("compile-worker")
        .args([limits.cpu_s.to_string(), limits.memory_bytes.to_string(), threads(limits).to_string()])
        .env_clear()
        // The allocator of `usher` takes a GiB of address space ahead, which would be outside of the limit.
        .env("MIMALLOC_ARENA_RESERVE", "0")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(CompileError::Start)?;
    let ended = converse(child, limits, bytes).map_err(CompileError::Start)?;
    judge(ended, limits)
}

/// Some cores are left to who serves requests, whatever is compiled.
fn threads(limits: &CompileLimits) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    if limits.threads == 0 { (cores / 2).max(1) } else { limits.threads }
}

/// Writes to it and reads from it at the same time, until it ends or its time is over.
fn converse(mut child: Child, limits: &CompileLimits, bytes: &[u8]) -> io::Result<Ended> {
    let piped = || io::Error::other("a pipe is missing");
    let mut stdin = child.stdin.take().ok_or_else(piped)?;
    let stdout = child.stdout.take().ok_or_else(piped)?;
    let stderr = child.stderr.take().ok_or_else(piped)?;
    thread::scope(|scope| {
        // A child that ends before it read everything says elsewhere why.
        scope.spawn(move || stdin.write_all(bytes).ok());
        let words = scope.spawn(move || read_at_most(stderr, WORDS_BYTES));
        let (done, is_done) = mpsc::channel();
        let code = scope.spawn(move || {
            let code = read_at_most(stdout, limits.code_bytes.saturating_add(1));
            done.send(()).ok();
            code
        });
        let in_time = is_done.recv_timeout(Duration::from_secs(limits.wall_s)).is_ok();
        if !in_time {
            child.kill()?;
        }
        let status = child.wait()?;
        let code = code.join().unwrap_or_default();
        let words = String::from_utf8_lossy(&words.join().unwrap_or_default()).trim().to_owned();
        Ok(Ended { in_time, status, code, words })
    })
}

/// What arrives, up to a limit; the pipe is closed then.
fn read_at_most(pipe: impl Read, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    pipe.take(limit).read_to_end(&mut bytes).ok();
    bytes
}

fn judge(ended: Ended, limits: &CompileLimits) -> Result<Code, CompileError> {
    let Ended { in_time, status, code, words } = ended;
    if !in_time {
        return Err(CompileError::Wall(limits.wall_s));
    }
    if code.len() as u64 > limits.code_bytes {
        return Err(CompileError::Code(limits.code_bytes));
    }
    if status.success() {
        return Ok(Code(code));
    }
    if status.signal() == Some(SIGXCPU) {
        return Err(CompileError::Cpu(limits.cpu_s));
    }
    if TRACES.iter().any(|trace| words.contains(trace)) {
        return Err(CompileError::Memory(limits.memory_bytes));
    }
    if status.code() == Some(REFUSED) {
        return Err(CompileError::Refused(words));
    }
    tracing::warn!(%status, words, "the compiler broke");
    Err(CompileError::Broke(status))
}

/// A child's exit status when the compiler refused the bytes; its standard error says why.
const REFUSED: i32 = 3;

/// All that a child process does: a component from standard input to compiled code on standard output. It limits itself
/// before it reads the first byte.
pub fn compile_worker(cpu_s: u64, memory_bytes: u64, threads: usize) -> ExitCode {
    match work(cpu_s, memory_bytes, threads) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(refusal)) => {
            write!(io::stderr(), "{refusal:#}").ok();
            ExitCode::from(REFUSED.unsigned_abs().to_le_bytes()[0])
        }
        Err(error) => {
            write!(io::stderr(), "{error}").ok();
            ExitCode::FAILURE
        }
    }
}

fn work(cpu_s: u64, memory_bytes: u64, threads: usize) -> io::Result<wasmtime::Result<()>> {
    limit_this_process(cpu_s, memory_bytes)?;
    // The pool that wasmtime compiles with.
    ThreadPoolBuilder::new().num_threads(threads).build_global().map_err(io::Error::other)?;
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    let runtime = wasmtime::Engine::new(&config(&EngineOptions::default()))
        .map_err(|error| io::Error::other(format!("{error:#}")))?;
    match runtime.precompile_component(&bytes) {
        Ok(code) => io::stdout().write_all(&code).map(Ok),
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// The soft limit of processor time is a signal that says so, and the hard one a second later its end.
fn limit_this_process(cpu_s: u64, memory_bytes: u64) -> io::Result<()> {
    use rlimit::{Resource, setrlimit};
    setrlimit(Resource::CPU, cpu_s, cpu_s.saturating_add(1))?;
    setrlimit(Resource::AS, memory_bytes, memory_bytes)?;
    setrlimit(Resource::CORE, 0, 0)?;
    setrlimit(Resource::FSIZE, 0, 0)?;
    setrlimit(Resource::NOFILE, FILES, FILES)?;
    // Who serves requests has the cores first. Whatever it inherited: the thread that started it gives way already.
    rustix::process::setpriority_process(None, NICE)?;
    Ok(())
}
