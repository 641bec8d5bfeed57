import { type Attributes, attributesOf, type HistoryEvent } from './history';
import { settle, summarize } from './summary';
import { taskEvent } from './tasks';
import type { Run, StateRun, Visit } from './types';

/** Where an event stands: the visit that it belongs to, and the one around it. */
interface Place {
  readonly visit?: number | undefined;
  readonly inside?: number | undefined;
  readonly iteration?: number | undefined;
}

const OUTSIDE: Place = {};

/**
 * Makes a {@link Run} of a history, event by event, in order.
 *
 * Threads of control are told apart by `previousEventId`, so that branches and iterations that run at once do not mix.
 */
export class Fold {
  readonly run: Run = { status: 'RUNNING', visits: [], transitions: 0, lastEvent: 0 };
  readonly events: HistoryEvent[] = [];
  readonly #places = new Map<number, Place>();
  readonly #states = new Map<string, StateRun>();
  readonly #byState = new Map<string, Visit[]>();

  /** Takes further events; those that were taken before are passed over. The states that look different now. */
  apply(events: readonly HistoryEvent[]): Set<string> {
    const changed = new Set<string>();
    for (const event of events) {
      if (event.id <= this.run.lastEvent) continue;
      this.run.lastEvent = event.id;
      this.events.push(event);
      this.#places.set(event.id, this.#take(event, changed));
    }
    for (const name of changed) this.#states.set(name, summarize(this.#byState.get(name) ?? []));
    return changed;
  }

  /** What is known of a state; the same object until something changes. */
  state(name: string): StateRun | undefined {
    return this.#states.get(name);
  }

  /** The visit that an event belongs to. */
  visitOf(event: number): Visit | undefined {
    const place = this.#places.get(event);
    const index = place?.visit ?? place?.inside;
    return index === undefined ? undefined : this.run.visits[index];
  }

  /** The visits of a state, in order. */
  visits(name: string): readonly Visit[] {
    return this.#byState.get(name) ?? [];
  }

  #take(event: HistoryEvent, changed: Set<string>): Place {
    const before = this.#places.get(event.previousEventId ?? 0) ?? OUTSIDE;
    const details = attributesOf(event);
    const at = event.timestamp * 1000;
    if (event.type.startsWith('Execution')) return this.#execution(event, details, at, before, changed);
    if (event.type.endsWith('StateEntered')) return this.#enter(event, details, at, before, changed);
    const visit = this.#owner(event, before);
    if (visit === undefined) return before;
    visit.events.push(event.id);
    changed.add(visit.state);
    return this.#inside(event, details, at, before, visit, changed);
  }

  #enter(event: HistoryEvent, details: Attributes, at: number, before: Place, changed: Set<string>): Place {
    const name = details.name ?? '';
    const parent = before.inside === undefined ? undefined : this.run.visits[before.inside];
    const visit: Visit = {
      index: this.run.visits.length,
      state: name,
      type: event.type.slice(0, -'StateEntered'.length),
      enteredAt: at,
      entered: event.id,
      ...(details.input !== undefined && { input: details.input }),
      ...(before.visit !== undefined && { previous: before.visit }),
      ...(parent !== undefined && { parent: parent.index }),
      depth: parent === undefined ? 0 : parent.depth + 1,
      ...(before.iteration !== undefined && { iteration: before.iteration }),
      status: 'running',
      attempts: [],
      events: [event.id],
    };
    this.run.visits.push(visit);
    this.run.transitions += 1;
    const visits = this.#byState.get(name);
    if (visits === undefined) this.#byState.set(name, [visit]);
    else visits.push(visit);
    const left = before.visit === undefined ? undefined : this.run.visits[before.visit];
    if (left?.exitedAt !== undefined) {
      left.next = name;
      changed.add(left.state);
    }
    changed.add(name);
    return { ...before, visit: visit.index };
  }

  #inside(event: HistoryEvent, details: Attributes, at: number, before: Place, visit: Visit, changed: Set<string>): Place {
    const own: Place = { visit: visit.index, inside: visit.parent, iteration: visit.iteration };
    if (event.type.endsWith('StateExited')) {
      const hasFailed = visit.status === 'failed' || visit.error !== undefined;
      visit.status = hasFailed && visit.attempts.at(-1)?.status !== 'succeeded' ? 'caught' : 'succeeded';
      visit.exitedAt = at;
      if (details.output !== undefined) visit.output = details.output;
      if (details.assignedVariables !== undefined) visit.assigned = details.assignedVariables;
      return own;
    }
    switch (event.type) {
      case 'ParallelStateStarted':
        return { visit: visit.index, inside: visit.index };
      case 'MapStateStarted':
        visit.map = { total: details.length ?? 0, running: 0, succeeded: 0, failed: 0 };
        return { visit: visit.index, inside: visit.index };
      case 'MapIterationStarted':
        if (visit.map !== undefined) visit.map.running += 1;
        return { visit: visit.index, inside: visit.index, iteration: details.index };
      case 'MapIterationSucceeded':
      case 'MapIterationFailed':
      case 'MapIterationAborted': {
        const key = event.type === 'MapIterationSucceeded' ? 'succeeded' : 'failed';
        if (visit.map !== undefined) {
          visit.map.running -= 1;
          visit.map[key] += 1;
        }
        if (key === 'failed') this.#fail(before, at, changed, visit.index);
        return { visit: visit.index, inside: visit.index };
      }
      case 'ParallelStateFailed':
      case 'MapStateFailed':
        this.#fail(before, at, changed, visit.index);
        visit.status = 'failed';
        visit.error ??= this.#errorOf(before);
        return own;
      case 'MapRunStarted':
        if (details.mapRunArn !== undefined) visit.mapRunArn = details.mapRunArn;
        return own;
      default:
        if (taskEvent(event, details, at, visit)) this.run.transitions += 1;
        return own;
    }
  }

  /** The visit that an event belongs to: of containers, the one around the place that it comes from. */
  #owner(event: HistoryEvent, before: Place): Visit | undefined {
    const { visits } = this.run;
    const wanted = /^(Parallel|Map)(State|Iteration)/.exec(event.type)?.[1];
    let at = before.visit ?? before.inside;
    if (wanted === undefined) return at === undefined ? undefined : visits[at];
    while (at !== undefined) {
      const visit: Visit | undefined = visits[at];
      if (visit?.type === wanted && visit.exitedAt === undefined) return visit;
      at = visit?.parent;
    }
    return undefined;
  }

  #execution(event: HistoryEvent, details: Attributes, at: number, before: Place, changed: Set<string>): Place {
    const { run } = this;
    switch (event.type) {
      case 'ExecutionStarted':
        run.startedAt = at;
        if (details.input !== undefined) run.input = details.input;
        return OUTSIDE;
      case 'ExecutionRedriven':
        run.status = 'RUNNING';
        run.stoppedAt = undefined;
        run.error = undefined;
        run.cause = undefined;
        run.failedAt = undefined;
        return before;
      case 'ExecutionSucceeded':
        run.status = 'SUCCEEDED';
        if (details.output !== undefined) run.output = details.output;
        break;
      case 'ExecutionFailed':
        run.status = 'FAILED';
        break;
      case 'ExecutionTimedOut':
        run.status = 'TIMED_OUT';
        break;
      default:
        run.status = 'ABORTED';
    }
    run.stoppedAt = at;
    if (details.error !== undefined) run.error = details.error;
    if (details.cause !== undefined) run.cause = details.cause;
    if (run.status === 'FAILED') {
      this.#fail(before, at, changed, undefined);
      const deepest = run.visits.findLast((visit) => visit.status === 'failed');
      if (deepest !== undefined) run.failedAt = this.#cause(before) ?? deepest.index;
      const failed = run.failedAt === undefined ? undefined : run.visits[run.failedAt];
      if (failed !== undefined) {
        if (details.error !== undefined) failed.error ??= details.error;
        if (details.cause !== undefined) failed.cause ??= details.cause;
      }
    }
    for (const visit of settle(run.visits, at)) changed.add(visit.state);
    return before;
  }

  /** Marks what was under way at a place as failed, up to `until`. */
  #fail(place: Place, at: number, changed: Set<string>, until: number | undefined): void {
    let index = place.visit;
    while (index !== undefined && index !== until) {
      const visit = this.run.visits[index];
      if (visit === undefined) return;
      if (visit.exitedAt === undefined) {
        visit.status = 'failed';
        visit.exitedAt = at;
        changed.add(visit.state);
      }
      index = visit.parent;
    }
  }

  /** The innermost visit that failed at a place. */
  #cause(place: Place): number | undefined {
    const visit = place.visit === undefined ? undefined : this.run.visits[place.visit];
    if (visit === undefined) return undefined;
    const inner = this.run.visits.findLast((one) => one.parent === visit.index && one.status === 'failed');
    return inner === undefined ? visit.index : this.#cause({ visit: inner.index });
  }

  #errorOf(place: Place): string | undefined {
    return place.visit === undefined ? undefined : this.run.visits[place.visit]?.error;
  }
}
