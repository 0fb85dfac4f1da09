//! The plugin itself: the only file that talks to the host.

use usher_plugin::prelude::*;
use usher_plugin::timers::Fired;
use usher_plugin::{chinese, state, timers};

use crate::account::{Account, Packet, Share, Step};
use crate::article::is_share;
use crate::settings::{Remedy, Settings};
use crate::wording::Wording;

/// Lets members share articles who send a red packet for them, and removes those who don't.
#[derive(Debug)]
pub struct RedPacket {
    reminder: Wording,
    too_small: Wording,
    notice: Wording,
    settings: Settings,
}

impl Check for RedPacket {
    type Settings = Settings;

    fn manifest() -> Manifest {
        let manifest = Manifest::new("red-packet", env!("CARGO_PKG_VERSION"))
            .summary("Articles shared in the group are paid for with a red packet, in time")
            .event("message.created")
            .event("redpacket.sent")
            .event("member.left")
            .capability("state")
            .capability("timers")
            .settings_schema(include_str!("settings.schema.json"));
        ["reply", "notify", "kick", "mute", "delete", "warn"].into_iter().fold(manifest, Manifest::action)
    }

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self {
            reminder: Wording::new(&settings.reminder)?,
            too_small: Wording::new(&settings.too_small)?,
            notice: Wording::new(&settings.notice)?,
            settings,
        })
    }

    fn check(&self, event: &Event) -> Result<(), String> {
        match (event.kind().as_str(), event.actor()) {
            ("message.created", Some(sender)) => self.message(event, &sender),
            ("redpacket.sent", Some(sender)) => self.packet(event, &sender.id()),
            ("member.left", Some(member)) => {
                Self::forget(&key(&member.id()));
                Ok(())
            }
            ("timer.fired", _) => Fired::of(event).map_or(Ok(()), |timer| self.timer(event, &timer.note)),
            _ => Ok(()),
        }
    }
}

/// The member's account in the group's state, and the timer of its share.
fn key(member: &str) -> String {
    format!("member/{member}")
}

impl RedPacket {
    fn message(&self, event: &Event, sender: &Member) -> Result<(), String> {
        let shares = is_share(&self.settings, &event.media(), &event.links(), &event.folded_text());
        if !shares || sender.has_role(&self.settings.exempt_roles) {
            return Ok(());
        }
        let id = sender.id();
        let name = Some(sender.name()).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone());
        let step = |account: &mut Account| account.share(&self.settings, event.at(), &name, &event.id());
        match self.account(event, &id, step)? {
            Step::Asked(share) => {
                timers::start(&key(&id), self.settings.window_ms, &id);
                self.report_share(&share);
                if let Some(text) = self.reminder.fill(&self.settings, &share, event.at()) {
                    Action::new("reply").text(text);
                }
            }
            Step::AskedBefore(share) => self.report_share(&share),
            Step::Paid(share, packet) => report_payment(&share, packet),
            _ => {}
        }
        Ok(())
    }

    fn packet(&self, event: &Event, member: &str) -> Result<(), String> {
        let amount = event.payload("/amount_yuan")?.filter(|yuan: &f64| *yuan >= 0.0);
        let yuan = amount.ok_or("the payload has no amount_yuan that is 0 or more")?;
        let people = event.payload("/count")?.ok_or("the payload has no count")?;
        let packet = Packet { at: event.at(), yuan, people };
        match self.account(event, member, |account| account.packet(&self.settings, packet))? {
            Step::Paid(share, packet) => {
                timers::stop(&key(member));
                report_payment(&share, packet);
            }
            Step::TooSmall(share, packet) => {
                self.evidence(Finding::new("packet-too-small", Severity::None), packet).message("红包不够");
                if let Some(text) = self.too_small.fill(&self.settings, &share, event.at()) {
                    Action::new("reply").text(text);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn timer(&self, event: &Event, member: &str) -> Result<(), String> {
        let step = self.account(event, member, |account| account.due(event.at()))?;
        let Step::Unpaid(share, packet) = step else { return Ok(()) };
        let why = format!("分享文章后{}内没有发够红包", chinese::duration(share.due.saturating_sub(share.at)));
        self.evidence(Finding::new("share-unpaid", self.settings.severity), packet)
            .message(&why)
            .evidence("shared_at_ms", share.at)
            .evidence("messages", share.messages.join(" "));
        self.remedy(member, &share, &why);
        if let Some(text) = self.notice.fill(&self.settings, &share, event.at()) {
            Action::new("notify").member(member).text(text);
        }
        Ok(())
    }

    /// Reads a member's account, lets something happen to it, and keeps what it is then.
    fn account(&self, event: &Event, member: &str, happens: impl FnOnce(&mut Account) -> Step) -> Result<Step, String> {
        let key = key(member);
        let before: Option<Account> = state::get_json(&key)?;
        let mut account = before.clone().unwrap_or_default();
        let step = happens(&mut account);
        match account.kept_ms(&self.settings, event.at()) {
            Some(kept_ms) => state::put_json_for(&key, &account, kept_ms)?,
            None if before.is_some() => state::delete(&key),
            None => {}
        }
        Ok(step)
    }

    fn forget(key: &str) {
        if state::get(key).is_some() {
            timers::stop(key);
            state::delete(key);
        }
    }

    fn remedy(&self, member: &str, share: &Share, why: &str) {
        let action = |kind| Action::new(kind).member(member).text(why);
        match self.settings.action {
            Remedy::Kick => _ = action("kick"),
            Remedy::Mute => _ = action("mute").lasts(self.settings.mute_ms),
            Remedy::Warn => _ = action("warn"),
            Remedy::Delete => share.messages.iter().for_each(|id| _ = action("delete").detail("message", id)),
            Remedy::None => {}
        }
    }

    fn report_share(&self, share: &Share) {
        self.asked(Finding::new("article-share", Severity::None))
            .message(format!("分享了文章，须在{}内发红包", chinese::duration(share.due.saturating_sub(share.at))))
            .evidence("due_ms", share.due);
    }

    /// What was asked for, and what came.
    fn evidence(&self, finding: Finding, packet: Packet) -> Finding {
        self.asked(finding).evidence("yuan", packet.yuan).evidence("people", packet.people)
    }

    fn asked(&self, finding: Finding) -> Finding {
        finding
            .evidence("least_yuan", self.settings.least_yuan)
            .evidence("least_people", self.settings.least_people)
            .evidence("window_ms", self.settings.window_ms)
    }
}

fn report_payment(share: &Share, packet: Packet) {
    Finding::new("share-paid", Severity::None)
        .message("已为分享的文章发了红包")
        .evidence("yuan", packet.yuan)
        .evidence("people", packet.people)
        .evidence("shared_at_ms", share.at);
}
