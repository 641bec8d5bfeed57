//! Makes the cases of a target.

use std::path::Path;

use anyhow::Result;

use crate::case::Case;
use crate::corpus::Corpus;
use crate::mutate;
use crate::random::Random;
use crate::target::{Target, TargetName};
use crate::tree;

/// A target with the seeds of its cases.
pub(crate) struct Fuzzer {
    pub(crate) target: &'static Target,
    corpus: Corpus,
    seed: u64,
}

impl Fuzzer {
    /// Loads the seeds.
    ///
    /// # Errors
    /// When the corpus cannot be read.
    pub(crate) fn new(name: TargetName, seed: u64, corpus: Option<&Path>) -> Result<Fuzzer> {
        let target = name.target();
        let corpus = Corpus::load(name, target, corpus)?;
        Ok(Fuzzer {
            target,
            corpus,
            seed,
        })
    }

    /// The case of a number: always the same.
    pub(crate) fn case(&self, index: u64) -> Case {
        let mut random = Random::of_case(self.seed, index);
        let data = self.data(&mut random);
        let code = if random.once_in(3) {
            (self.target.generate)(&mut random)
        } else {
            random.pick_text(&self.corpus.codes).to_owned()
        };
        let is_tree = self.target.trees && !random.once_in(4);
        let code = match (is_tree, random.below(4)) {
            (true, _) => tree::mutate(&mut random, &code, &self.corpus.codes, self.target.words),
            (false, 0) => code,
            (false, _) => mutate::mutate(&mut random, &code, &self.corpus.codes, self.target.words),
        };
        if self.target.trees {
            tree::in_some_format(&mut random, &code)
        } else {
            Case { code, data }
        }
    }

    fn data(&self, random: &mut Random) -> String {
        let data = random.pick_text(&self.corpus.data).to_owned();
        if random.once_in(6) {
            tree::mutate(random, &data, &self.corpus.data, &[])
        } else {
            data
        }
    }
}
