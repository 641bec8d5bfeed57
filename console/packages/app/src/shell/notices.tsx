import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { ApiError } from '@passo/api';
import { useSyncExternalStore } from 'react';
import { useText } from '../text';

interface Notice {
  readonly id: string;
  readonly type: FlashbarProps.Type;
  readonly header?: string;
  readonly content: string;
  readonly requestId?: string;
}

let notices: readonly Notice[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Notice[]): void {
  notices = next;
  for (const listener of listeners) listener();
}

let last = 0;

/** Tells the user something; good news goes away by itself. */
export function notify(
  type: 'success' | 'error' | 'info' | 'warning',
  content: string,
  more: { header?: string; requestId?: string } = {},
): void {
  last += 1;
  const id = String(last);
  set([{ id, type, content, ...more }, ...notices].slice(0, 4));
  if (type === 'success') setTimeout(() => set(notices.filter((notice) => notice.id !== id)), 5000);
}

/** Tells what the server said no to, in its own words. */
export function notifyError(error: unknown): void {
  if (error instanceof ApiError)
    notify('error', error.message, { header: error.code, ...(error.requestId && { requestId: error.requestId }) });
  else notify('error', error instanceof Error ? error.message : String(error));
}

export function Notices() {
  const { text } = useText();
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => notices,
  );
  return (
    <Flashbar
      items={shown.map((notice) => ({
        id: notice.id,
        type: notice.type,
        header: notice.header,
        content: (
          <>
            {notice.content}
            {notice.requestId !== undefined && <small> · {text.common.request(notice.requestId)}</small>}
          </>
        ),
        dismissible: true,
        dismissLabel: text.common.close,
        onDismiss: () => set(notices.filter((other) => other.id !== notice.id)),
      }))}
    />
  );
}
