//! Laws of documents.

use crate::fixtures::at;
use serde_json::{Value, json};
use std::sync::Arc;
use usher_store::Store;
use usher_store::document::{
    Collection, DeleteError, Document, DocumentKey, DocumentQuery, NewDocument, Precondition, WriteError, Written,
};

crate::laws! {
    a_document_reads_back_with_who_wrote_it_and_when,
    the_same_content_again_adds_no_revision,
    preconditions_are_kept,
    a_precondition_comes_before_equality,
    a_deleted_document_leaves_its_revisions_and_their_numbers,
    deleting_what_is_not_there_says_so,
    lists_are_in_order_by_prefix_and_in_pages,
    collections_and_brands_are_apart,
    of_two_writers_with_one_revision_one_wins,
}

fn key(brand: &str, id: &str) -> DocumentKey {
    DocumentKey { collection: Collection::Groups, brand: brand.to_owned(), id: id.to_owned() }
}

fn new(key: &DocumentKey, body: Value) -> NewDocument {
    NewDocument { key: key.clone(), body, written_by: "key_1".to_owned(), written_at: at(7) }
}

async fn put(store: &dyn Store, key: &DocumentKey, body: Value) -> Written {
    store.put_document(new(key, body), Precondition::None).await.unwrap()
}

async fn a_document_reads_back_with_who_wrote_it_and_when(store: Arc<dyn Store>) {
    let (key, body) = (key("acme", "g"), json!({"kind": "sports", "名": [1, 2.5, null]}));
    assert_eq!(store.document(&key).await.unwrap(), None);
    assert_eq!(put(&*store, &key, body.clone()).await, Written::Created { revision: 1 });
    let expected = Document { key: key.clone(), revision: 1, body, written_by: "key_1".to_owned(), written_at: at(7) };
    assert_eq!(store.document(&key).await.unwrap(), Some(expected));
}

async fn the_same_content_again_adds_no_revision(store: Arc<dyn Store>) {
    let key = key("acme", "g");
    put(&*store, &key, json!({"a": 1, "b": 2})).await;
    assert_eq!(put(&*store, &key, json!({"b": 2, "a": 1})).await, Written::Unchanged { revision: 1 });
    assert_eq!(put(&*store, &key, json!({"b": 3})).await, Written::Updated { revision: 2 });
    assert_eq!(put(&*store, &key, json!({"a": 1, "b": 2})).await, Written::Updated { revision: 3 });
    assert_eq!(store.revisions(&key, 10).await.unwrap().len(), 3);
}

async fn preconditions_are_kept(store: Arc<dyn Store>) {
    let key = key("acme", "g");
    let refused = store.put_document(new(&key, json!(1)), Precondition::Revision(1)).await;
    assert!(matches!(refused, Err(WriteError::Precondition { current: None })));
    let created = store.put_document(new(&key, json!(1)), Precondition::Absent).await.unwrap();
    assert_eq!(created, Written::Created { revision: 1 });
    for precondition in [Precondition::Absent, Precondition::Revision(2)] {
        let refused = store.put_document(new(&key, json!(2)), precondition).await;
        assert!(matches!(refused, Err(WriteError::Precondition { current: Some(1) })));
    }
    let updated = store.put_document(new(&key, json!(2)), Precondition::Revision(1)).await.unwrap();
    assert_eq!(updated, Written::Updated { revision: 2 });
    let refused = store.delete_document(&key, Precondition::Revision(1)).await;
    assert!(matches!(refused, Err(DeleteError::Precondition { current: 2 })));
    store.delete_document(&key, Precondition::Revision(2)).await.unwrap();
    assert_eq!(store.document(&key).await.unwrap(), None);
}

async fn a_precondition_comes_before_equality(store: Arc<dyn Store>) {
    let key = key("acme", "g");
    put(&*store, &key, json!(1)).await;
    let refused = store.put_document(new(&key, json!(1)), Precondition::Revision(9)).await;
    assert!(matches!(refused, Err(WriteError::Precondition { current: Some(1) })));
}

async fn a_deleted_document_leaves_its_revisions_and_their_numbers(store: Arc<dyn Store>) {
    let key = key("acme", "g");
    put(&*store, &key, json!(1)).await;
    put(&*store, &key, json!(2)).await;
    store.delete_document(&key, Precondition::None).await.unwrap();
    assert_eq!(put(&*store, &key, json!(2)).await, Written::Created { revision: 3 });
    let numbers = |documents: Vec<Document>| documents.iter().map(|document| document.revision).collect::<Vec<_>>();
    assert_eq!(numbers(store.revisions(&key, 10).await.unwrap()), [3, 2, 1]);
    assert_eq!(numbers(store.revisions(&key, 2).await.unwrap()), [3, 2]);
}

async fn deleting_what_is_not_there_says_so(store: Arc<dyn Store>) {
    let missing = store.delete_document(&key("acme", "g"), Precondition::None).await;
    assert!(matches!(missing, Err(DeleteError::Missing)));
    let missing = store.delete_document(&key("acme", "g"), Precondition::Revision(1)).await;
    assert!(matches!(missing, Err(DeleteError::Missing)));
}

async fn ids(store: &dyn Store, query: &DocumentQuery) -> Vec<String> {
    let documents = store.documents(query).await.unwrap();
    documents.into_iter().map(|document| format!("{}:{}", document.key.brand, document.key.id)).collect()
}

async fn lists_are_in_order_by_prefix_and_in_pages(store: Arc<dyn Store>) {
    for (brand, id) in [("b", "a/1"), ("a", "a/2"), ("a", "a/1"), ("a", "ab"), ("a", "b%"), ("a", "gone"), ("a", "群")]
    {
        put(&*store, &key(brand, id), json!({})).await;
    }
    store.delete_document(&key("a", "gone"), Precondition::None).await.unwrap();
    let all =
        DocumentQuery { collection: Collection::Groups, brand: None, prefix: String::new(), after: None, limit: 100 };
    let every = ["a:a/1", "a:a/2", "a:ab", "a:b%", "a:群", "b:a/1"];
    assert_eq!(ids(&*store, &all).await, every);
    let of_a = DocumentQuery { brand: Some("a".to_owned()), ..all.clone() };
    assert_eq!(ids(&*store, &of_a).await, every[..5]);
    assert_eq!(ids(&*store, &DocumentQuery { prefix: "a/".to_owned(), ..of_a.clone() }).await, every[..2]);
    assert_eq!(ids(&*store, &DocumentQuery { prefix: "%".to_owned(), ..of_a.clone() }).await, [""; 0]);
    assert_eq!(
        ids(&*store, &DocumentQuery { prefix: "a/".to_owned(), ..all.clone() }).await,
        ["a:a/1", "a:a/2", "b:a/1"]
    );
    let after = Some(("a".to_owned(), "a/2".to_owned()));
    assert_eq!(ids(&*store, &DocumentQuery { after: after.clone(), limit: 2, ..all.clone() }).await, every[2..4]);
    assert_eq!(ids(&*store, &DocumentQuery { after: after.clone(), ..of_a }).await, every[2..5]);
    assert_eq!(ids(&*store, &DocumentQuery { after, prefix: "a/".to_owned(), ..all }).await, ["b:a/1"]);
}

async fn collections_and_brands_are_apart(store: Arc<dyn Store>) {
    let group = key("acme", "x");
    let member = DocumentKey { collection: Collection::Members, ..group.clone() };
    put(&*store, &group, json!("group")).await;
    assert_eq!(put(&*store, &member, json!("member")).await, Written::Created { revision: 1 });
    assert_eq!(put(&*store, &key("other", "x"), json!("other")).await, Written::Created { revision: 1 });
    assert_eq!(store.document(&member).await.unwrap().unwrap().body, json!("member"));
    store.delete_document(&member, Precondition::None).await.unwrap();
    assert_eq!(store.document(&group).await.unwrap().unwrap().body, json!("group"));
}

async fn of_two_writers_with_one_revision_one_wins(store: Arc<dyn Store>) {
    let key = key("acme", "g");
    put(&*store, &key, json!(0)).await;
    let (a, b) = tokio::join!(
        store.put_document(new(&key, json!("a")), Precondition::Revision(1)),
        store.put_document(new(&key, json!("b")), Precondition::Revision(1)),
    );
    assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1);
    assert_eq!(store.document(&key).await.unwrap().unwrap().revision, 2);
}
