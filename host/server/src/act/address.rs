//! Which addresses may be told. A brand names them, and the host is inside the operator's network: what is not open to
//! everybody is not open to a webhook either, unless the operator says so.

use std::net::IpAddr;
use thiserror::Error;
use url::{Host, Url};
use usher_net::is_public;

/// Longest address, in bytes.
const URL_BYTES_MAX: usize = 2048;

/// Why a webhook can't have this address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum InvalidAddress {
    #[error("it is not an absolute URL such as `https://example.com/usher`")]
    NoUrl,
    #[error("it has more than {URL_BYTES_MAX} bytes")]
    TooLong,
    #[error("it must begin with `https://` (the host's setting `webhooks.private_addresses` allows `http://` too)")]
    NotHttps,
    #[error("it must not hold a name or a password: check the signature instead")]
    Credentials,
    #[error("{PRIVATE}")]
    Private,
}

/// What is said of an address inside.
pub(super) const PRIVATE: &str =
    "it leads to this machine or a private network, which the host's setting `webhooks.private_addresses` forbids";

/// Checks what can be seen of an address without asking for its name's numbers.
pub(crate) fn check(address: &str, private_too: bool) -> Result<Url, InvalidAddress> {
    if address.len() > URL_BYTES_MAX {
        return Err(InvalidAddress::TooLong);
    }
    let url = Url::parse(address).map_err(|_| InvalidAddress::NoUrl)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(InvalidAddress::Credentials);
    }
    match url.scheme() {
        "https" => {}
        "http" if private_too => {}
        "http" => return Err(InvalidAddress::NotHttps),
        _ => return Err(InvalidAddress::NoUrl),
    }
    let public = match url.host().ok_or(InvalidAddress::NoUrl)? {
        Host::Domain(name) => !(name == "localhost" || name.ends_with(".localhost")),
        Host::Ipv4(ip) => is_public(IpAddr::V4(ip)),
        Host::Ipv6(ip) => is_public(IpAddr::V6(ip)),
    };
    if public || private_too { Ok(url) } else { Err(InvalidAddress::Private) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> Option<InvalidAddress> {
        check(address, false).err()
    }

    #[test]
    fn the_open_internet_may_be_told() {
        for address in ["https://example.com/hook?a=b", "https://8.8.8.8:8443/", "https://[2606:4700::1]/"] {
            assert_eq!(refused(address), None, "{address}");
        }
    }

    #[test]
    fn what_lies_inside_may_not_be_told() {
        let inside = [
            "https://localhost/",
            "https://a.localhost/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://0x7f.0.0.1/",
            "https://2130706433/",
            "https://0.0.0.0/",
            "https://10.1.2.3/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/",
            "https://198.18.0.1/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fe80::1]/",
            "https://[fc00::1]/",
            "https://[2002:7f00:1::]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2001::1]/",
        ];
        for address in inside {
            assert_eq!(refused(address), Some(InvalidAddress::Private), "{address}");
        }
    }

    #[test]
    fn other_addresses_are_told_apart() {
        assert_eq!(refused("http://example.com/"), Some(InvalidAddress::NotHttps));
        assert_eq!(refused("https://me:secret@example.com/"), Some(InvalidAddress::Credentials));
        assert_eq!(refused(&format!("https://example.com/{}", "a".repeat(3000))), Some(InvalidAddress::TooLong));
        for address in ["", "example.com", "file:///etc/passwd", "ftp://example.com/", "https://"] {
            assert_eq!(refused(address), Some(InvalidAddress::NoUrl), "{address}");
        }
        assert!(check("http://127.0.0.1:9000/hook", true).is_ok());
    }
}
