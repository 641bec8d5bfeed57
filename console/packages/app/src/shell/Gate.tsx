import { admin, type Session } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';

const SignIn = lazy(async () => ({ default: (await import('../pages/signin/SignIn')).SignIn }));

const NOBODY: Session = { required: false, account: null };

/** Whether one has to sign in, and who has. */
export function useSession(): Session {
  return useQuery({ queryKey: ['session'], queryFn: ({ signal }) => admin('session', { signal }), staleTime: 60_000 }).data ?? NOBODY;
}

/** Shows pages to those who may see them. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  if (!session.required || session.account !== null) return children;
  return (
    <Suspense>
      <SignIn />
    </Suspense>
  );
}
