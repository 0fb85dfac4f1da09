//! The command carries the SDKs, the templates and the contract: when one of their files comes or goes, it is built again.

fn main() {
    for carried in ["plugins/sdk", "plugins/templates", "wit"] {
        println!("cargo:rerun-if-changed=../../{carried}");
    }
}
