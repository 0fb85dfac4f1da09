//! Links in folded text: with a scheme, bare domains, and `@handles`.

use std::ops::Range;

/// Longest name of a host (RFC 1035, 2.3.4), scheme and handle: what is longer leads nowhere.
const MOST_HOST_BYTES: usize = 253;
const MOST_SCHEME_BYTES: usize = 32;
const MOST_HANDLE_BYTES: usize = 64;

/// Something that leads out of the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) span: Range<usize>,
    /// The domain, the scheme of an app (`weixin:`), or the handle with its `@`.
    pub(crate) target: String,
}

impl Link {
    /// A handle may be the mention of a member, unless it is a bot's.
    pub(crate) fn confidence(&self) -> f32 {
        match self.target.strip_prefix('@') {
            Some(handle) if handle.ends_with("bot") => 0.8,
            Some(_) => 0.4,
            None => 1.0,
        }
    }
}

/// Endings that make a domain of two words with a dot. Those that are file endings (md, rs, py) or everyday words too
/// ("good news.by the way", me, my, us) need a scheme, a `www.` or a path to count.
const TOP_LEVELS: [&str; 41] = [
    "com", "cn", "net", "org", "top", "xyz", "vip", "cc", "co", "io", "ru", "info", "biz", "shop", "site", "online",
    "club", "ltd", "tv", "store", "bet", "uk", "eu", "de", "fr", "jp", "kr", "hk", "tw", "sg", "ua", "kz", "su", "ly",
    "gg", "ai", "wang", "ink", "icu", "space", "website",
];

/// Every link in a folded text, in order, found as it is asked for.
pub(crate) fn links(text: &str) -> impl Iterator<Item = Link> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(rest) = text.get(at..)
            && let Some(skip) = rest.bytes().position(|byte| is_link_char(byte.into()))
        {
            let start = at + skip;
            at = run_end(text, start);
            if let Some(link) = text.get(start..at).and_then(|run| link_in(run, start)) {
                return Some(link);
            }
        }
        None
    })
}

/// The domain that an address leads to.
pub(crate) fn domain(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://").map_or((None, address), |(scheme, rest)| (Some(scheme), rest));
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let host = host.replace(['。', '点'], ".").trim_matches('.').to_ascii_lowercase();
    match scheme {
        Some(scheme) if scheme.len() > MOST_SCHEME_BYTES || host.len() > MOST_HOST_BYTES => None,
        Some(scheme) if !scheme.ends_with("http") && !scheme.ends_with("https") => Some(format!("{scheme}:")),
        Some(_) => host.contains('.').then_some(host),
        None if host.len() > MOST_HOST_BYTES => None,
        None => is_domain(&host, rest.len() > authority.len()).then_some(host),
    }
}

/// The link in a run of address characters that begins at `offset` of the text.
fn link_in(run: &str, offset: usize) -> Option<Link> {
    if !run.contains(['.', ':', '@', '点', '。']) {
        return None; // a word or a number
    }
    let run_from = run.find(|c: char| c.is_ascii_alphanumeric() || c == '@')?;
    let trimmed = run.get(run_from..)?.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '/'));
    let span = offset + run_from..offset + run_from + trimmed.len();
    let (before, after) = trimmed.split_once('@').unwrap_or((trimmed, ""));
    if trimmed.contains("://") || after.is_empty() {
        return domain(trimmed).map(|target| Link { span, target });
    }
    let len = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
    // With a name before the @ it is a mail address.
    let handle = before.is_empty()
        && (5..=MOST_HANDLE_BYTES).contains(&len)
        && after.starts_with(|c: char| c.is_ascii_alphabetic());
    handle.then(|| Link {
        span: span.start..span.start + 1 + len,
        target: trimmed.get(..=len).unwrap_or_default().to_owned(),
    })
}

/// Whether a host without a scheme is one: `www.`, a well-known ending, or any ending with a path behind it.
fn is_domain(host: &str, has_path: bool) -> bool {
    let Some((name, top)) = host.rsplit_once('.') else { return false };
    let labels = host.split('.').all(|label| !label.is_empty() && !label.starts_with('-'));
    let letters = top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_lowercase());
    let named = name.bytes().any(|byte| byte.is_ascii_lowercase()) || name.len() >= 4;
    labels && letters && named && (host.starts_with("www.") || has_path || TOP_LEVELS.contains(&top))
}

/// Where the run of address characters ends; 点 and 。 between Latin letters are dots in disguise.
fn run_end(text: &str, start: usize) -> usize {
    let mut previous = ' ';
    let mut letters = text.get(start..).unwrap_or_default().char_indices().peekable();
    while let Some((offset, letter)) = letters.next() {
        let next = letters.peek().map_or(' ', |&(_, next)| next);
        let dot = matches!(letter, '点' | '。') && previous.is_ascii_alphanumeric() && next.is_ascii_alphabetic();
        if !is_link_char(letter) && !dot {
            return start + offset;
        }
        previous = letter;
    }
    text.len()
}

/// All of them are ASCII: a byte tells.
fn is_link_char(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(letter, '-' | '.' | '_' | '~' | ':' | '/' | '?' | '#' | '@' | '&' | '=' | '+' | '%')
}

#[cfg(test)]
mod tests {
    use super::links;

    fn targets(text: &str) -> Vec<String> {
        links(text).map(|link| link.target).collect()
    }

    #[test]
    fn finds_what_leads_away() {
        for (text, target) in [
            ("看这里https://shop.example.com/a?b=1,很好", "shop.example.com"),
            ("www.example.rs", "www.example.rs"),
            ("点击t.me/abc领取", "t.me"),
            ("weixin://dl/chat?abc", "weixin:"),
            ("nhttps://example.com", "example.com"),
            ("下载example点com", "example.com"),
            ("example。cn", "example.cn"),
            ("(example.com).", "example.com"),
            ("write @some_name!", "@some_name"),
            ("https://user@example.org:8080/x", "example.org"),
        ] {
            assert_eq!(targets(text), [target], "{text}");
        }
    }

    #[test]
    fn leaves_files_versions_and_mail_alone() {
        for text in [
            "readme.md",
            "v1.2.3",
            "3.14元",
            "ok...好的",
            "a@example.com",
            "@小王",
            "10.30见",
            "и т.д",
            "1点me",
            "@tom",
            "12:30/13:00",
            "good news.by the way",
        ] {
            assert!(targets(text).is_empty(), "{text}: {:?}", targets(text));
        }
    }
}
