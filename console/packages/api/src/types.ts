/** Shapes of answers. AWS's own times are seconds since 1970; the server's own pages write ISO 8601. */

export type WorkflowType = 'STANDARD' | 'EXPRESS';
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';

export interface Paged {
  readonly maxResults?: number;
  readonly nextToken?: string;
}

export interface StateMachineItem {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly type: WorkflowType;
  readonly creationDate: number;
}

export interface StateMachine extends StateMachineItem {
  readonly definition: string;
  readonly roleArn: string;
  readonly status: 'ACTIVE' | 'DELETING';
  readonly revisionId?: string;
  readonly description?: string;
}

export interface NewStateMachine {
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly type?: WorkflowType;
  readonly publish?: boolean;
}

export interface StateMachineForExecution {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly updateDate: number;
  readonly mapRunArn?: string;
  readonly label?: string;
}

export interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: string;
  readonly message: string;
  readonly location?: string;
}

export interface ExecutionItem {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startDate: number;
  readonly stopDate?: number;
  readonly itemCount?: number;
  readonly mapRunArn?: string;
}

export interface Execution extends ExecutionItem {
  readonly stateMachineVersionArn?: string;
  readonly stateMachineAliasArn?: string;
  readonly input?: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveCount: number;
  readonly redriveDate?: number;
  readonly redriveStatus?: 'REDRIVABLE' | 'NOT_REDRIVABLE' | 'REDRIVABLE_BY_MAP_RUN';
  readonly redriveStatusReason?: string;
}

export interface SyncExecution {
  readonly executionArn: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

export interface MapRunItem {
  readonly executionArn: string;
  readonly mapRunArn: string;
  readonly stateMachineArn: string;
  readonly startDate: number;
  readonly stopDate?: number;
}

export interface Counts {
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
  readonly total: number;
  readonly resultsWritten: number;
}

export interface MapRun {
  readonly mapRunArn: string;
  readonly executionArn: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  readonly startDate: number;
  readonly stopDate?: number;
  readonly maxConcurrency: number;
  readonly toleratedFailurePercentage: number;
  readonly toleratedFailureCount: number;
  readonly itemCounts: Counts;
  readonly executionCounts: Counts;
  readonly redriveCount?: number;
}

export interface TestStateRequest {
  readonly definition: string;
  readonly input?: string;
  readonly inspectionLevel?: 'INFO' | 'DEBUG' | 'TRACE';
  readonly variables?: string;
  readonly context?: string;
  readonly stateName?: string;
  readonly mock?: { readonly result?: string; readonly errorOutput?: { readonly error: string; readonly cause: string } };
}

export interface TestStateAnswer {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'RETRIABLE' | 'CAUGHT_ERROR';
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly nextState?: string;
  readonly inspectionData?: Readonly<Record<string, unknown>>;
}

export interface ServerFacts {
  readonly version: string;
  readonly startedAt: string;
  readonly address: string;
  readonly data: { readonly kind: string; readonly path?: string };
  readonly clock: { readonly kind: 'real' | 'virtual'; readonly now: string };
  readonly health: { readonly status: string; readonly ready: boolean };
  readonly executions: { readonly open: number; readonly inMemory: number };
  readonly timers: number;
}

export interface Session {
  readonly required: boolean;
  readonly account: string | null;
}

export interface FoundExecution {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly stateMachineVersionArn?: string;
  readonly status: ExecutionStatus;
  readonly startDate: string;
  readonly stopDate?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveCount: number;
}

export interface ExecutionPage {
  readonly executions: readonly FoundExecution[];
  readonly nextToken?: string;
  readonly lookedAt: number;
}

export interface PendingTask {
  readonly id: string;
  readonly kind: 'token' | 'activity';
  readonly executionArn: string;
  readonly executionName: string;
  readonly workflow: string;
  readonly state: string;
  readonly since: string;
  readonly timeoutAt?: string;
  readonly heartbeatAt?: string;
  readonly resource?: string;
  readonly input?: string;
  readonly worker?: string;
  /** Who is asked, where the definition says so. */
  readonly assignee?: string;
  /** A JSON Schema that the response is checked with. */
  readonly responseSchema?: unknown;
}

export interface WorkflowMetrics {
  readonly workflow: string;
  readonly stateMachineArn: string;
  readonly started: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly transitions: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly last?: string;
  readonly buckets: readonly { readonly at: string; readonly succeeded: number; readonly failed: number }[];
}

export interface FailureGroup {
  readonly workflow: string;
  readonly stateMachineArn: string;
  readonly version?: string;
  readonly error: string;
  readonly state?: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly cause?: string;
  readonly examples: readonly string[];
  readonly redrivable: readonly string[];
}

export interface Evaluation {
  readonly language?: 'JSONata' | 'JSONPath';
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
  readonly position?: number;
}

/** What is to be known of a conversion to JSONata. */
export interface ConversionFinding {
  readonly severity: 'ERROR' | 'WARNING' | 'NOTE';
  readonly code: string;
  readonly location: string;
  readonly message: string;
}

export interface Conversion {
  /** Of a definition. */
  readonly definition?: Readonly<Record<string, unknown>>;
  readonly converted?: number;
  readonly left?: number;
  /** Of an expression; null where JSONata cannot say it. */
  readonly expression?: string | null;
  readonly findings: readonly ConversionFinding[];
}
