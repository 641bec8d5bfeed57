import { useEffect, useRef } from 'react';
import type { RunStore } from '../../live/RunStore';
import { isTyping, singleKeys } from '../../shell/keyboard';
import type { Selection } from './selection';

/** `J` and `K` go through the visits in time, `F` to the next failure, `L` follows what runs, `[` and `]` change the visit, Escape chooses nothing. */
export function useSelectionKeys(store: RunStore, selection: Selection, onFollow: () => void): void {
  const latest = useRef({ selection, onFollow });
  latest.current = { selection, onFollow };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isTyping(event) || event.defaultPrevented) return;
      const { selection: chosen, onFollow: follow } = latest.current;
      if (event.key === 'Escape' && chosen.state !== undefined && document.querySelector('[role=dialog]') === null) {
        chosen.choose(undefined);
        return;
      }
      if (!singleKeys()) return;
      const { visits } = store.run;
      const at = visits.findLastIndex(
        (visit) => visit.index === chosen.visit || (chosen.visit === undefined && visit.state === chosen.state),
      );
      const go = (index: number) => {
        const visit = visits[index];
        if (visit !== undefined) chosen.choose(visit.state, visit.index);
      };
      const failures = visits.filter((visit) => visit.status === 'failed' || visit.status === 'caught');
      switch (event.key) {
        case 'j':
          return go(Math.min(at + 1, visits.length - 1));
        case 'k':
          return go(Math.max(at - 1, 0));
        case 'f':
          return go((failures.find((visit) => visit.index > at) ?? failures[0])?.index ?? -1);
        case '[':
          return go(visits.findLastIndex((visit) => visit.index < at && visit.state === visits[at]?.state));
        case ']':
          return go(visits.findIndex((visit) => visit.index > at && visit.state === visits[at]?.state));
        case 'l':
          return follow();
        default:
          return undefined;
      }
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [store]);
}
