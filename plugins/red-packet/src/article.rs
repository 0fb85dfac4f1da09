//! Which messages share an article.

use crate::settings::Settings;

/// Longest address that is looked at, in bytes: the host of a longer one stands in its beginning as well.
const MOST_ADDRESS_BYTES: usize = 512;

/// Whether a message shares an article: by its media, or by a link, in its folded text or beside it.
pub fn is_share(settings: &Settings, media: &[String], links: &[String], folded: &str) -> bool {
    media.iter().any(|kind| settings.media.contains(kind))
        || links.iter().any(|link| leads_to(link, &settings.hosts))
        || folded.split(|c: char| !is_address_char(c)).any(|run| run.contains('.') && leads_to(run, &settings.hosts))
}

/// Whether an address leads to one of the hosts, or to one below them.
fn leads_to(address: &str, hosts: &[String]) -> bool {
    let address = address.get(..MOST_ADDRESS_BYTES.min(address.len())).unwrap_or_default();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let named = authority.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let named = named.trim_matches('.');
    hosts.iter().any(|host| {
        let from = named.len().checked_sub(host.len());
        let (before, tail) = from.and_then(|from| named.split_at_checked(from)).unwrap_or_default();
        tail.eq_ignore_ascii_case(host) && (before.is_empty() || before.ends_with('.'))
    })
}

fn is_address_char(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(letter, '-' | '.' | '_' | '~' | ':' | '/' | '?' | '#' | '@' | '&' | '=' | '+' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(text: &str) -> bool {
        is_share(&Settings::default(), &[], &[], text)
    }

    #[test]
    fn links_to_articles_are_found_where_they_stand() {
        for text in [
            "https://mp.weixin.qq.com/s/abc",
            "看这篇https://mp.weixin.qq.com/s/abc，很好",
            "mp.weixin.qq.com/s?__biz=1",
            "(http://MP.weixin.qq.com)",
            "原文在mp.weixin.qq.com.",
            "https://a.mp.weixin.qq.com:443/x",
        ] {
            assert!(shares(text), "{text}");
        }
    }

    #[test]
    fn what_only_mentions_the_host_is_no_share() {
        for text in [
            "",
            "公众号的文章",
            "https://example.com/?from=https://mp.weixin.qq.com/s/abc",
            "mp.weixin.qq.com.example.net/s",
            "xmp.weixin.qq.com/s",
            "https://weixin.qq.com/s/abc",
            "https://mp.weixin.qq.com@example.net/",
        ] {
            assert!(!shares(text), "{text}");
        }
    }

    #[test]
    fn a_card_is_a_share_and_so_is_a_link_beside_the_text() {
        let settings = Settings::default();
        assert!(is_share(&settings, &["image".to_owned(), "article".to_owned()], &[], ""));
        assert!(is_share(&settings, &[], &["https://mp.weixin.qq.com/s/abc".to_owned()], "好文"));
        assert!(!is_share(&settings, &["image".to_owned()], &["https://example.com".to_owned()], ""));
    }
}
