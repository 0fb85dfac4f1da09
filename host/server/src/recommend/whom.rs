//! For whom something is recommended: a group, or one of its members.

use super::asked::RecommendAsked;
use crate::directory::GroupEntry;
use crate::host::Host;
use std::collections::BTreeMap;
use std::sync::Arc;
use usher_model::{Group, Member, MemberId, Timestamp};
use usher_store::StoreError;

/// What an attribute of a member or a group is called that says which segment they belong to.
const SEGMENT: &str = "segment";

/// A recipient.
#[derive(Debug, Clone)]
pub(crate) struct Whom {
    pub(crate) group: Arc<Group>,
    pub(crate) member: Option<MemberId>,
    record: Option<Arc<Member>>,
    /// Of the member or the group; the group's kind when neither says.
    pub(crate) segment: String,
}

impl Whom {
    pub(crate) async fn find(host: &Host, group: &GroupEntry, member: Option<&MemberId>) -> Result<Self, StoreError> {
        let record = match member {
            Some(member) => host.members.get(&group.key, member).await?,
            None => None,
        };
        let own = record.as_ref().and_then(|record| record.attributes.get(SEGMENT));
        let group = group.record.load_full();
        let segment = own.or_else(|| group.attributes.get(SEGMENT)).unwrap_or(&group.kind).clone();
        Ok(Self { member: member.cloned(), record, segment, group })
    }

    /// What plugins are told of why the table is asked for, by name.
    pub(crate) fn parameters(
        &self,
        id: &GroupEntry,
        asked: &RecommendAsked,
        at: Timestamp,
        zone: &str,
    ) -> BTreeMap<Box<str>, Box<str>> {
        let mut named: BTreeMap<Box<str>, Box<str>> = BTreeMap::new();
        let mut name = |name: &str, value: &str| drop(named.insert(name.into(), value.into()));
        name("slot", &asked.slot);
        name("at", &at.to_string());
        name("local_time", &at.in_zone(zone));
        name("limit", &asked.limit().to_string());
        name("group", id.key.group.as_str());
        name("group_kind", &self.group.kind);
        name("segment", &self.segment);
        if let Some(member) = &self.member {
            name("member", member.as_str());
        }
        if let Some(record) = &self.record {
            name("member_labels", &record.labels.join("\n"));
            record.attributes.iter().for_each(|(key, value)| name(&format!("attribute:{key}"), value));
        }
        named
    }
}
