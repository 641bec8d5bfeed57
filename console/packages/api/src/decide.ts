/** Answers of the pages for costs, decisions and activities. The reference is `docs/reference/admin-api.md`. */

import type { WorkflowType } from './types';

export interface Usage {
  readonly transitions: number;
  readonly expressRequests: number;
  readonly expressGbSeconds: number;
  readonly lambdaRequests: number;
  readonly lambdaGbSeconds: number;
}

/** US dollars. */
export interface Bill {
  readonly transitions: number;
  readonly expressRequests: number;
  readonly expressDuration: number;
  readonly lambdaRequests: number;
  readonly lambdaDuration: number;
  readonly stepFunctions: number;
  readonly total: number;
}

export interface Costs {
  readonly type: WorkflowType;
  readonly usage: Usage;
  readonly bill: Bill;
  readonly other: { readonly type: WorkflowType; readonly usage: Usage; readonly bill: Bill };
  readonly onlyStandard?: { readonly kind: 'sync' | 'token' | 'activity' | 'distributedMap' | 'duration'; readonly state?: string };
}

export interface Prices {
  readonly region: string;
  readonly assumed?: 'express' | 'everything';
  readonly readOn: string;
  readonly sources: readonly string[];
  readonly freeTransitions: number;
}

export interface WorkflowCost extends Costs {
  readonly workflow: string;
  readonly stateMachineArn: string;
  readonly executions: number;
  readonly read: number;
}

export interface ExecutionCost extends Costs {
  readonly executionArn: string;
  readonly children: number;
  readonly childrenRead: number;
  readonly prices: Prices;
}

export interface PeriodCost {
  readonly since: string;
  readonly until: string;
  readonly complete: boolean;
  readonly workflows: readonly WorkflowCost[];
  readonly usage: Usage;
  readonly bill: Bill;
  readonly billAfterFreeTier: Bill;
  readonly prices: Prices;
}

/** A decision that was made. */
export interface MadeDecision {
  readonly task: string;
  readonly action: 'approve' | 'reject';
  readonly by: string;
  readonly at: string;
  readonly made: boolean;
  readonly reason?: string;
  readonly executionArn: string;
  readonly executionName: string;
  readonly workflow: string;
  readonly state: string;
  readonly since: string;
  readonly assignee?: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

export interface Activity {
  readonly activityArn: string;
  readonly name: string;
  readonly creationDate?: number;
  readonly pollers: number;
  readonly waiting: number;
  readonly taken: number;
  readonly workers: readonly string[];
  readonly oldest?: string;
}
