import type { StateRun } from '@passo/graph';
import { createContext, useCallback, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { RunStore } from './RunStore';

const Context = createContext<RunStore | undefined>(undefined);
export const RunProvider = Context.Provider;

/** The store of an execution, connected as long as the component is there. `generation` connects anew. */
export function useRunStore(executionArn: string, generation: number): RunStore {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a further generation is a new store.
  const store = useMemo(() => new RunStore(executionArn), [executionArn, generation]);
  useEffect(() => store.connect(), [store]);
  return store;
}

/** The store of the page, where it shows an execution. */
export function useRun(): RunStore | undefined {
  return useContext(Context);
}

/** Draws anew whenever anything of the execution changes, at most so many times a second. */
export function useRunVersion(store: RunStore | undefined, perSecond = 10): number {
  const [version, setVersion] = useState(store?.version ?? 0);
  useEffect(() => {
    if (store === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = () => {
      timer = undefined;
      setVersion(store.version);
    };
    take();
    const stop = store.subscribe(() => {
      timer ??= setTimeout(take, 1000 / perSecond);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, perSecond]);
  return version;
}

const nothing = () => () => undefined;

/** How a state stands; `undefined` where it was not reached, or the page shows no execution. */
export function useStateRun(name: string): StateRun | undefined {
  const store = useContext(Context);
  const subscribe = useCallback((listener: () => void) => store?.subscribeState(name, listener) ?? nothing(), [store, name]);
  return useSyncExternalStore(subscribe, () => store?.state(name));
}
