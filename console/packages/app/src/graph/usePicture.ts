import type { Picture, Scope } from '@passo/graph';
import { useEffect, useState } from 'react';

interface Answer {
  readonly id: number;
  readonly picture?: Picture;
  readonly milliseconds?: number;
  readonly error?: string;
}

let worker: Worker | undefined;
let last = 0;
const waiting = new Map<number, (answer: Answer) => void>();

function ask(scope: Scope): Promise<Answer> {
  if (worker === undefined) {
    worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = (message: MessageEvent<Answer>) => {
      waiting.get(message.data.id)?.(message.data);
      waiting.delete(message.data.id);
    };
  }
  last += 1;
  const id = last;
  const answer = new Promise<Answer>((resolve) => waiting.set(id, resolve));
  worker.postMessage({ id, scope });
  return answer;
}

/** The picture of a definition, laid out off the main thread; `undefined` where it cannot be drawn. */
export async function layoutOf(scope: Scope): Promise<Picture | undefined> {
  return (await ask(scope)).picture;
}

/** The picture of a definition, laid out off the main thread; the one before it stays until the next is there. */
export function usePicture(scope: Scope | undefined): Picture | undefined {
  const [picture, setPicture] = useState<Picture>();
  useEffect(() => {
    if (scope === undefined) return undefined;
    let isWanted = true;
    void ask(scope).then((answer) => {
      if (!isWanted || answer.picture === undefined) return;
      if (answer.milliseconds !== undefined)
        performance.measure('passo-layout', { start: performance.now() - answer.milliseconds, duration: answer.milliseconds });
      setPicture(answer.picture);
    });
    return () => {
      isWanted = false;
    };
  }, [scope]);
  return picture;
}
