import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useText } from '../text';

type Health = 'ok' | 'recovering' | 'lost';

async function health(): Promise<Health> {
  try {
    const response = await fetch('/health', { cache: 'no-store' });
    return response.ok ? 'ok' : 'recovering';
  } catch {
    return 'lost';
  }
}

/** Says when the server cannot be reached, and asks everything anew once it can. */
export function ConnectionBanner() {
  const { text } = useText();
  const queries = useQueryClient();
  const found = useQuery({
    queryKey: ['health'],
    queryFn: health,
    refetchInterval: (query) => (query.state.data === 'ok' ? 5000 : 1000),
    refetchIntervalInBackground: false,
  });
  const state = found.data ?? 'ok';
  const before = useRef<Health>('ok');
  useEffect(() => {
    if (before.current !== 'ok' && state === 'ok') void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'health' });
    before.current = state;
  }, [state, queries]);
  return (
    <div aria-live="polite">
      {state !== 'ok' && <div className="connection">{state === 'lost' ? text.top.lost : text.top.recovering}</div>}
    </div>
  );
}
