//! What an account or a telephone number looks like in folded text.

use std::ops::Range;

use crate::lexicon::is_spelled;

/// More digits than any account or telephone number has.
const MOST_DIGITS: usize = 20;

/// Fewer digits, not counting letters that look like them, are no telephone number.
pub(crate) const FEWEST_PHONE_DIGITS: usize = 5;

/// Something one can be reached at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) span: Range<usize>,
    pub(crate) form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `@name`
    Handle,
    /// Letters with digits or `_` among them.
    Name,
    /// Letters only: an account only where it is said to be one.
    Letters,
    /// Seven digits or more.
    Number,
    /// Five or six digits: a QQ number, or any other number.
    ShortNumber,
}

/// Names of things that are written like accounts.
const PRODUCTS: [&str; 14] = [
    "iphone", "ipad", "ios", "android", "windows", "win", "mac", "http", "www", "covid", "python", "version", "mp",
    "gpt",
];
/// What makes of a number an amount, a date or a count.
const UNITS: &str = "元块毛万亿千百个人条年月日号点分秒度岁k折名位次粉件%$€₽家天多米平级斤台部套份群";

/// The account that begins at `at`.
pub(crate) fn account_at(text: &str, at: usize) -> Option<Account> {
    let rest = text.get(at..)?;
    if let Some(handle) = rest.strip_prefix('@') {
        let len = name_len(handle);
        let named = len >= 4 && handle.starts_with(|c: char| c.is_ascii_alphabetic());
        return named.then(|| Account { span: at..at + 1 + len, form: Form::Handle });
    }
    let len = name_len(rest);
    let name = rest.get(..len)?;
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let form = if name.contains(|c: char| c.is_ascii_digit() || c == '_') { Form::Name } else { Form::Letters };
        let known = PRODUCTS.iter().any(|product| name.starts_with(product));
        let ends = !rest.get(len..)?.starts_with(is_spelled);
        return ((5..=24).contains(&len) && ends && !known).then_some(Account { span: at..at + len, form });
    }
    let digits = digits_at(text, at)?;
    let amount = text.get(digits.end..)?.starts_with(|c: char| UNITS.contains(c));
    let form = if digits.count >= 7 { Form::Number } else { Form::ShortNumber };
    ((5..=13).contains(&digits.count) && !amount).then_some(Account { span: at..digits.end, form })
}

/// Telephone numbers that need no word beside them: Chinese mobile numbers, and international ones with a plus.
pub(crate) fn phone_at(text: &str, at: usize) -> Option<Range<usize>> {
    let first = text.get(at..)?.chars().next()?;
    let before = text.get(..at)?.chars().next_back();
    let within = |c: char| digit(c).is_some() || matches!(c, '.' | '_' | '-');
    if (first != '+' && digit(first).is_none()) || before.is_some_and(within) {
        return None;
    }
    let international = first == '+';
    let digits = digits_at(text, if international { at + 1 } else { at })?;
    let national =
        [86, 7].iter().find_map(|code| digits.value.strip_prefix(&code.to_string()).filter(|_| international));
    let number = national.unwrap_or(&digits.value);
    let chinese = number.len() == 11 && matches!(number.as_bytes(), [b'1', b'3'..=b'9', ..]);
    let russian = !international && number.len() == 11 && (number.starts_with("79") || number.starts_with("89"));
    let abroad = international && (10..=13).contains(&digits.count);
    ((chinese || russian || abroad) && digits.grouped_like_a_phone).then_some(at..digits.end)
}

struct Digits {
    value: String,
    count: usize,
    end: usize,
    /// In one piece, in a few groups, or one by one.
    grouped_like_a_phone: bool,
}

/// A run of digits, Chinese ones too, with at most one separator between any two.
fn digits_at(text: &str, at: usize) -> Option<Digits> {
    let mut value = String::new();
    let mut groups = 1;
    let mut end = at;
    let mut real = 0;
    let mut gap = false;
    for (offset, letter) in text.get(at..)?.char_indices() {
        // Longer than any number there is; and a whole Chinese one is one, whatever number follows it.
        if value.len() > MOST_DIGITS || (value.len() == 11 && value.starts_with('1') && digit(letter).is_none()) {
            break;
        }
        if let Some(digit) = digit(letter).or_else(|| look_alike(letter).filter(|_| !value.is_empty())) {
            groups += usize::from(gap && !value.is_empty());
            gap = false;
            real += usize::from(look_alike(letter).is_none());
            value.push(digit);
            end = at + offset + letter.len_utf8();
        } else if !gap && !value.is_empty() && matches!(letter, ' ' | '-' | '.' | '_' | '~' | '(' | ')' | '/') {
            gap = true;
        } else {
            break;
        }
    }
    let count = value.len();
    let spelled = text.get(end..)?.starts_with(|c: char| c.is_ascii_alphabetic());
    (real * 2 >= count && count > 0 && !(spelled && real < count)).then_some(Digits {
        grouped_like_a_phone: groups <= 5 || groups == count,
        value,
        count,
        end,
    })
}

/// Digits, and the characters that stand for them in Chinese.
fn digit(letter: char) -> Option<char> {
    let value = match letter {
        '0'..='9' => return Some(letter),
        '零' | '〇' => '0',
        '一' | '壹' | '幺' => '1',
        '二' | '贰' => '2',
        '三' | '叁' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' => '6',
        '七' | '柒' => '7',
        '八' | '捌' => '8',
        '九' | '玖' => '9',
        _ => return None,
    };
    Some(value)
}

/// Digits, in whatever script.
pub(crate) fn is_digit(letter: char) -> bool {
    digit(letter).is_some()
}

/// Letters that stand for digits among digits.
fn look_alike(letter: char) -> Option<char> {
    match letter {
        'o' => Some('0'),
        'l' | 'i' => Some('1'),
        _ => None,
    }
}

fn name_len(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(text.len())
}
