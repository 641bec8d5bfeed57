/** What an execution has done so far, told from its history. Times are milliseconds since 1970. */

export type VisitStatus = 'running' | 'waiting' | 'succeeded' | 'caught' | 'failed' | 'aborted';
export type RunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** One try of a task. */
export interface Attempt {
  readonly scheduled: number;
  readonly scheduledAt: number;
  readonly resource?: string;
  readonly parameters?: string;
  startedAt?: number;
  endedAt?: number;
  status: 'running' | 'waiting' | 'succeeded' | 'failed';
  output?: string;
  error?: string;
  cause?: string;
  worker?: string;
  /** The execution that it has started. */
  child?: string;
}

export interface MapCounts {
  total: number;
  running: number;
  succeeded: number;
  failed: number;
}

/** One time that a state was entered. */
export interface Visit {
  readonly index: number;
  readonly state: string;
  /** As history spells it: `Task`, `Pass`, `Parallel` … */
  readonly type: string;
  readonly enteredAt: number;
  readonly entered: number;
  readonly input?: string;
  /** The visit that led here: the one before it in its thread, or the one around its thread's first. */
  readonly previous?: number;
  /** The visit that this one happens inside of. */
  readonly parent?: number;
  readonly depth: number;
  readonly iteration?: number;
  status: VisitStatus;
  exitedAt?: number;
  output?: string;
  assigned?: Readonly<Record<string, string>>;
  error?: string;
  cause?: string;
  readonly attempts: Attempt[];
  /** The ids of its own events, those of what is inside not among them. */
  readonly events: number[];
  map?: MapCounts;
  mapRunArn?: string;
  /** The state that came after it. */
  next?: string;
}

/** All visits of one state, summed up: what a box of the picture shows. */
export interface StateRun {
  readonly status: VisitStatus;
  readonly visits: number;
  readonly retries: number;
  readonly milliseconds?: number;
  /** Since when, where it runs. */
  readonly since?: number;
  /** The visit to show when the state is chosen. */
  readonly latest: number;
  readonly map?: MapCounts;
  readonly next: ReadonlySet<string>;
  readonly error?: string;
}

export interface Run {
  status: RunStatus;
  startedAt?: number;
  stoppedAt?: number;
  input?: string;
  output?: string;
  error?: string;
  cause?: string;
  readonly visits: Visit[];
  /** The state at which it failed. */
  failedAt?: number;
  /** Entries into states, and retries: what AWS bills. */
  transitions: number;
  lastEvent: number;
}
