/** Shapes of what the server's own pages tell of executions and workflows. Times are ISO 8601. */
import type { Counts, ExecutionStatus, MapRun } from './types';

export interface Relation {
  readonly executionArn: string;
  readonly status?: ExecutionStatus;
  readonly state?: string;
  readonly event?: number;
}

export interface Relations {
  readonly executionArn: string;
  readonly status: ExecutionStatus;
  readonly parent?: Relation;
  readonly children: readonly Relation[];
}

export interface LogRecord {
  readonly at: string;
  readonly source: 'execution' | 'function';
  readonly logGroup: string;
  readonly logStream: string;
  readonly message: string;
  readonly cut?: boolean;
  /** The event of the history that it is about. */
  readonly event?: number;
  readonly type?: string;
  readonly function?: string;
  readonly requestId?: string;
  readonly state?: string;
}

export interface ExecutionLogs {
  readonly status: ExecutionStatus;
  readonly logging: { readonly level: string; readonly logGroup: string; readonly exists: boolean } | null;
  readonly functions: readonly {
    readonly name: string;
    readonly logGroup: string;
    readonly exists: boolean;
    readonly invocations: number;
  }[];
  readonly records: readonly LogRecord[];
  readonly complete: boolean;
}

export interface EndCounts {
  readonly started: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
}

export interface FigureBucket extends EndCounts {
  readonly at: string;
  readonly p50?: number;
  readonly p95?: number;
}

export interface StateFigures {
  readonly state: string;
  readonly visits: number;
  readonly failures: number;
  readonly retries: number;
  readonly millis: number;
  readonly shareOfTime: number;
  readonly p50?: number;
  readonly p95?: number;
}

export interface Figures extends EndCounts {
  readonly workflow: string;
  readonly since: string;
  readonly until: string;
  readonly lookedAt: number;
  readonly complete: boolean;
  readonly journals: number;
  readonly running: number;
  readonly p50?: number;
  readonly p95?: number;
  readonly max?: number;
  readonly bucketMillis: number;
  readonly buckets: readonly FigureBucket[];
  readonly histogram: readonly { readonly from: number; readonly to: number; readonly count: number }[];
  readonly states: readonly StateFigures[];
}

export interface FoundMapRun {
  readonly mapRunArn: string;
  readonly executionArn: string;
  readonly executionName: string;
  readonly workflow: string;
  readonly label: string;
  readonly status: MapRun['status'];
  readonly startDate: string;
  readonly stopDate?: string;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
  readonly redriveCount: number;
  readonly itemCounts: Counts;
}

export interface MapRunPage {
  readonly mapRuns: readonly FoundMapRun[];
  readonly lookedAt: number;
  readonly nextToken?: string;
}
