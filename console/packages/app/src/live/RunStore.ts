import { follow, type StreamState } from '@passo/api';
import { Fold, type HistoryEvent, type Run, type StateRun } from '@passo/graph';

type Listener = () => void;

/**
 * One execution as it grows, outside of React: each box of a picture listens to its own state only, so that fifty changes a
 * second cost what they change and not the whole page.
 */
export class RunStore {
  readonly fold = new Fold();
  /** Grows whenever anything changes. */
  version = 0;
  stream: StreamState = 'connecting';
  status: string | undefined;
  readonly #all = new Set<Listener>();
  readonly #byState = new Map<string, Set<Listener>>();
  #waiting: HistoryEvent[] = [];
  #frame: number | undefined;

  constructor(readonly executionArn: string) {}

  get run(): Run {
    return this.fold.run;
  }

  /** Follows the execution until what it gives back is called. */
  connect(): () => void {
    const stop = follow(this.executionArn, {
      onEvents: (events) => {
        this.#waiting.push(...(events as HistoryEvent[]));
        this.#frame ??= requestAnimationFrame(() => this.#flush());
      },
      onStatus: (status) => {
        this.status = status;
        this.#frame ??= requestAnimationFrame(() => this.#flush());
      },
      onState: (state) => {
        this.stream = state;
        this.#tell();
      },
    });
    return () => {
      stop();
      if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
      this.#frame = undefined;
    };
  }

  subscribe = (listener: Listener): (() => void) => {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  };

  state = (name: string): StateRun | undefined => this.fold.state(name);

  subscribeState(name: string, listener: Listener): () => void {
    let listeners = this.#byState.get(name);
    if (listeners === undefined) {
      listeners = new Set();
      this.#byState.set(name, listeners);
    }
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #flush(): void {
    this.#frame = undefined;
    const changed = this.fold.apply(this.#waiting);
    this.#waiting = [];
    for (const name of changed) for (const listener of this.#byState.get(name) ?? []) listener();
    this.#tell();
  }

  #tell(): void {
    this.version += 1;
    for (const listener of this.#all) listener();
  }
}
