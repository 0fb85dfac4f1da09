//! `(?:微信|薇信|v信|qq|telegram|whatsapp)[ :+]{0,3}[a-z0-9_]{5,}`, in one pass.

const CHANNELS: [&str; 6] = ["微信", "薇信", "v信", "qq", "telegram", "whatsapp"];
/// Characters that may stand between channel and account.
const GAP_MAX: usize = 3;
/// Shorter ones are no accounts.
const ACCOUNT_MIN: usize = 5;

/// Bytes that channels begin with: all others are passed over.
const FIRST: [bool; 256] = {
    let mut first = [false; 256];
    let mut at = 0;
    while at < CHANNELS.len() {
        first[CHANNELS[at].as_bytes()[0] as usize] = true;
        at += 1;
    }
    first
};

/// Whether a channel stands in the text with an account behind it.
pub fn has_contact(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().filter(|(_, byte)| FIRST[usize::from(**byte)]).any(|(at, _)| {
        let channel = CHANNELS.iter().find(|channel| bytes[at..].starts_with(channel.as_bytes()));
        channel.is_some_and(|channel| is_account(&bytes[at + channel.len()..]))
    })
}

fn is_account(bytes: &[u8]) -> bool {
    let gap = bytes.iter().take(GAP_MAX).take_while(|byte| matches!(byte, b' ' | b':' | b'+')).count();
    let account = bytes[gap..].iter().take(ACCOUNT_MIN);
    account.filter(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')).count() == ACCOUNT_MIN
}

#[cfg(test)]
mod tests {
    use super::has_contact;

    #[test]
    fn a_channel_needs_an_account() {
        for text in ["加v信 abc123", "qq:12345678 进群", "微信: +tea_888", "whatsapp99999", "qq qq 12345"] {
            assert!(has_contact(text), "{text}");
        }
        for text in ["微信支付都可以", "qq:1234", "微信    tea_888", "qq", "", "telegram: 茶友"] {
            assert!(!has_contact(text), "{text}");
        }
    }
}
