//! The migrations are compiled in: a new file among them must rebuild the crate.

fn main() {
    #[expect(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]
    {
        println!("cargo::rerun-if-changed=migrations");
    }
}
