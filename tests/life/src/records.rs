//! What the host is told about groups, members and contents; and, apart from it, the truth.

use crate::content::{Content, VALID_DAYS};
use crate::life::Life;
use crate::people::Member;
use crate::town::{CONTENT_KINDS, FORMATS, KINDS, REGIONS, TOPICS};
use serde_json::{Value, json};

/// What stands in the brand's record, so that nobody takes it for real people.
pub const NOTICE: &str = "虚构社群（usher-life 生成，没有真实人物）";

/// Records to `PUT`, in order: the path below the brand (empty for the brand itself), and the body.
pub fn records(life: &Life) -> impl Iterator<Item = (String, Value)> {
    let brand = std::iter::once((String::new(), json!({ "name": NOTICE, "time_zone": "Asia/Shanghai" })));
    let groups = life.groups.iter().enumerate().map(|(number, group)| {
        let size = life.members.iter().filter(|member| member.group == number && member.is_there(life.days)).count();
        let body = json!({ "name": group.name, "kind": group.kind_name(), "size": size });
        (format!("groups/{}", group.id), body)
    });
    let members = life.members.iter().map(move |member| {
        let group = &life.groups[member.group].id;
        (format!("groups/{group}/members/{}", member.id), record(life, member))
    });
    let contents = life.contents.iter().map(move |content| (format!("contents/{}", content.id), post(life, content)));
    brand.chain(groups).chain(members).chain(contents)
}

fn record(life: &Life, member: &Member) -> Value {
    json!({
        "name": member.name, "roles": ["member"], "joined_at": life.moment(member.joined, 6 * 3_600_000),
        "attributes": {
            "region": REGIONS[member.region], "interest": TOPICS[member.interest].0,
            "segment": TOPICS[member.interest].0, "simulated": "true",
        },
    })
}

fn post(life: &Life, content: &Content) -> Value {
    json!({
        "title": content.title, "kind": CONTENT_KINDS[content.kind].0, "topic": TOPICS[content.topic].0,
        "format": FORMATS[content.format], "author": content.author,
        "valid_from": life.moment(content.from, 0), "valid_until": life.moment(content.from + VALID_DAYS, 0),
    })
}

/// What nobody tells the host: who is what, and how good a content is. A line each.
pub fn truth(life: &Life) -> impl Iterator<Item = Value> {
    let members = life.members.iter().map(|member| json!({ "member": member.id, "persona": member.persona }));
    let contents = life.contents.iter().map(|content| {
        let appeal = KINDS.iter().map(|(name, _, topics)| (*name, topics[content.topic] * content.quality / 1_000));
        let appeal: serde_json::Map<String, Value> =
            appeal.map(|(name, value)| (name.to_owned(), json!(value))).collect();
        json!({ "content": content.id, "quality_per_mille": content.quality, "appeal_per_mille": appeal })
    });
    members.chain(contents)
}
