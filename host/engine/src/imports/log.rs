//! `usher:plugin/log`: lines for the author and the operator.

use crate::contract::bindings::usher::plugin::log::{Host, Level};
use crate::effects::{LogLevel, LogLine};
use crate::failure::Stop;
use crate::sandbox::Sandbox;
use wasmtime::Result;

impl Host for Sandbox {
    fn write(&mut self, level: Level, mut message: String) -> Result<()> {
        self.enter()?;
        let limit = self.limits.log_lines;
        if self.logs.len() as u64 >= limit {
            return Err(Stop::Output { what: "lines of log", setting: "log_lines", limit }.into());
        }
        let line_bytes = usize::try_from(self.limits.log_line_bytes).unwrap_or(usize::MAX);
        if message.len() > line_bytes {
            message.truncate(message.floor_char_boundary(line_bytes));
            message.push('…');
        }
        let level = match level {
            Level::Debug => LogLevel::Debug,
            Level::Info => LogLevel::Info,
            Level::Warn => LogLevel::Warn,
            Level::Error => LogLevel::Error,
        };
        self.logs.push(LogLine { level, message });
        Ok(())
    }
}
