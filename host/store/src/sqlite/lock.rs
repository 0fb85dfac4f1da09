//! The lock on the file beside the database: one host at a time.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// Keeps a second host away while it lives. The operating system lets go of it however this process ends.
#[derive(Debug)]
pub(super) struct FileLock(File);

impl FileLock {
    /// Takes the lock that belongs to this database; none if somebody has it.
    ///
    /// # Errors
    ///
    /// What the file system says when the lock's file can't be written.
    pub(super) fn take(database: &Path) -> io::Result<Option<Self>> {
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let file = File::options().create(true).append(true).open(name)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for FileLock {
    /// Unlocks by name: closing the file is not enough while a process that another thread is starting still has it,
    /// which is so between its fork and its exec.
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the database's lock was not given back; it goes with this process");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FileLock;

    #[test]
    fn a_lock_is_one_hosts_and_goes_though_a_child_still_has_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("usher.db");
        let lock = FileLock::take(&database).unwrap().unwrap();
        assert!(FileLock::take(&database).unwrap().is_none());
        let of_the_child = lock.0.try_clone().unwrap();
        drop(lock);
        assert!(FileLock::take(&database).unwrap().is_some());
        drop(of_the_child);
    }
}
