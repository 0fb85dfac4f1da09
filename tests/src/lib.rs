//! End to end, over HTTP, with real plugins.
