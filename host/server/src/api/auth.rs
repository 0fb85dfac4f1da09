//! Who calls, and what they may do.

use crate::api::problem::Problem;
use crate::api::problems::{FORBIDDEN, UNAUTHENTICATED, not_found};
use crate::directory::{BrandEntry, GroupEntry};
use crate::follow::catch_up;
use crate::host::Host;
use crate::keys::KnownKey;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use std::sync::Arc;
use usher_model::{BrandId, GroupId, GroupKey, Role};

/// What can be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permission {
    ManageKeys,
    ManagePlugins,
    /// Brands, groups, enablements, word lists.
    Manage,
    ManageMembers,
    /// What can be recommended.
    ManageContents,
    SendEvents,
    /// Score and recommend.
    Run,
    /// Decisions: they quote what members wrote.
    ReadDecisions,
    /// What plugins write to their logs: for those who run them.
    ReadPluginLogs,
    /// Everything else.
    Read,
}

/// The one table of roles and permissions.
fn allows(role: Role, permission: Permission) -> bool {
    use Permission::{ManageContents, ManageKeys, ManageMembers, ManagePlugins, Read, ReadDecisions, Run, SendEvents};
    match role {
        Role::Admin => true,
        Role::Operator => !matches!(permission, ManageKeys | ManagePlugins),
        Role::Moderator => matches!(permission, Read | ReadDecisions | ManageMembers),
        Role::Integrator => {
            matches!(permission, Read | ReadDecisions | SendEvents | Run | ManageMembers | ManageContents)
        }
        Role::Viewer => matches!(permission, Read | ReadDecisions),
    }
}

/// A caller with a valid key.
#[derive(Debug, Clone)]
pub(crate) struct Caller(Arc<KnownKey>);

impl FromRequestParts<Arc<Host>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, host: &Arc<Host>) -> Result<Self, Problem> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let secret =
            header.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let Some((_, secret)) = secret else {
            return Err(Problem::new(UNAUTHENTICATED, "send `Authorization: Bearer <key>`"));
        };
        let known = host.keys.recognise(secret.trim());
        let unknown = || Problem::new(UNAUTHENTICATED, "this key is not known here, or was taken back");
        let caller = known.map(Self).ok_or_else(unknown)?;
        if names_something_unknown(parts, host).await {
            catch_up(host).await?;
        }
        Ok(caller)
    }
}

/// Whether the path has a brand or a group that is not in memory: another host may have made it a moment ago.
async fn names_something_unknown(parts: &mut Parts, host: &Host) -> bool {
    let Ok(params) = RawPathParams::from_request_parts(parts, &()).await else { return false };
    let named = |wanted: &str| params.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned());
    let Some(brand) = named("brand").and_then(|brand| BrandId::new(brand).ok()) else { return false };
    let Some(brand) = host.directory.brand(&brand) else { return true };
    named("group").and_then(|group| GroupId::new(group).ok()).is_some_and(|group| brand.group(&group).is_none())
}

impl Caller {
    /// For answers that go on for long: a key that was taken back ends them.
    pub(crate) fn is_still_known(&self, host: &Host) -> Result<(), Problem> {
        if host.keys.knows(&self.0) {
            return Ok(());
        }
        Err(Problem::new(UNAUTHENTICATED, "this key was taken back"))
    }

    /// The id of the key, for the record.
    pub(crate) fn id(&self) -> String {
        self.0.id.to_string()
    }

    /// Something of the host as a whole: keys of one brand may read, and nothing else.
    pub(crate) fn may(&self, permission: Permission) -> Result<(), Problem> {
        self.role_allows(permission)?;
        if self.only_brand().is_some() && permission != Permission::Read {
            return Err(Problem::new(FORBIDDEN, "the key is for one brand, and this concerns the whole host"));
        }
        Ok(())
    }

    /// Something of a brand; another brand's things are not there for this key.
    pub(crate) fn may_in(&self, permission: Permission, brand: &BrandId) -> Result<(), Problem> {
        if self.only_brand().is_some_and(|own| own != brand) {
            return Err(not_found("brand"));
        }
        self.role_allows(permission)
    }

    fn role_allows(&self, permission: Permission) -> Result<(), Problem> {
        let own = self.0.key.role;
        if allows(own, permission) {
            return Ok(());
        }
        let others = Role::ALL.into_iter().filter(|role| allows(*role, permission)).map(Role::as_str);
        let others = others.collect::<Vec<_>>().join(", ");
        Err(Problem::new(FORBIDDEN, format!("the role `{own}` does not allow it; these do: {others}")))
    }

    /// The brand that the key is for; none when it is for all.
    pub(crate) fn only_brand(&self) -> Option<&BrandId> {
        self.0.key.brand.as_ref()
    }

    /// A brand that is there and that the caller may do this in.
    pub(crate) fn brand(&self, host: &Host, permission: Permission, id: &BrandId) -> Result<Arc<BrandEntry>, Problem> {
        self.may_in(permission, id)?;
        host.directory.brand(id).ok_or_else(|| not_found("brand"))
    }

    /// A group that is there and that the caller may do this in.
    pub(crate) fn group(
        &self,
        host: &Host,
        permission: Permission,
        brand: &BrandId,
        group: &GroupId,
    ) -> Result<(Arc<BrandEntry>, Arc<GroupEntry>), Problem> {
        self.may_in(permission, brand)?;
        let key = GroupKey { brand: brand.clone(), group: group.clone() };
        host.directory.group(&key).ok_or_else(|| not_found("group"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_its_work_needs() {
        use Permission::{
            Manage, ManageContents, ManageKeys, ManageMembers, ManagePlugins, Read, ReadDecisions, ReadPluginLogs, Run,
            SendEvents,
        };
        let all = [
            ManageKeys,
            ManagePlugins,
            Manage,
            ManageMembers,
            ManageContents,
            SendEvents,
            Run,
            ReadDecisions,
            ReadPluginLogs,
            Read,
        ];
        let check = |role: Role, expect: &[Permission]| {
            let allowed: Vec<_> = all.into_iter().filter(|permission| allows(role, *permission)).collect();
            assert_eq!(allowed, expect, "{role}");
        };
        check(Role::Admin, &all);
        check(
            Role::Operator,
            &[Manage, ManageMembers, ManageContents, SendEvents, Run, ReadDecisions, ReadPluginLogs, Read],
        );
        check(Role::Moderator, &[ManageMembers, ReadDecisions, Read]);
        check(Role::Integrator, &[ManageMembers, ManageContents, SendEvents, Run, ReadDecisions, Read]);
        check(Role::Viewer, &[ReadDecisions, Read]);
    }
}
