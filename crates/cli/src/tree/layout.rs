//! A state with its parts, as lines of a tree.

use passo_vocab::Timestamp;

use super::line::{Line, describe, name_of};
use super::model::Model;
use super::node::{Node, NodeId, NodeStatus, Subject};

/// A Map state with more items than this shows only some of those that run or failed.
pub(super) const ITEMS_SHOWN_MAX: u64 = 10;
/// How many of those.
const NOTABLE_SHOWN_MAX: usize = 5;

/// What is needed to lay the tree out.
pub(super) struct Layout<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) name_columns: usize,
    pub(super) now: Timestamp,
}

impl Layout<'_, '_> {
    /// A state of the execution itself, with everything in it.
    pub(super) fn lines(&self, id: NodeId) -> Vec<Line> {
        let mut lines = Vec::new();
        // Depth first without recursion, so that deep nesting costs no stack.
        let mut pending = vec![(id, 0_usize)];
        while let Some((id, depth)) = pending.pop() {
            let Some(node) = self.model.node(id) else {
                continue;
            };
            if !self.is_transparent(node) {
                lines.push(self.line(node, depth));
            }
            let deeper = if self.is_transparent(node) {
                depth
            } else {
                depth.saturating_add(1)
            };
            let shown = self.shown_parts(node);
            pending.extend(shown.into_iter().rev().map(|part| (part, deeper)));
        }
        lines
    }

    fn line(&self, node: &Node, depth: usize) -> Line {
        let indent = "│ ".repeat(depth);
        let columns = self.name_columns.saturating_sub(depth.saturating_mul(2));
        let mut line = Line::text(format!("{indent}├ "));
        line.append(describe(node, &name_of(node), columns, self.now));
        line
    }

    /// A branch of a single state is not worth a line of its own.
    fn is_transparent(&self, node: &Node) -> bool {
        matches!(node.subject, Subject::Branch(_)) && node.children.len() == 1
    }

    fn shown_parts(&self, node: &Node) -> Vec<NodeId> {
        let many = node
            .progress
            .is_some_and(|progress| progress.total.max(progress.succeeded) > ITEMS_SHOWN_MAX);
        if !many {
            return node.children.clone();
        }
        let status = |id: &NodeId| self.model.node(*id).map(|part| part.status);
        let failed = node
            .children
            .iter()
            .filter(|id| status(id) == Some(NodeStatus::Failed));
        let running = node
            .children
            .iter()
            .filter(|id| status(id).is_some_and(|s| !s.is_over()));
        failed
            .chain(running)
            .take(NOTABLE_SHOWN_MAX)
            .copied()
            .collect()
    }
}
