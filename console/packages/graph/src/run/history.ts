/** Events as `GetExecutionHistory` shows them. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId?: number;
  /** Seconds since 1970, with a fraction. */
  readonly timestamp: number;
  readonly type: string;
  readonly [details: string]: unknown;
}

export interface Attributes {
  readonly name?: string;
  readonly input?: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly resource?: string;
  readonly resourceType?: string;
  readonly parameters?: string;
  readonly workerName?: string;
  readonly length?: number;
  readonly index?: number;
  readonly mapRunArn?: string;
  readonly assignedVariables?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

const NONE: Attributes = {};

/** The one `…EventDetails` member of an event. */
export function attributesOf(event: HistoryEvent): Attributes {
  for (const key in event) {
    if (key.endsWith('EventDetails')) return event[key] as Attributes;
  }
  return NONE;
}
