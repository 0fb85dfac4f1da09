//! How a registry asks who we are, and where it sends us for a token.

use super::error::OciError;
use super::reference::is_loopback;
use serde::Deserialize;
use url::Url;

/// What a registry wants before it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    /// A name and a password.
    Basic,
    /// A token of this address.
    Token(Url),
}

/// Reads `www-authenticate`. `scope` is what we are about to do, if the registry does not say it itself.
pub(super) fn challenge(header: &str, scope: &str, registry: &Url) -> Result<Challenge, OciError> {
    let (scheme, rest) = header.split_once(' ').unwrap_or((header, ""));
    if scheme.eq_ignore_ascii_case("basic") {
        return Ok(Challenge::Basic);
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(OciError::Answer(format!("it asks for `{scheme}`, which is neither Basic nor Bearer")));
    }
    let realm = parameter(rest, "realm").unwrap_or_default();
    let mut url = Url::parse(&realm).map_err(|_| OciError::Answer(format!("`{realm}` is where no token can be")))?;
    // Who may have a password asked for is as strict as where a component may come from.
    if url.scheme() != "https" && !(is_loopback(&url) && is_loopback(registry)) {
        return Err(OciError::Elsewhere(realm));
    }
    {
        let mut query = url.query_pairs_mut();
        if let Some(service) = parameter(rest, "service") {
            query.append_pair("service", &service);
        }
        query.append_pair("scope", &parameter(rest, "scope").unwrap_or_else(|| scope.to_owned()));
    }
    Ok(Challenge::Token(url))
}

/// `name="value"` among others. Values have commas in them, and no quotes.
fn parameter(text: &str, name: &str) -> Option<String> {
    let mut rest = text;
    while let Some((key, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"')?;
        if key.trim_start_matches([',', ' ']).eq_ignore_ascii_case(name) {
            return Some(value.to_owned());
        }
        rest = after;
    }
    None
}

/// What a token's address answers.
#[derive(Deserialize)]
struct Answer {
    token: Option<String>,
    access_token: Option<String>,
}

pub(super) fn token(answer: &[u8]) -> Result<String, OciError> {
    let answer: Option<Answer> = serde_json::from_slice(answer).ok();
    let token = answer.and_then(|answer| answer.token.or(answer.access_token));
    token.ok_or_else(|| OciError::Answer("it gave no token".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(header: &str, registry: &str) -> Result<Challenge, OciError> {
        challenge(header, "repository:a:pull", &Url::parse(registry).unwrap())
    }

    #[test]
    fn a_token_is_fetched_where_the_registry_says() {
        let header = r#"Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:a:pull,push""#;
        let Ok(Challenge::Token(url)) = asked(header, "https://ghcr.io/") else { panic!("no token") };
        assert_eq!(url.as_str(), "https://ghcr.io/token?service=ghcr.io&scope=repository%3Aa%3Apull%2Cpush");
        assert_eq!(asked("Basic realm=\"x\"", "https://ghcr.io/").unwrap(), Challenge::Basic);
        assert_eq!(token(br#"{"access_token":"t"}"#).unwrap(), "t");
    }

    #[test]
    fn it_is_not_fetched_without_tls_nor_from_a_scheme_that_nobody_knows() {
        let inside = r#"Bearer realm="http://169.254.169.254/latest""#;
        assert!(matches!(asked(inside, "https://ghcr.io/"), Err(OciError::Elsewhere(_))));
        assert!(matches!(
            asked(r#"Bearer realm="http://127.0.0.1:1/t""#, "https://ghcr.io/"),
            Err(OciError::Elsewhere(_))
        ));
        assert!(asked(r#"Bearer realm="http://127.0.0.1:1/t""#, "http://127.0.0.1:5000/").is_ok());
        assert!(asked("Negotiate", "https://ghcr.io/").is_err());
        assert!(asked("Bearer realm", "https://ghcr.io/").is_err());
    }
}
