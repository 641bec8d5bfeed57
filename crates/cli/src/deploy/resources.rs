//! From a project to its resources.

use super::function::FunctionResource;
use super::resource::Resource;
use super::state_machine::StateMachineResource;
use crate::problem::Problem;
use crate::project::LoadedProject;

/// The resources of a project, in the order in which they can be made, and what keeps others from being made.
pub fn resources(project: &LoadedProject) -> (Vec<Box<dyn Resource>>, Vec<Problem>) {
    let mut resources: Vec<Box<dyn Resource>> = Vec::new();
    let mut problems = Vec::new();
    for function in &project.functions {
        match FunctionResource::read(function, &project.directory) {
            Ok(resource) => resources.push(Box::new(resource)),
            Err(problem) => problems.push(problem),
        }
    }
    for machine in &project.state_machines {
        match StateMachineResource::read(machine) {
            Ok(resource) => resources.push(Box::new(resource)),
            Err(problem) => problems.push(problem),
        }
    }
    (resources, problems)
}
