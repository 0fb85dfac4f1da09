//! A community that never was: members with habits, questions and answers, purchases, spammers, farmers of points, and
//! contents that are shown, read, shared and bought.
//!
//! It is for demonstrations, tests and figures, where somebody has to know the truth: who helps and who farms, and what
//! people would like to read. It is no model of real people, and figures made on it say how a scorer does on these
//! assumptions, not on a group of yours. All of it follows from a seed.

mod content;
mod day;
mod dice;
mod event;
mod life;
mod people;
mod persona;
mod records;
mod talk;
mod town;

pub use content::{Content, VALID_DAYS};
pub use dice::Dice;
pub use event::{Event, Line};
pub use life::{Life, Size, moment};
pub use people::Member;
pub use persona::{Habits, Persona};
pub use records::{NOTICE, records, truth};
pub use town::{CONTENT_KINDS, FORMATS, Group, KINDS, REGIONS, SLOTS, TOPICS};
