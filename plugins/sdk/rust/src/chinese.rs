//! Words for the Chinese that members read.

const UNITS: [(u64, &str); 4] = [(86_400, "天"), (3_600, "小时"), (60, "分钟"), (1, "秒")];

/// A length of time in its two largest units, rounded up to whole seconds: `3分钟`, `2分钟30秒`, `1天`.
pub fn duration(milliseconds: u64) -> String {
    let seconds = milliseconds.div_ceil(1000).max(1);
    let largest = UNITS.iter().position(|(size, _)| seconds >= *size).unwrap_or_default();
    let (mut rest, mut words) = (seconds, Vec::new());
    for (size, unit) in UNITS.iter().skip(largest).take(2) {
        if rest >= *size {
            words.push(format!("{}{unit}", rest / size));
            rest %= size;
        }
    }
    words.concat()
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_read_as_people_say_them() {
        for (milliseconds, said) in [
            (0, "1秒"),
            (1, "1秒"),
            (59_001, "1分钟"),
            (150_000, "2分钟30秒"),
            (180_000, "3分钟"),
            (3_600_000, "1小时"),
            (5_400_000, "1小时30分钟"),
            (86_400_000, "1天"),
            (86_400_000 + 60_000, "1天"),
        ] {
            assert_eq!(duration(milliseconds), said, "{milliseconds}");
        }
    }
}
