//! Bytes that a plugin chose, written so that people can read them where that is possible.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

/// Bytes: in JSON `{"text": …}` when they are UTF-8, else `{"hex": …}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, ToSchema)]
#[schema(value_type = BlobJson)]
pub struct Blob(Box<[u8]>);

/// How a [`Blob`] looks in JSON.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum BlobJson {
    Text(String),
    Hex(String),
}

impl Blob {
    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&[u8]> for Blob {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}

impl From<Vec<u8>> for Blob {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_bytes(&self.0);
        }
        match std::str::from_utf8(&self.0) {
            Ok(text) => BlobJson::Text(text.to_owned()).serialize(serializer),
            Err(_) => BlobJson::Hex(hex::encode(&self.0)).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return Vec::<u8>::deserialize(deserializer).map(Self::from);
        }
        match BlobJson::deserialize(deserializer)? {
            BlobJson::Text(text) => Ok(Self(text.into_bytes().into())),
            BlobJson::Hex(digits) => hex::decode(digits).map(Self::from).map_err(D::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_readable_and_all_else_is_hexadecimal() {
        let check = |bytes: &[u8], json: &str| {
            let blob = Blob::from(bytes);
            assert_eq!(serde_json::to_string(&blob).unwrap(), json);
            assert_eq!(serde_json::from_str::<Blob>(json).unwrap(), blob);
        };
        check("打卡".as_bytes(), r#"{"text":"打卡"}"#);
        check(&[0xff, 0x00], r#"{"hex":"ff00"}"#);
        check(b"", r#"{"text":""}"#);
    }
}
