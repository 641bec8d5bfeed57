//! A pattern as instructions for the machine.
//!
//! Entry point: [`compile`].

use super::RegexFlags;
use super::class::Set;
use super::node::{Assertion, Look, Node, Pattern, Repeat};

/// What a match can begin with.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Start {
    /// Anything.
    Anywhere,
    /// Only at the beginning of the text.
    Text,
    /// A character of this set.
    With(Set),
}

/// One instruction. Targets are indexes of instructions, slots are indexes of registers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Instruction {
    /// The program or a lookaround has matched.
    Accept,
    /// One character of a set.
    Take { set: Set, backward: bool },
    /// A run of characters of a set.
    Run {
        set: Set,
        min: u32,
        max: u32,
        greedy: bool,
        backward: bool,
    },
    /// Goes on here and, when that fails, there.
    Split { other: usize },
    /// Goes on there.
    Jump { target: usize },
    /// Notes the position.
    Save { slot: usize },
    /// A loop begins: no rounds yet.
    Enter { slot: usize },
    /// The head of a loop: another round (the next instruction) or the exit.
    Loop {
        slot: usize,
        min: u32,
        max: u32,
        greedy: bool,
        exit: usize,
    },
    /// A round begins: the loop's register counts it, the one after notes the position, and the
    /// groups inside (the first, and the one after the last) start anew.
    Round { slot: usize, groups: (usize, usize) },
    /// A position.
    Assert(Assertion),
    /// A lookaround: its instructions follow and end with `Accept`.
    Look { negative: bool, next: usize },
    /// What a group matched.
    Reference { group: usize, backward: bool },
}

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Program {
    pub(super) instructions: Vec<Instruction>,
    pub(super) start: Start,
    /// Capturing groups; group `n` uses the registers `2n` and `2n + 1`.
    pub(super) groups: usize,
    pub(super) registers: usize,
    pub(super) ignore_case: bool,
}

/// Compiles a pattern. The program is about as long as the pattern: nothing is unrolled.
pub(super) fn compile(pattern: &Pattern, flags: RegexFlags) -> Program {
    let mut compiler = Compiler {
        instructions: Vec::new(),
        registers: 2 * (pattern.groups + 1),
    };
    compiler.node(&pattern.root, false);
    compiler.instructions.push(Instruction::Accept);
    Program {
        instructions: compiler.instructions,
        start: start_of(&pattern.root),
        groups: pattern.groups,
        registers: compiler.registers,
        ignore_case: flags.ignore_case,
    }
}

fn start_of(node: &Node) -> Start {
    match node {
        Node::Set(set) => Start::With(set.clone()),
        Node::Assert(Assertion::TextStart) => Start::Text,
        Node::Group(_, node) => start_of(node),
        Node::Sequence(nodes) => nodes.first().map_or(Start::Anywhere, start_of),
        Node::Repeat(repeat) if repeat.min > 0 => start_of(&repeat.node),
        Node::Repeat(_)
        | Node::Either(_)
        | Node::Assert(_)
        | Node::Look(..)
        | Node::Reference(_) => Start::Anywhere,
    }
}

struct Compiler {
    instructions: Vec<Instruction>,
    registers: usize,
}

impl Compiler {
    fn push(&mut self, instruction: Instruction) -> usize {
        self.instructions.push(instruction);
        self.instructions.len() - 1
    }

    fn node(&mut self, node: &Node, backward: bool) {
        match node {
            Node::Set(set) => {
                self.push(Instruction::Take {
                    set: set.clone(),
                    backward,
                });
            }
            Node::Sequence(nodes) if backward => {
                for node in nodes.iter().rev() {
                    self.node(node, backward);
                }
            }
            Node::Sequence(nodes) => {
                for node in nodes {
                    self.node(node, backward);
                }
            }
            Node::Either(nodes) => self.either(nodes, backward),
            Node::Group(index, node) => {
                let (first, second) = if backward { (1, 0) } else { (0, 1) };
                self.push(Instruction::Save {
                    slot: 2 * index + first,
                });
                self.node(node, backward);
                self.push(Instruction::Save {
                    slot: 2 * index + second,
                });
            }
            Node::Repeat(repeat) => self.repeat(repeat, backward),
            Node::Assert(assertion) => {
                self.push(Instruction::Assert(*assertion));
            }
            Node::Look(look, node) => self.look(*look, node),
            Node::Reference(group) => {
                self.push(Instruction::Reference {
                    group: *group,
                    backward,
                });
            }
        }
    }

    fn either(&mut self, nodes: &[Node], backward: bool) {
        let mut jumps = Vec::new();
        for (node, left) in nodes.iter().zip((0..nodes.len()).rev()) {
            if left == 0 {
                self.node(node, backward);
                break;
            }
            let split = self.push(Instruction::Split { other: 0 });
            self.node(node, backward);
            jumps.push(self.push(Instruction::Jump { target: 0 }));
            let here = self.instructions.len();
            self.aim(split, here);
        }
        let here = self.instructions.len();
        for jump in jumps {
            self.aim(jump, here);
        }
    }

    fn repeat(&mut self, repeat: &Repeat, backward: bool) {
        let Repeat {
            node,
            min,
            max,
            greedy,
            groups,
        } = repeat;
        let (min, max, greedy, groups) = (*min, *max, *greedy, *groups);
        if let Node::Set(set) = node {
            self.push(Instruction::Run {
                set: set.clone(),
                min,
                max,
                greedy,
                backward,
            });
            return;
        }
        let slot = self.registers;
        self.registers += 2;
        self.push(Instruction::Enter { slot });
        let head = self.push(Instruction::Loop {
            slot,
            min,
            max,
            greedy,
            exit: 0,
        });
        self.push(Instruction::Round { slot, groups });
        self.node(node, backward);
        self.push(Instruction::Jump { target: head });
        let here = self.instructions.len();
        self.aim(head, here);
    }

    fn look(&mut self, look: Look, node: &Node) {
        let at = self.push(Instruction::Look {
            negative: look.negative,
            next: 0,
        });
        self.node(node, look.backward);
        self.push(Instruction::Accept);
        let here = self.instructions.len();
        self.aim(at, here);
    }

    /// Sets the target of an instruction that was pushed before its target was known.
    fn aim(&mut self, at: usize, here: usize) {
        if let Some(
            Instruction::Split { other: target }
            | Instruction::Jump { target }
            | Instruction::Loop { exit: target, .. }
            | Instruction::Look { next: target, .. },
        ) = self.instructions.get_mut(at)
        {
            *target = here;
        }
    }
}
