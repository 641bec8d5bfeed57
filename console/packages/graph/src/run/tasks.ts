import type { Attributes, HistoryEvent } from './history';
import type { Attempt, Visit } from './types';

/** Takes an event of a task; whether it is a retry. */
export function taskEvent(event: HistoryEvent, details: Attributes, at: number, visit: Visit): boolean {
  const { type } = event;
  if (type.endsWith('Scheduled')) return schedule(event, details, at, visit);
  const attempt = visit.attempts.at(-1);
  if (attempt !== undefined) attempt.child ??= childOf(details, attempt);
  if (type === 'TaskSubmitted') {
    if (attempt !== undefined && String(attempt.resource).includes('waitForTaskToken')) wait(visit, attempt);
    return false;
  }
  if (type.endsWith('Started')) {
    if (attempt !== undefined) start(details, at, visit, attempt);
    return false;
  }
  if (type.endsWith('Succeeded')) {
    if (attempt !== undefined) {
      attempt.status = 'succeeded';
      attempt.endedAt = at;
      if (details.output !== undefined) attempt.output = details.output;
    }
    visit.status = 'running';
    return false;
  }
  if (/(Failed|TimedOut|Aborted)$/.test(type)) fail(details, at, visit, attempt);
  return false;
}

function schedule(event: HistoryEvent, details: Attributes, at: number, visit: Visit): boolean {
  const resource = resourceOf(details);
  const parameters = details.parameters ?? details.input;
  const isActivity = event.type.startsWith('Activity');
  visit.attempts.push({
    scheduled: event.id,
    scheduledAt: at,
    status: isActivity ? 'waiting' : 'running',
    ...(resource !== undefined && { resource }),
    ...(parameters !== undefined && { parameters }),
  });
  visit.status = isActivity ? 'waiting' : 'running';
  // After a redrive the same visit goes on.
  visit.exitedAt = undefined;
  return visit.attempts.length > 1;
}

/** The execution that a task says it has started. */
function childOf(details: Attributes, attempt: Attempt): string | undefined {
  if (!/start(Sync)?Execution/.test(attempt.resource ?? '')) return undefined;
  return /"[Ee]xecutionArn"\s*:\s*"([^"\\]+)"/.exec(details.output ?? details.cause ?? '')?.[1];
}

function resourceOf(details: Attributes): string | undefined {
  const { resource, resourceType } = details;
  return resource !== undefined && resourceType !== undefined ? `${resourceType}:${resource}` : resource;
}

function start(details: Attributes, at: number, visit: Visit, attempt: Attempt): void {
  attempt.startedAt = at;
  if (details.workerName !== undefined) attempt.worker = details.workerName;
  if (attempt.status === 'waiting') attempt.status = 'running';
  visit.status = 'running';
}

function wait(visit: Visit, attempt: Attempt): void {
  attempt.status = 'waiting';
  visit.status = 'waiting';
}

function fail(details: Attributes, at: number, visit: Visit, attempt: Attempt | undefined): void {
  if (attempt !== undefined && attempt.endedAt === undefined) {
    attempt.status = 'failed';
    attempt.endedAt = at;
    if (details.error !== undefined) attempt.error = details.error;
    if (details.cause !== undefined) attempt.cause = details.cause;
  }
  if (details.error !== undefined) visit.error = details.error;
  if (details.cause !== undefined) visit.cause = details.cause;
}
