//! A run, with all its rows, as the host answers it.

use crate::TestHost;
use serde_json::Value;

/// A scoring or a ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Ran {
    /// The run itself.
    pub run: Value,
    /// Its rows, in order.
    pub rows: Vec<Value>,
}

impl TestHost {
    /// Scores the members of the group `g1` of the brand `tea`.
    #[track_caller]
    pub fn score(&self, asked: &Value) -> Ran {
        self.run("tea", "groups/g1/scores", asked)
    }

    /// Recommends contents to the group `g1` of the brand `tea`, or to one of its members.
    #[track_caller]
    pub fn recommend(&self, asked: &Value) -> Ran {
        self.run("tea", "groups/g1/recommendations", asked)
    }

    /// Asks for a run and reads all of it. Panics when a score is not the sum of its contributions, to the last bit, or
    /// when it comes to something else in a replay.
    #[track_caller]
    pub fn run(&self, brand: &str, path: &str, asked: &Value) -> Ran {
        let mut page = self.post(&format!("/v1/brands/{brand}/{path}"), asked).expect(201).json();
        let id = page["id"].as_str().unwrap_or_default().to_owned();
        let mut ran = Ran { run: page.clone(), rows: Vec::new() };
        loop {
            ran.rows.extend(page["items"].as_array().cloned().unwrap_or_default());
            let Some(next) = page["next"].as_str() else { break };
            page = self.get(&format!("/v1/brands/{brand}/runs/{id}?cursor={next}")).expect(200).json();
        }
        for row in ran.rows.iter().filter(|row| row["score"].is_number()) {
            let sum = points(row).fold(0.0, |sum, (_, points)| sum + points);
            assert_eq!(row["score"].as_f64().map(f64::to_bits), Some(sum.to_bits()), "{row}");
        }
        let replay = self.post(&format!("/v1/brands/{brand}/runs/{id}/replay"), &Value::Null).expect(200).json();
        assert_eq!(replay["identical"], true, "{replay}");
        ran
    }
}

impl Ran {
    /// The row of a member or a content; panics when there is none.
    #[track_caller]
    pub fn row(&self, id: &str) -> &Value {
        let found = self.rows.iter().find(|row| row["member"] == id || row["content"] == id);
        found.unwrap_or_else(|| panic!("no row of {id}: {:#?}", self.rows))
    }

    /// Their score; NaN when they have none.
    #[track_caller]
    pub fn score(&self, id: &str) -> f64 {
        self.row(id)["score"].as_f64().unwrap_or(f64::NAN)
    }

    /// What plugins call them, in order.
    #[track_caller]
    pub fn labels(&self, id: &str) -> Vec<&str> {
        texts(&self.row(id)["labels"])
    }

    /// What is said of why they are chosen or can't be.
    #[track_caller]
    pub fn remarks(&self, id: &str) -> Vec<&str> {
        texts(&self.row(id)["remarks"])
    }

    /// What their score is made of.
    #[track_caller]
    pub fn points(&self, id: &str) -> Vec<(&str, f64)> {
        points(self.row(id)).collect()
    }

    /// Who is chosen, best first.
    pub fn chosen(&self) -> Vec<&str> {
        let chosen = self.rows.iter().filter(|row| row["chosen"] == true);
        chosen.filter_map(|row| row["member"].as_str()).collect()
    }

    /// What is recommended, in order.
    pub fn recommended(&self) -> Vec<&str> {
        let recommended = self.rows.iter().filter(|row| row["recommended"] == true);
        recommended.filter_map(|row| row["content"].as_str()).collect()
    }
}

fn points(row: &Value) -> impl Iterator<Item = (&str, f64)> {
    let contributions = row["contributions"].as_array().into_iter().flatten();
    contributions.filter_map(|one| Some((one["reason"].as_str()?, one["points"].as_f64()?)))
}

fn texts(remarks: &Value) -> Vec<&str> {
    remarks.as_array().into_iter().flatten().filter_map(|remark| remark["text"].as_str()).collect()
}
