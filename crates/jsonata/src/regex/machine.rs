//! Runs a program over a text, with counted steps.
//!
//! Entry point: [`Machine`]. Positions are byte offsets on character boundaries. What is undone on
//! a way back is kept in a log, so that a choice costs the same however many registers there are.

use super::Match;
use super::class::{Set, is_line_end, is_word};
use super::node::Assertion;
use super::program::{Instruction, Program};
use crate::error::{Error, LIMIT};

/// The value of a register that notes nothing.
const NOTHING: usize = usize::MAX;
/// The most choices that wait at a time.
const CHOICES_MAX: usize = 500_000;
/// The most changes of registers that may have to be undone.
const CHANGES_MAX: usize = 2_000_000;

/// A way not taken yet.
#[derive(Clone, Copy, Debug)]
struct Choice {
    /// The instruction to go on with.
    at: usize,
    position: usize,
    /// How long the log was.
    changes: usize,
    more: More,
}

/// What a choice still offers after its position has been taken.
#[derive(Clone, Copy, Debug)]
enum More {
    Nothing,
    /// A greedy run that may be shorter, down to this position.
    Shorter {
        shortest: usize,
        backward: bool,
    },
    /// A lazy run that may be longer by so many characters; the instruction before `at` is the run.
    Longer {
        left: u32,
    },
}

/// One search.
pub(super) struct Machine<'a> {
    program: &'a Program,
    text: &'a str,
    steps: u64,
    registers: Vec<usize>,
    choices: Vec<Choice>,
    changes: Vec<(usize, usize)>,
}

type Place = (usize, usize);

impl<'a> Machine<'a> {
    /// A machine at rest with so many steps to spend.
    pub(super) fn new(program: &'a Program, text: &'a str, steps: u64) -> Machine<'a> {
        Machine {
            program,
            text,
            steps,
            registers: vec![NOTHING; program.registers],
            choices: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// The steps not spent.
    pub(super) fn steps_left(&self) -> u64 {
        self.steps
    }

    /// The match that begins exactly at a position.
    ///
    /// # Errors
    /// `U1001` when no step or no memory is left.
    pub(super) fn match_at(&mut self, start: usize) -> Result<Option<Match>, Error> {
        self.undo_to(0);
        self.choices.clear();
        let Some(end) = self.run(0, start)? else {
            return Ok(None);
        };
        let groups = (1..=self.program.groups)
            .map(|group| self.group(group))
            .collect();
        Ok(Some(Match { start, end, groups }))
    }

    /// Follows instructions until one accepts, and gives the position there. Choices made meanwhile
    /// are dropped, changes stay.
    fn run(&mut self, at: usize, position: usize) -> Result<Option<usize>, Error> {
        let base = self.choices.len();
        let program = self.program;
        let (mut at, mut position) = (at, position);
        loop {
            self.spend(1)?;
            let next = match program.instructions.get(at) {
                None | Some(Instruction::Accept) => {
                    self.choices.truncate(base);
                    return Ok(Some(position));
                }
                Some(instruction) => self.follow(instruction, at, position)?,
            };
            let Some(place) = next.or_else(|| self.go_back(base)) else {
                return Ok(None);
            };
            (at, position) = place;
        }
    }

    // tidy: long, because each instruction has its arm.
    fn follow(
        &mut self,
        instruction: &Instruction,
        at: usize,
        position: usize,
    ) -> Result<Option<Place>, Error> {
        let next = at + 1;
        match instruction {
            Instruction::Accept => Ok(None),
            Instruction::Take { set, backward } => Ok(self
                .take(set, position, *backward)
                .map(|position| (next, position))),
            Instruction::Run {
                set,
                min,
                max,
                greedy,
                backward,
            } => {
                let (min, max, greedy, backward) = (*min, *max, *greedy, *backward);
                let run = RunOf {
                    set,
                    min,
                    max,
                    greedy,
                    backward,
                };
                let end = self.take_run(run, position, next)?;
                Ok(end.map(|position| (next, position)))
            }
            Instruction::Split { other } => {
                self.choose(*other, position, More::Nothing)?;
                Ok(Some((next, position)))
            }
            Instruction::Jump { target } => Ok(Some((*target, position))),
            Instruction::Save { slot } => {
                self.set(*slot, position)?;
                Ok(Some((next, position)))
            }
            Instruction::Enter { slot } => {
                self.set(*slot, 0)?;
                self.set(*slot + 1, NOTHING)?;
                Ok(Some((next, position)))
            }
            Instruction::Loop {
                slot,
                min,
                max,
                greedy,
                exit,
            } => self.follow_loop(*slot, (*min, *max), *greedy, (next, *exit), position),
            Instruction::Round { slot, groups } => {
                self.begin_round(*slot, *groups, position)?;
                Ok(Some((next, position)))
            }
            Instruction::Assert(assertion) => {
                Ok(self.holds(*assertion, position).then_some((next, position)))
            }
            Instruction::Look {
                negative,
                next: after,
            } => {
                let changes = self.changes.len();
                let found = self.run(next, position)?.is_some();
                if *negative {
                    self.undo_to(changes);
                }
                Ok((found != *negative).then_some((*after, position)))
            }
            Instruction::Reference { group, backward } => {
                let end = self.refer(*group, position, *backward)?;
                Ok(end.map(|position| (next, position)))
            }
        }
    }

    /// The head of a loop, at its beginning or after a round; the next instruction is the round.
    fn follow_loop(
        &mut self,
        slot: usize,
        (min, max): (u32, u32),
        greedy: bool,
        (next, exit): (usize, usize),
        position: usize,
    ) -> Result<Option<Place>, Error> {
        let rounds = self.registers.get(slot).copied().unwrap_or(0);
        let began = self.registers.get(slot + 1).copied().unwrap_or(NOTHING);
        let at_least = |bound: u32| usize::try_from(bound).is_ok_and(|bound| rounds >= bound);
        // A round beyond those wanted that matched nothing leads nowhere.
        if began == position && at_least(min.saturating_add(1)) {
            return Ok(None);
        }
        let may_end = at_least(min);
        let may_go_on = max == u32::MAX || !at_least(max);
        let (first, second) = match (may_end, may_go_on) {
            (false, _) => (next, None),
            (true, false) => (exit, None),
            (true, true) if greedy => (next, Some(exit)),
            (true, true) => (exit, Some(next)),
        };
        if let Some(second) = second {
            self.choose(second, position, More::Nothing)?;
        }
        Ok(Some((first, position)))
    }

    fn begin_round(
        &mut self,
        slot: usize,
        (first, last): (usize, usize),
        position: usize,
    ) -> Result<(), Error> {
        let rounds = self.registers.get(slot).copied().unwrap_or(0);
        self.set(slot, rounds.saturating_add(1))?;
        self.set(slot + 1, position)?;
        self.spend(last.saturating_sub(first))?;
        for register in 2 * first..2 * last {
            self.set(register, NOTHING)?;
        }
        Ok(())
    }

    /// The position after one character of a set.
    fn take(&self, set: &Set, position: usize, backward: bool) -> Option<usize> {
        let sign = self
            .beside(position, backward)
            .filter(|sign| set.contains(*sign))?;
        if backward {
            position.checked_sub(sign.len_utf8())
        } else {
            Some(position + sign.len_utf8())
        }
    }

    /// The position after a run of characters of a set, as long or as short as it may be. The other
    /// lengths become a choice that goes on at `next`.
    fn take_run(
        &mut self,
        run: RunOf<'_>,
        position: usize,
        next: usize,
    ) -> Result<Option<usize>, Error> {
        let RunOf {
            set,
            min,
            max,
            greedy,
            backward,
        } = run;
        let (mut count, mut shortest, mut end) = (0, position, position);
        let wanted = if greedy { max } else { min };
        while count < wanted {
            let Some(further) = self.take(set, end, backward) else {
                break;
            };
            self.spend(1)?;
            end = further;
            count += 1;
            if count == min {
                shortest = end;
            }
        }
        if count < min {
            return Ok(None);
        }
        if !greedy {
            let left = if max == u32::MAX { max } else { max - min };
            self.choose(next, end, More::Longer { left })?;
        } else if end != shortest {
            let shorter = self.step(end, !backward);
            self.choose(next, shorter, More::Shorter { shortest, backward })?;
        }
        Ok(Some(end))
    }

    /// The next place to go on from: the last choice not yet used up.
    fn go_back(&mut self, base: usize) -> Option<Place> {
        while self.choices.len() > base {
            let Choice {
                at,
                position,
                changes,
                more,
            } = *self.choices.last()?;
            self.undo_to(changes);
            let (further, more) = match more {
                More::Nothing => (position, None),
                More::Shorter { shortest, .. } if position == shortest => (position, None),
                More::Shorter { backward, .. } => {
                    (position, Some((self.step(position, !backward), more)))
                }
                More::Longer { left } => match self.longer(at, position, left) {
                    Some(longer) if left == u32::MAX => (longer, Some((longer, more))),
                    Some(longer) => (longer, Some((longer, More::Longer { left: left - 1 }))),
                    None => {
                        self.choices.pop();
                        continue;
                    }
                },
            };
            match (more, self.choices.last_mut()) {
                (Some((position, more)), Some(choice)) => {
                    choice.position = position;
                    choice.more = more;
                }
                _ => {
                    self.choices.pop();
                }
            }
            return Some((at, further));
        }
        None
    }

    /// One more character of the run that stands before the instruction `at`.
    fn longer(&self, at: usize, position: usize, left: u32) -> Option<usize> {
        match self.program.instructions.get(at.checked_sub(1)?)? {
            Instruction::Run { set, backward, .. } if left > 0 => {
                self.take(set, position, *backward)
            }
            _ => None,
        }
    }

    /// The position one character on, or one back.
    fn step(&self, position: usize, backward: bool) -> usize {
        let width = self.beside(position, backward).map_or(0, char::len_utf8);
        if backward {
            position.saturating_sub(width)
        } else {
            position + width
        }
    }

    /// The character after a position, or before it.
    fn beside(&self, position: usize, backward: bool) -> Option<char> {
        if backward {
            self.text.get(..position)?.chars().next_back()
        } else {
            self.text.get(position..)?.chars().next()
        }
    }

    fn holds(&self, assertion: Assertion, position: usize) -> bool {
        let before = self.beside(position, true);
        let after = self.beside(position, false);
        let edge = before.is_some_and(is_word) != after.is_some_and(is_word);
        match assertion {
            Assertion::TextStart => before.is_none(),
            Assertion::TextEnd => after.is_none(),
            Assertion::LineStart => before.is_none_or(is_line_end),
            Assertion::LineEnd => after.is_none_or(is_line_end),
            Assertion::WordEdge => edge,
            Assertion::NoWordEdge => !edge,
        }
    }

    fn group(&self, group: usize) -> Option<(usize, usize)> {
        let noted = |slot: usize| {
            self.registers
                .get(slot)
                .copied()
                .filter(|at| *at != NOTHING)
        };
        let (start, end) = (noted(2 * group)?, noted(2 * group + 1)?);
        (start <= end).then_some((start, end))
    }

    /// The position after what a group matched, once more.
    fn refer(
        &mut self,
        group: usize,
        position: usize,
        backward: bool,
    ) -> Result<Option<usize>, Error> {
        let Some((start, end)) = self.group(group) else {
            return Ok(Some(position));
        };
        let signs = self.text.get(start..end).unwrap_or_default().chars();
        self.spend(end - start)?;
        let signs: Box<dyn Iterator<Item = char>> = if backward {
            Box::new(signs.rev())
        } else {
            Box::new(signs)
        };
        let mut at = position;
        for sign in signs {
            let set = Set::one(sign, self.program.ignore_case);
            let Some(further) = self.take(&set, at, backward) else {
                return Ok(None);
            };
            at = further;
        }
        Ok(Some(at))
    }

    fn choose(&mut self, at: usize, position: usize, more: More) -> Result<(), Error> {
        if self.choices.len() >= CHOICES_MAX {
            return Err(too_much());
        }
        self.choices.push(Choice {
            at,
            position,
            changes: self.changes.len(),
            more,
        });
        Ok(())
    }

    fn set(&mut self, slot: usize, value: usize) -> Result<(), Error> {
        if let Some(register) = self.registers.get_mut(slot)
            && *register != value
        {
            if self.changes.len() >= CHANGES_MAX {
                return Err(too_much());
            }
            self.changes
                .push((slot, std::mem::replace(register, value)));
        }
        Ok(())
    }

    fn undo_to(&mut self, length: usize) {
        while self.changes.len() > length {
            let Some((slot, value)) = self.changes.pop() else {
                return;
            };
            if let Some(register) = self.registers.get_mut(slot) {
                *register = value;
            }
        }
    }

    fn spend(&mut self, steps: usize) -> Result<(), Error> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                Err(too_much())
            }
        }
    }
}

/// A run as an instruction describes it.
#[derive(Clone, Copy)]
struct RunOf<'a> {
    set: &'a Set,
    min: u32,
    max: u32,
    greedy: bool,
    backward: bool,
}

fn too_much() -> Error {
    Error::new(LIMIT, "matching the regular expression takes too long")
}
