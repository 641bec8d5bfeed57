//! What a definition that has not run would cost: state transitions between its shortest way and every state once.

use std::collections::BTreeMap;

use passo_asl::program::{
    Block, BlockId, ExecutionType, MapMode, Program, State, StateId, StateKind, Transition,
};

/// Bounds of what one execution uses. Retries and loops come on top; what the functions of its tasks cost is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// State transitions on the shortest way to a good end.
    pub least: u64,
    /// State transitions where every state is entered once.
    pub most: u64,
    /// Express executions that Distributed Maps start.
    pub express_children: u64,
}

impl Estimate {
    /// Bounds of an execution of `program`, in which every Map has `items` items.
    pub fn of(program: &Program, items: u64) -> Estimate {
        let mut blocks: Vec<(usize, usize)> = (0..program.blocks().len())
            .map(|index| (depth(program, index), index))
            .collect();
        // What is inside of a state comes before it.
        blocks.sort_unstable_by_key(|(depth, _)| std::cmp::Reverse(*depth));
        let mut known = BTreeMap::new();
        for (_, index) in blocks {
            let Ok(id) = u32::try_from(index).map(BlockId::new) else {
                continue;
            };
            if let Some(block) = program.block(id) {
                let estimate = of_block(program, block, items, &known);
                known.insert(id, estimate);
            }
        }
        known.get(&Program::ROOT).copied().unwrap_or_default()
    }
}

type Known = BTreeMap<BlockId, Estimate>;

/// How many states a block is inside of.
fn depth(program: &Program, block: usize) -> usize {
    let mut owner = program.blocks().get(block).and_then(|block| block.owner);
    let mut depth = 0;
    // A block is inside of fewer states than there are.
    while let Some(state) = owner.filter(|_| depth <= program.states().len()) {
        depth += 1;
        let block = program.state(state).map(|state| state.block);
        owner = block.and_then(|block| program.block(block)?.owner);
    }
    depth
}

fn of_block(program: &Program, block: &Block, items: u64, known: &Known) -> Estimate {
    let inside = |id: &StateId| {
        let state = program.state(*id)?;
        Some((*id, of_state(state, items, known)))
    };
    let states: BTreeMap<StateId, Estimate> = block.states.iter().filter_map(inside).collect();
    let all = states
        .values()
        .fold(Estimate::default(), |sum, one| Estimate {
            least: 0,
            most: sum.most.saturating_add(one.most),
            express_children: sum.express_children.saturating_add(one.express_children),
        });
    Estimate {
        least: shortest(program, block.start, &states).unwrap_or(all.most),
        ..all
    }
}

/// A state, with what is inside of it.
fn of_state(state: &State, items: u64, known: &Known) -> Estimate {
    let one = Estimate {
        least: 1,
        most: 1,
        express_children: 0,
    };
    let block = |id: &BlockId| known.get(id).copied().unwrap_or_default();
    match &state.kind {
        StateKind::Parallel(parallel) => parallel.branches.iter().map(block).fold(one, plus),
        StateKind::Map(map) => {
            let is_express = matches!(&map.mode, MapMode::Distributed(map) if map.execution_type == ExecutionType::Express);
            if is_express {
                return Estimate {
                    express_children: items,
                    ..one
                };
            }
            let each = block(&map.processor);
            plus(
                one,
                Estimate {
                    least: each.least.saturating_mul(items),
                    most: each.most.saturating_mul(items),
                    express_children: each.express_children.saturating_mul(items),
                },
            )
        }
        StateKind::Task(_)
        | StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Wait(_)
        | StateKind::Succeed(_)
        | StateKind::Fail(_) => one,
    }
}

fn plus(one: Estimate, other: Estimate) -> Estimate {
    Estimate {
        least: one.least.saturating_add(other.least),
        most: one.most.saturating_add(other.most),
        express_children: one.express_children.saturating_add(other.express_children),
    }
}

/// Transitions on the shortest way to an end; to one that is no `Fail`, where there is such a way.
fn shortest(
    program: &Program,
    start: StateId,
    states: &BTreeMap<StateId, Estimate>,
) -> Option<u64> {
    let mut reached: BTreeMap<StateId, u64> = BTreeMap::new();
    let mut open = std::collections::BTreeSet::from([(states.get(&start)?.least, start)]);
    let mut failed = None;
    while let Some((cost, id)) = open.pop_first() {
        if reached.get(&id).is_some_and(|known| *known <= cost) {
            continue;
        }
        reached.insert(id, cost);
        match leads_to(&program.state(id)?.kind) {
            Leads::End => return Some(cost),
            Leads::Failure => failed = failed.or(Some(cost)),
            Leads::To(next) => {
                for next in next {
                    let more = states.get(&next).map_or(1, |state| state.least);
                    open.insert((cost.saturating_add(more), next));
                }
            }
        }
    }
    failed
}

/// Where a state leads when nothing fails.
enum Leads {
    End,
    Failure,
    To(Vec<StateId>),
}

fn leads_to(kind: &StateKind) -> Leads {
    let transition = match kind {
        StateKind::Task(task) => task.transition,
        StateKind::Pass(pass) => pass.transition,
        StateKind::Wait(wait) => wait.transition,
        StateKind::Parallel(parallel) => parallel.transition,
        StateKind::Map(map) => map.transition,
        StateKind::Succeed(_) => Transition::End,
        StateKind::Fail(_) => return Leads::Failure,
        StateKind::Choice(choice) => {
            let rules = choice.rules.iter().map(|rule| rule.next);
            return Leads::To(rules.chain(choice.default).collect());
        }
    };
    match transition {
        Transition::Next(next) => Leads::To(vec![next]),
        Transition::End => Leads::End,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use passo_asl::{CompileOptions, Format};

    fn check(definition: &str, items: u64, expect: (u64, u64, u64)) {
        let options = CompileOptions::default();
        let compiled = passo_asl::compile(definition, Format::Json, &options);
        let program = compiled.unwrap().program;
        let estimate = Estimate::of(&program, items);
        let found = (estimate.least, estimate.most, estimate.express_children);
        assert_eq!(found, expect, "{definition}");
    }

    #[test]
    fn the_shortest_way_leads_to_a_good_end() {
        check(
            r#"{"StartAt":"A","States":{"A":{"Type":"Choice","Default":"F","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"B"}]},
                "F":{"Type":"Fail"},"B":{"Type":"Pass","Next":"C"},"C":{"Type":"Pass","Next":"D"},"D":{"Type":"Succeed"}}}"#,
            1,
            (4, 5, 0),
        );
        check(
            r#"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1,"Next":"F"},"F":{"Type":"Fail"}}}"#,
            1,
            (2, 2, 0),
        );
    }

    #[test]
    fn loops_end() {
        check(
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},
                "B":{"Type":"Choice","Default":"A","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"C"}]},
                "C":{"Type":"Succeed"}}}"#,
            1,
            (3, 3, 0),
        );
    }

    #[test]
    fn what_is_inside_counts() {
        let parallel = r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"X","States":{"X":{"Type":"Pass","Next":"Y"},"Y":{"Type":"Pass","End":true}}},
            {"StartAt":"Z","States":{"Z":{"Type":"Pass","End":true}}}]}}}"#;
        check(parallel, 1, (4, 4, 0));
        let map = |config: &str| {
            format!(
                r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","End":true,"ItemProcessor":{{{config}"StartAt":"X","States":{{"X":{{"Type":"Pass","Next":"Y"}},"Y":{{"Type":"Pass","End":true}}}}}}}}}}}}"#
            )
        };
        check(&map(""), 10, (21, 21, 0));
        let distributed = |kind| {
            map(&format!(
                r#""ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"{kind}"}},"#
            ))
        };
        check(&distributed("STANDARD"), 10, (21, 21, 0));
        check(&distributed("EXPRESS"), 10, (1, 1, 10));
    }
}
