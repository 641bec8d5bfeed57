import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import english from '@cloudscape-design/components/i18n/messages/all.en';
import portuguese from '@cloudscape-design/components/i18n/messages/all.pt-BR';
import { Outlet } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { useText } from '../text';
import { ConnectionBanner } from './ConnectionBanner';
import { Gate } from './Gate';
import { Keys } from './Keys';
import { Navigation } from './Navigation';
import { Notices } from './notices';
import { PageFrame } from './page';
import { TopBar } from './TopBar';

/** What stands around every page. */
export function Shell() {
  const { text, language } = useText();
  const [isOpen, setOpen] = useState(() => innerWidth > 1100);
  return (
    <I18nProvider locale={language} messages={[english, portuguese]}>
      <a className="skip" href="#content">
        {text.nav.skip}
      </a>
      <div id="top">
        <TopBar />
        <ConnectionBanner />
      </div>
      <Gate>
        <PageFrame>
          {(page) => (
            <AppLayoutToolbar
              headerSelector="#top"
              navigation={<Navigation onFollow={() => innerWidth < 700 && setOpen(false)} />}
              navigationOpen={isOpen}
              onNavigationChange={(event) => setOpen(event.detail.open)}
              navigationWidth={220}
              toolsHide
              maxContentWidth={Number.MAX_VALUE}
              disableContentPaddings={page.isWide}
              breadcrumbs={page.breadcrumbs}
              notifications={<Notices />}
              ariaLabels={{
                navigation: text.nav.menu,
                navigationToggle: text.nav.open,
                navigationClose: text.nav.close,
              }}
              content={
                <div id="content" tabIndex={-1}>
                  <Suspense fallback={<p className="pause">{text.common.loading}</p>}>
                    <Outlet />
                  </Suspense>
                </div>
              }
            />
          )}
        </PageFrame>
        <Keys />
      </Gate>
    </I18nProvider>
  );
}
