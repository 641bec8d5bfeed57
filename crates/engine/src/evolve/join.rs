//! Parallel branches and Map iterations: begin, end, failure.

use std::collections::BTreeMap;

use passo_asl::program::{Map, MapMode, Parallel, Program, StateKind};
use passo_vocab::Failure;

use crate::execution::{FailedStage, Join, Origin, Stage};
use crate::{Data, Event, Execution, FrameId, Invariant, MapStarted};

impl Execution {
    pub(super) fn parallel_started(
        &mut self,
        program: &Program,
        event: &Event,
        input: &Data,
    ) -> Result<(), Invariant> {
        let previous = self.last_event;
        let parallel = self.parallel(program, event.frame)?;
        let total = u32::try_from(parallel.branches.len()).unwrap_or(u32::MAX);
        let mut children = BTreeMap::new();
        for (position, block) in (0..total).zip(&parallel.branches) {
            children.insert(
                position,
                self.add_child(program, event.frame, *block, position, input)?,
            );
        }
        let frame = self.frame_mut(event.frame)?;
        frame.previous = previous;
        frame.stage = Join {
            children,
            next: total,
            ..Join::new(None, total, previous)
        }
        .stage();
        Ok(())
    }

    pub(super) fn map_started(
        &mut self,
        program: &Program,
        event: &Event,
        map: &MapStarted,
    ) -> Result<(), Invariant> {
        let previous = self.last_event;
        let inline = matches!(self.map(program, event.frame)?.mode, MapMode::Inline);
        let frame = self.frame_mut(event.frame)?;
        frame.previous = previous;
        frame.stage = if inline {
            Join::new(Some(map.clone()), map.length, previous).stage()
        } else {
            Stage::MapReady(Box::new(map.clone()))
        };
        Ok(())
    }

    pub(super) fn iteration_started(
        &mut self,
        program: &Program,
        event: &Event,
        index: u32,
        input: &Data,
    ) -> Result<(), Invariant> {
        let block = self.map(program, event.frame)?.processor;
        let child = self.add_child(program, event.frame, block, index, input)?;
        let join = self.join_mut(event.frame)?;
        join.next = index.saturating_add(1);
        join.children.insert(index, child);
        Ok(())
    }

    pub(super) fn iteration_succeeded(
        &mut self,
        id: FrameId,
        index: u32,
        output: &Data,
    ) -> Result<(), Invariant> {
        let event = self.last_event;
        let child = self.child(id, index)?;
        let last = self.frame(child)?.previous;
        self.child_succeeded(id, index, output)?;
        let frame = self.frame_mut(id)?;
        frame.previous = event;
        if let Stage::Join(join) = &mut frame.stage {
            join.resume = last;
        }
        Ok(())
    }

    pub(super) fn iteration_failed(
        &mut self,
        id: FrameId,
        index: u32,
        failure: &Failure,
    ) -> Result<(), Invariant> {
        let child = self.child(id, index)?;
        self.child_failed(id, child, failure)
    }

    pub(super) fn iteration_aborted(&mut self, id: FrameId, index: u32) -> Result<(), Invariant> {
        let child = self.child(id, index)?;
        self.bury(child)
    }

    pub(super) fn branch_succeeded(
        &mut self,
        child: FrameId,
        output: &Data,
    ) -> Result<(), Invariant> {
        let frame = self.frame(child)?;
        let (position, last) = (frame.position, frame.previous);
        let parent = frame
            .parent
            .ok_or(Invariant::new("a branch has a parent"))?;
        self.child_succeeded(parent, position, output)?;
        self.frame_mut(parent)?.previous = last;
        self.settle(parent);
        Ok(())
    }

    pub(super) fn branch_failed(
        &mut self,
        child: FrameId,
        failure: &Failure,
    ) -> Result<(), Invariant> {
        let parent = self
            .frame(child)?
            .parent
            .ok_or(Invariant::new("a branch has a parent"))?;
        self.child_failed(parent, child, failure)
    }

    pub(super) fn children_announced(&mut self, id: FrameId) -> Result<(), Invariant> {
        match &mut self.frame_mut(id)?.stage {
            Stage::Joined(join) => join.announced = true,
            Stage::MapRunDone(run, _) => run.announced = true,
            _ => return Err(Invariant::new("a state succeeds after its children")),
        }
        Ok(())
    }

    pub(super) fn failure_announced(&mut self, id: FrameId) -> Result<(), Invariant> {
        let event = self.last_event;
        let frame = self.frame_mut(id)?;
        frame.previous = event;
        if let Stage::Failed(failed) = &mut frame.stage {
            failed.announced = true;
            return Ok(());
        }
        let was = std::mem::replace(&mut frame.stage, Stage::Enter);
        let Stage::Join(join) = &was else {
            return Err(Invariant::new("a state fails after its children"));
        };
        frame.stage = Stage::Failed(Box::new(FailedStage {
            failure: join.failure.clone().unwrap_or_default(),
            origin: Origin::State,
            announced: true,
            terminal: false,
            was: Some(was),
        }));
        Ok(())
    }

    fn child_succeeded(
        &mut self,
        id: FrameId,
        position: u32,
        output: &Data,
    ) -> Result<(), Invariant> {
        let child = self.child(id, position)?;
        self.frames.remove(child);
        let frame = self.frame_mut(id)?;
        let Stage::Join(join) = &mut frame.stage else {
            return Err(Invariant::new(
                "children belong to a frame that waits for them",
            ));
        };
        join.children.remove(&position);
        let slot = usize::try_from(position)
            .ok()
            .and_then(|place| join.results.get_mut(place));
        *slot.ok_or(Invariant::new("a child has a place for its result"))? = Some(output.clone());
        join.done = join.done.saturating_add(1);
        if join.done == join.total
            && let Stage::Join(join) = std::mem::replace(&mut frame.stage, Stage::Enter)
        {
            frame.stage = Stage::Joined(join);
        }
        Ok(())
    }

    fn child_failed(
        &mut self,
        id: FrameId,
        child: FrameId,
        failure: &Failure,
    ) -> Result<(), Invariant> {
        let last = self.frame(child)?.previous;
        self.bury(child)?;
        let join = self.join_mut(id)?;
        if join.failure.is_none() {
            join.failure = Some(failure.clone());
            join.failed = Some(child);
        }
        self.frame_mut(id)?.previous = last;
        self.hurry(id);
        Ok(())
    }

    fn child(&mut self, id: FrameId, position: u32) -> Result<FrameId, Invariant> {
        let child = self.join_mut(id)?.children.get(&position).copied();
        child.ok_or(Invariant::new("an iteration that ends was started"))
    }

    fn parallel<'p>(&self, program: &'p Program, id: FrameId) -> Result<&'p Parallel, Invariant> {
        match program
            .state(self.frame(id)?.state)
            .map(|state| &state.kind)
        {
            Some(StateKind::Parallel(parallel)) => Ok(parallel),
            _ => Err(Invariant::new("branches belong to a Parallel state")),
        }
    }

    fn map<'p>(&self, program: &'p Program, id: FrameId) -> Result<&'p Map, Invariant> {
        match program
            .state(self.frame(id)?.state)
            .map(|state| &state.kind)
        {
            Some(StateKind::Map(map)) => Ok(map),
            _ => Err(Invariant::new("iterations belong to a Map state")),
        }
    }
}
