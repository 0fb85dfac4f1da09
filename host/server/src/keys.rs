//! API keys: who calls.

use crate::documents::{self, key_key, new_document};
use parking_lot::RwLock;
use std::collections::HashMap;
use std::sync::Arc;
use usher_model::{BrandId, Digest, Key, KeyId, Role};
use usher_store::document::{Collection, DeleteError, DocumentKey, Precondition, WriteError};
use usher_store::{Store, StoreError};
use uuid::Uuid;

/// Shortest secret that is taken from the environment, in bytes.
const SECRET_BYTES_MIN: usize = 16;

/// The admin key of the environment.
#[derive(Clone)]
pub struct AdminKey(Digest);

impl std::fmt::Debug for AdminKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AdminKey(…)")
    }
}

impl AdminKey {
    /// Takes a secret.
    ///
    /// # Errors
    /// A sentence for the operator when it is too short to be one.
    pub fn new(secret: &str) -> Result<Self, String> {
        if secret.len() < SECRET_BYTES_MIN {
            return Err(format!("an admin key has at least {SECRET_BYTES_MIN} characters"));
        }
        Ok(Self(Digest::of(secret.as_bytes())))
    }
}

/// A new random secret.
///
/// # Errors
/// [`getrandom::Error`] when the system has no randomness.
pub fn new_secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(format!("usk_{}", hex::encode(bytes)))
}

/// Who calls: a key that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownKey {
    pub(crate) id: KeyId,
    pub(crate) key: Key,
}

/// All keys, by the digest of their secret: the lookup itself tells nothing about a secret.
#[derive(Debug)]
pub(crate) struct Keys {
    store: Arc<dyn Store>,
    by_digest: RwLock<HashMap<Digest, Arc<KnownKey>>>,
}

impl Keys {
    pub(crate) async fn load(store: Arc<dyn Store>, admin: Option<AdminKey>) -> Result<Self, StoreError> {
        let mut by_digest = HashMap::new();
        for document in documents::all(store.as_ref(), Collection::Keys).await? {
            let key: Key = documents::read(&document)?;
            let id = document.key.id.parse().map_err(|_| StoreError::Damaged { what: "the id of a key" })?;
            by_digest.insert(key.secret_digest, Arc::new(KnownKey { id, key }));
        }
        if let Some(AdminKey(secret_digest)) = admin {
            let key = Key { role: Role::Admin, brand: None, name: "environment".into(), secret_digest };
            by_digest.insert(secret_digest, Arc::new(KnownKey { id: KeyId::new(Uuid::nil()), key }));
        }
        Ok(Self { store, by_digest: RwLock::new(by_digest) })
    }

    /// Takes over what is on record about a key now.
    pub(crate) async fn reload(&self, changed: &DocumentKey) -> Result<(), StoreError> {
        let id = changed.id.parse().map_err(|_| StoreError::Damaged { what: "the id of a key" })?;
        let document = self.store.document(changed).await?;
        let key: Option<Key> = document.as_ref().map(documents::read).transpose()?;
        let mut by_digest = self.by_digest.write();
        by_digest.retain(|_, known| known.id != id);
        if let Some(key) = key {
            by_digest.insert(key.secret_digest, Arc::new(KnownKey { id, key }));
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_digest.read().is_empty()
    }

    pub(crate) fn recognise(&self, secret: &str) -> Option<Arc<KnownKey>> {
        self.by_digest.read().get(&Digest::of(secret.as_bytes())).cloned()
    }

    /// Whether a key that was recognised is still of use.
    pub(crate) fn knows(&self, known: &KnownKey) -> bool {
        self.by_digest.read().contains_key(&known.key.secret_digest)
    }

    /// Makes and keeps a key; the secret is returned and kept nowhere.
    pub(crate) async fn create(
        &self,
        role: Role,
        brand: Option<BrandId>,
        name: String,
        by: &str,
    ) -> Result<(String, Arc<KnownKey>), StoreError> {
        let secret = new_secret().map_err(|_| StoreError::Damaged { what: "the system's randomness" })?;
        let id = KeyId::new(Uuid::now_v7());
        let key = Key { role, brand, name, secret_digest: Digest::of(secret.as_bytes()) };
        let document = new_document(key_key(id), &key, by)?;
        match self.store.put_document(document, Precondition::Absent).await {
            Ok(_) => {}
            Err(WriteError::Store(error)) => return Err(error),
            Err(WriteError::Precondition { .. }) => return Err(StoreError::Damaged { what: "the ids of keys" }),
        }
        let known = Arc::new(KnownKey { id, key });
        self.by_digest.write().insert(known.key.secret_digest, known.clone());
        Ok((secret, known))
    }

    /// All keys, oldest first.
    pub(crate) fn list(&self) -> Vec<Arc<KnownKey>> {
        let mut keys: Vec<_> = self.by_digest.read().values().cloned().collect();
        keys.sort_by_key(|known| known.id);
        keys
    }

    pub(crate) fn get(&self, id: KeyId) -> Option<Arc<KnownKey>> {
        self.by_digest.read().values().find(|known| known.id == id).cloned()
    }

    /// Takes a key back, at once.
    pub(crate) async fn delete(&self, id: KeyId) -> Result<(), DeleteError> {
        self.store.delete_document(&key_key(id), Precondition::None).await?;
        self.by_digest.write().retain(|_, known| known.id != id);
        Ok(())
    }
}
