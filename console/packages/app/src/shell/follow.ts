import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';

interface FollowEvent {
  preventDefault: () => void;
  readonly detail: { readonly href?: string | undefined; readonly external?: boolean | undefined };
}

/** Follows links of components without leaving the page, as `onFollow` wants it. */
export function useFollow(): (event: FollowEvent) => void {
  const router = useRouter();
  return useCallback(
    (event: FollowEvent) => {
      const { href, external } = event.detail;
      if (href === undefined || external === true || !href.startsWith('/console')) return;
      event.preventDefault();
      router.history.push(href.slice('/console'.length) === '' ? '/console/' : href);
    },
    [router],
  );
}
