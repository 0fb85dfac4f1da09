//! `usher:plugin/text`: matching that the host does.

use crate::contract::bindings::WordListHandle;
use crate::contract::bindings::usher::plugin::text::{Hit, Host, HostWordList};
use crate::failure::Stop;
use crate::sandbox::Sandbox;
use usher_model::Capability;
use usher_text::{Folded, WordList};
use wasmtime::Result;
use wasmtime::component::Resource;

impl Sandbox {
    fn hits_answer(&mut self, list: &WordList, hits: &[usher_text::Hit]) -> Result<Vec<Hit>> {
        let answer: Vec<Hit> = hits
            .iter()
            .map(|hit| Hit { entry: list.entry(hit.entry).to_owned(), start: hit.start, end: hit.end })
            .collect();
        self.answer(answer.iter().map(|hit| hit.entry.len() + 8).sum())?;
        Ok(answer)
    }
}

impl Host for Sandbox {
    fn fold(&mut self, text: String) -> Result<String> {
        self.enter()?;
        self.answer(text.len())?;
        self.charge_text(text.len())?;
        let folded = usher_text::fold(&text);
        self.answer(folded.len())?;
        Ok(folded)
    }
}

impl HostWordList for Sandbox {
    fn open(&mut self, name: String) -> Result<Option<Resource<WordListHandle>>> {
        self.enter()?;
        if !self.grants.word_lists {
            return Err(Stop::Capability(Capability::WordLists).into());
        }
        Ok(self.input("word-list.open")?.word_lists.position(&name).map(Resource::new_own))
    }

    fn hits(&mut self, this: Resource<WordListHandle>) -> Result<Vec<Hit>> {
        self.enter()?;
        let input = self.input("word-list.hits")?.clone();
        self.charge_text(input.event().text.len())?;
        let Some(list) = input.word_lists.list(this.rep()) else { return Ok(Vec::new()) };
        self.hits_answer(list, input.hits(this.rep()))
    }

    fn hits_in(&mut self, this: Resource<WordListHandle>, text: String) -> Result<Vec<Hit>> {
        self.enter()?;
        self.answer(text.len())?;
        self.charge_text(text.len())?;
        let input = self.input("word-list.hits-in")?.clone();
        let Some(list) = input.word_lists.list(this.rep()) else { return Ok(Vec::new()) };
        self.hits_answer(list, &list.hits(&Folded::new(&text)))
    }

    fn drop(&mut self, _: Resource<WordListHandle>) -> Result<()> {
        Ok(())
    }
}
