import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { useFollow } from './follow';

export interface Crumb {
  readonly text: string;
  readonly href: string;
}

interface Page {
  readonly crumbs: readonly Crumb[];
  /** Whether the page fills the window by itself. */
  readonly isWide: boolean;
}

const EMPTY: Page = { crumbs: [], isWide: false };
const Context = createContext<(page: Page) => void>(() => undefined);

interface FrameProps {
  readonly children: (page: { readonly isWide: boolean; readonly breadcrumbs: ReactNode }) => ReactNode;
}

/** Lets a page say where it stands. */
export function PageFrame({ children }: FrameProps) {
  const [page, setPage] = useState(EMPTY);
  const follow = useFollow();
  const breadcrumbs = <BreadcrumbGroup items={[...page.crumbs]} onFollow={follow} />;
  return <Context.Provider value={setPage}>{children({ isWide: page.isWide, breadcrumbs })}</Context.Provider>;
}

/** Says where the page stands: its title, and the way to it. */
export function usePage(crumbs: readonly Crumb[], isWide = false): void {
  const setPage = useContext(Context);
  const key = JSON.stringify(crumbs);
  const page = useMemo(() => ({ crumbs: JSON.parse(key) as Crumb[], isWide }), [key, isWide]);
  useEffect(() => {
    setPage(page);
    document.title = [...page.crumbs.map((crumb) => crumb.text).reverse(), 'Passo'].join(' · ');
  }, [page, setPage]);
}
