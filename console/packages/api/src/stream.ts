/** How a stream is: under way, gone and tried again, or over because there is no more to come. */
export type StreamState = 'connecting' | 'live' | 'lost' | 'over';

export interface Following {
  /** Further events of the history, in order. */
  onEvents: (events: unknown[]) => void;
  /** The execution's status, whenever it changes. */
  onStatus: (status: string) => void;
  onState: (state: StreamState) => void;
}

const RETRY_MILLISECONDS = 1000;

/** Follows the history of an execution from its first event until it has ended. Call what it gives back to stop. */
export function follow(executionArn: string, following: Following): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  let isOver = false;

  const open = () => {
    const query = new URLSearchParams({ execution: executionArn, after: String(last) });
    source = new EventSource(`/_passo/v1/events?${query}`);
    source.onopen = () => following.onState('live');
    source.onmessage = (message: MessageEvent<string>) => {
      last = Number(message.lastEventId) || last;
      following.onEvents(JSON.parse(message.data) as unknown[]);
    };
    source.addEventListener('status', (message: MessageEvent<string>) => {
      const status = String(JSON.parse(message.data));
      following.onStatus(status);
      if (status === 'RUNNING') return;
      isOver = true;
      source?.close();
      following.onState('over');
    });
    source.onerror = () => {
      source?.close();
      if (isOver) return;
      following.onState('lost');
      timer = setTimeout(open, RETRY_MILLISECONDS);
    };
  };

  following.onState('connecting');
  open();
  return () => {
    isOver = true;
    clearTimeout(timer);
    source?.close();
  };
}
