import Modal from '@cloudscape-design/components/modal';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useText } from '../text';
import { onShell } from './events';
import { isTyping, singleKeys } from './keyboard';

const Palette = lazy(async () => ({ default: (await import('./Palette')).Palette }));

const GO: Readonly<Record<string, string>> = {
  h: '/',
  o: '/',
  e: '/executions',
  w: '/workflows',
  m: '/workflows',
  a: '/approvals',
  f: '/failures',
};

/** Keys that work on every page: Ctrl-K, `G` and a letter, `?`. */
export function Keys() {
  const router = useRouter();
  const [isPalette, setPalette] = useState(false);
  const [isHelp, setHelp] = useState(false);
  useEffect(() => onShell('palette', () => setPalette(true)), []);
  useEffect(() => {
    let isGoing = false;
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setPalette(true);
        return;
      }
      if (isTyping(event) || !singleKeys()) return;
      const place = isGoing ? GO[event.key] : undefined;
      isGoing = event.key === 'g';
      if (place !== undefined) void router.navigate({ to: place as '/' });
      else if (event.key === '?') setHelp(true);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [router]);
  return (
    <>
      {isPalette && (
        <Suspense>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      )}
      {isHelp && <Help onClose={() => setHelp(false)} />}
    </>
  );
}

function Help({ onClose }: { readonly onClose: () => void }) {
  const { text } = useText();
  const keys: readonly (readonly [string[], string])[] = [
    [['Ctrl K'], text.keys.palette],
    [['J', 'K'], text.keys.next],
    [['F'], text.keys.failure],
    [['L'], text.keys.follow],
    [['G H', 'G E', 'G W', 'G A'], text.keys.views],
    [['Esc'], text.keys.escape],
    [['?'], text.keys.help],
  ];
  return (
    <Modal visible header={text.keys.title} onDismiss={onClose} closeAriaLabel={text.common.close}>
      <dl className="keylist">
        {keys.map(([names, what]) => (
          <div key={what}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
