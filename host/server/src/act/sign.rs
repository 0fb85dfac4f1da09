//! Signatures in the way of [Standard Webhooks](https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use usher_model::{KeptWebhook, OldSecret, Timestamp};

/// What every secret begins with.
const PREFIX: &str = "whsec_";

/// Bytes of a secret.
const SECRET_BYTES: usize = 32;

/// A new secret.
///
/// # Errors
/// The system has no randomness.
pub(crate) fn new_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{PREFIX}{}", STANDARD.encode(bytes)))
}

/// The same webhook with another secret; the one before signs too until then.
pub(crate) fn replace(kept: &KeptWebhook, secret: String, until: Timestamp) -> KeptWebhook {
    let old_secret = Some(OldSecret { secret: kept.secret.clone(), until });
    KeptWebhook { webhook: kept.webhook.clone(), secret, old_secret }
}

/// The value of `webhook-signature`: one signature for each secret that is in force.
pub(super) fn signatures(webhook: &KeptWebhook, id: &str, now: Timestamp, body: &[u8]) -> String {
    let old = webhook.old_secret.as_ref().filter(|old| old.until > now).map(|old| &old.secret);
    let seconds = now.ms() / 1000;
    let one = |secret: &String| format!("v1,{}", signature(secret, id, seconds, body));
    std::iter::once(&webhook.secret).chain(old).map(one).collect::<Vec<_>>().join(" ")
}

fn signature(secret: &str, id: &str, seconds: u64, body: &[u8]) -> String {
    // Secrets are made here alone, so they always decode.
    let key = STANDARD.decode(secret.trim_start_matches(PREFIX)).unwrap_or_default();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return String::new() };
    mac.update(format!("{id}.{seconds}.").as_bytes());
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use usher_model::{Tells, Webhook};

    fn kept(secret: &str) -> KeptWebhook {
        let webhook = Webhook { url: "https://example.com".into(), tells: Tells::default(), groups: Vec::new() };
        KeptWebhook { webhook, secret: secret.into(), old_secret: None }
    }

    /// The example of the specification's reference libraries.
    #[test]
    fn signs_as_the_standard_says() {
        let webhook = kept("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let now = Timestamp::from_ms(1_614_265_330_000).unwrap();
        let signed = signatures(&webhook, "msg_p5jXN8AQM9LWM0D4loKWxJek", now, br#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_replaced_secret_signs_for_a_while() {
        let until = Timestamp::from_ms(10_000).unwrap();
        let webhook = replace(&kept("whsec_b2xk"), "whsec_bmV3".into(), until);
        let signed = |ms| signatures(&webhook, "id", Timestamp::from_ms(ms).unwrap(), b"{}");
        assert_eq!(signed(9_999).split(' ').count(), 2);
        assert_eq!(signed(10_000).split(' ').count(), 1);
    }

    #[test]
    fn secrets_differ_and_are_long() {
        let (one, two) = (new_secret().unwrap(), new_secret().unwrap());
        assert_ne!(one, two);
        assert_eq!(STANDARD.decode(one.strip_prefix(PREFIX).unwrap()).unwrap().len(), SECRET_BYTES);
    }
}
