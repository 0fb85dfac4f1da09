//! What kinds of people there are, and their habits. All numbers are inventions that keep an order: a helper helps more
//! than a talker.

/// What somebody is like. Nobody tells the host: it is what scorers have to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Persona {
    /// Answers questions of many people.
    Helper,
    /// Buys again and again, and says little.
    Payer,
    /// Bought a lot once, and has gone quiet.
    Lapsed,
    /// Is there all day, answers quickly, shares, is listened to.
    Leader,
    /// Invites, hands out red packets, gets people to check in.
    Organiser,
    /// Says little that many react to.
    Thinker,
    /// Talks much, about everything.
    Talker,
    /// Asks.
    Asker,
    /// Reads and says nothing.
    Onlooker,
    /// Contradicts: many replies, little applause.
    Challenger,
    /// A bit of everything.
    Regular,
    /// Advertises until removed.
    Spammer,
    /// Farms points: floods, checks in, answers an accomplice.
    Farmer,
    /// Asks what the farmer answers.
    Accomplice,
}

/// How often, on a day on which they come; per mille, so 1,500 is one and a half times a day.
#[derive(Debug, Clone, Copy)]
pub struct Habits {
    /// Chance to come on a day.
    pub comes: u64,
    /// Minutes there.
    pub minutes: u64,
    /// Messages for no particular reason.
    pub messages: u64,
    /// Questions to everybody.
    pub questions: u64,
    /// Weight among those who might answer.
    pub answers: u64,
    /// Minutes until they answer.
    pub answer_minutes: u64,
    /// Replies to what others wrote.
    pub replies: u64,
    /// Weight of what they write for replies of others.
    pub provokes: u64,
    /// Reactions to a message of theirs.
    pub applause: u64,
    /// Check-ins.
    pub checkins: u64,
    /// Invitations that somebody accepts.
    pub invites: u64,
    /// Red packets.
    pub red_packets: u64,
    /// Purchases.
    pub purchases: u64,
    /// What they spend on one, in yuan.
    pub yuan: u64,
    /// Chance to read what is shown and fits them perfectly.
    pub reads: u64,
    /// Chance to share what they read.
    pub shares: u64,
}

const QUIET: Habits = Habits {
    comes: 350,
    minutes: 15,
    messages: 0,
    questions: 0,
    answers: 0,
    answer_minutes: 60,
    replies: 0,
    provokes: 1,
    applause: 200,
    checkins: 50,
    invites: 0,
    red_packets: 0,
    purchases: 0,
    yuan: 0,
    reads: 300,
    shares: 20,
};

impl Persona {
    /// All of them, with how many of a thousand members are so.
    pub const SHARES: [(Persona, u64); 14] = [
        (Persona::Helper, 40),
        (Persona::Payer, 50),
        (Persona::Lapsed, 30),
        (Persona::Leader, 15),
        (Persona::Organiser, 20),
        (Persona::Thinker, 30),
        (Persona::Talker, 75),
        (Persona::Asker, 100),
        (Persona::Onlooker, 350),
        (Persona::Challenger, 25),
        (Persona::Regular, 220),
        (Persona::Spammer, 20),
        (Persona::Farmer, 15),
        (Persona::Accomplice, 10),
    ];

    /// What they usually do.
    pub fn habits(self) -> Habits {
        match self {
            Self::Helper => Habits {
                comes: 800,
                minutes: 60,
                messages: 600,
                questions: 50,
                answers: 60,
                answer_minutes: 20,
                replies: 500,
                provokes: 3,
                applause: 1_000,
                checkins: 300,
                reads: 400,
                ..QUIET
            },
            Self::Payer => {
                Habits { comes: 450, minutes: 20, messages: 150, purchases: 160, yuan: 220, reads: 450, ..QUIET }
            }
            Self::Lapsed => Habits { comes: 300, messages: 100, purchases: 160, yuan: 260, ..QUIET },
            Self::Leader => Habits {
                comes: 950,
                minutes: 170,
                messages: 2_500,
                answers: 40,
                answer_minutes: 5,
                replies: 1_500,
                provokes: 6,
                applause: 1_800,
                checkins: 500,
                invites: 15,
                red_packets: 8,
                reads: 600,
                shares: 300,
                ..QUIET
            },
            Self::Organiser => Habits {
                comes: 750,
                minutes: 50,
                messages: 1_200,
                answers: 4,
                replies: 400,
                provokes: 3,
                applause: 700,
                checkins: 900,
                invites: 60,
                red_packets: 40,
                shares: 120,
                ..QUIET
            },
            Self::Thinker => Habits {
                comes: 600,
                minutes: 40,
                messages: 500,
                answers: 12,
                answer_minutes: 90,
                replies: 300,
                provokes: 8,
                applause: 3_000,
                reads: 600,
                shares: 80,
                ..QUIET
            },
            Self::Talker => Habits {
                comes: 850,
                minutes: 70,
                messages: 5_000,
                questions: 150,
                answers: 3,
                replies: 2_000,
                provokes: 2,
                applause: 250,
                checkins: 200,
                ..QUIET
            },
            Self::Asker => Habits { comes: 500, minutes: 25, messages: 200, questions: 600, replies: 200, ..QUIET },
            Self::Onlooker => Habits { comes: 550, minutes: 30, messages: 15, checkins: 10, reads: 500, ..QUIET },
            Self::Challenger => Habits {
                comes: 650,
                minutes: 45,
                messages: 900,
                questions: 100,
                answers: 2,
                replies: 2_500,
                provokes: 14,
                applause: 120,
                ..QUIET
            },
            Self::Regular => Habits {
                comes: 450,
                minutes: 25,
                messages: 500,
                questions: 80,
                answers: 3,
                replies: 250,
                purchases: 8,
                yuan: 90,
                checkins: 150,
                ..QUIET
            },
            Self::Spammer => Habits { comes: 900, minutes: 5, messages: 1_500, reads: 0, ..QUIET },
            Self::Farmer => Habits {
                comes: 980,
                minutes: 120,
                messages: 14_000,
                answer_minutes: 1,
                checkins: 3_000,
                reads: 900,
                shares: 700,
                applause: 0,
                ..QUIET
            },
            Self::Accomplice => Habits { comes: 950, minutes: 60, messages: 1_000, checkins: 1_000, ..QUIET },
        }
    }
}
