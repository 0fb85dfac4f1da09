//! Which addresses are open to everybody.

use futures_util::future::BoxFuture;
use hyper_util::client::legacy::connect::dns::Name;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::task::{Context, Poll};

/// Whether it is reached through the open internet: none of the blocks that RFC 6890 sets aside.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_public_v4(ip),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = a == 192 && b == 0 && c == 0;
    let benchmarks = a == 198 && (b == 18 || b == 19);
    let set_aside = a == 0 || a >= 240 || shared || protocol || benchmarks;
    !(set_aside
        || ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_broadcast()
        || ip.is_documentation())
}

/// Only what is handed out as global unicast (2000::/3), without the blocks in it that lead elsewhere: 6to4 and
/// Teredo have an IPv4 address inside, and 2001:db8::/32 is for documents.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    a & 0xe000 == 0x2000 && a != 0x2002 && !(a == 0x2001 && (b < 0x0200 || b == 0x0db8))
}

/// Finds the numbers of a name, and only public ones unless all may be reached. What is found is what is connected to: a
/// name that changes its numbers between the check and the call gains nothing.
#[derive(Debug, Clone)]
pub struct Resolver {
    /// Whether this machine and private networks may be reached too.
    pub private_too: bool,
    /// What is said when they are asked for and may not.
    pub refusal: &'static str,
}

impl tower_service::Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let Self { private_too, refusal } = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let may: Vec<_> = found.filter(|address| private_too || is_public(address.ip())).collect();
            if may.is_empty() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, refusal));
            }
            Ok(may.into_iter())
        })
    }
}
