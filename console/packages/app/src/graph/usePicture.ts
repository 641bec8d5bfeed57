import { admin } from '@passo/api';
import { type Picture, type Scope, withStates } from '@passo/graph';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { hashOf } from './hash';

/** Milliseconds between two requests while a definition changes; the first is sent at once. */
const PACE = 150;
/** Milliseconds after which a server that was gone is asked again. */
const AGAIN = 3000;

/** The picture of a definition: the one before it stays until the next is there, or where it cannot be had. */
export interface Drawn {
  readonly picture: Picture | undefined;
  /** Why there is no picture of the definition as it is now. */
  readonly error: unknown;
  readonly retry: () => void;
}

/** The picture of a definition, laid out by the server and kept by what the definition says. */
export function usePicture(scope: Scope | undefined): Drawn {
  const wanted = usePaced(scope);
  const body = useMemo(() => (wanted === undefined ? '' : JSON.stringify(wanted)), [wanted]);
  const key = useMemo(() => hashOf(body), [body]);
  const answer = useQuery({
    queryKey: ['layout', key],
    queryFn: async ({ signal }) => {
      if (wanted === undefined) throw new Error('nothing is wanted');
      return withStates(await admin('layout', { method: 'POST', body: wanted, signal }), wanted);
    },
    enabled: wanted !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 300_000,
    structuralSharing: false,
    refetchInterval: (query) => (query.state.status === 'error' ? AGAIN : false),
  });
  const last = useRef<Picture>(undefined);
  if (answer.data !== undefined) last.current = answer.data;
  return { picture: last.current, error: answer.error, retry: () => void answer.refetch() };
}

/** A value that changes at once after a rest, and at this pace while it changes quickly. */
function usePaced<T>(value: T): T {
  const [paced, pace] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    if (value === paced) return undefined;
    const take = () => {
      last.current = performance.now();
      pace(value);
    };
    const wait = last.current + PACE - performance.now();
    if (wait <= 0) {
      take();
      return undefined;
    }
    const timer = setTimeout(take, wait);
    return () => clearTimeout(timer);
  }, [value, paced]);
  return paced;
}
