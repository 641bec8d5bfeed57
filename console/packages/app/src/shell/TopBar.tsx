import TopNavigation from '@cloudscape-design/components/top-navigation';
import { admin, region, setRegion } from '@passo/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { LANGUAGES, type Language, languageName, useText } from '../text';
import { openPalette } from './events';
import { useFollow } from './follow';
import { useSession } from './Gate';
import { links } from './links';
import { setTheme, type Theme, theme } from './theme';

const REGIONS = ['us-east-1', 'us-east-2', 'us-west-2', 'sa-east-1', 'eu-west-1', 'eu-central-1', 'ap-southeast-1', 'ap-northeast-1'];
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export function TopBar() {
  const { text, language, setLanguage } = useText();
  const follow = useFollow();
  const queries = useQueryClient();
  const session = useSession();
  const [chosen, choose] = useState(theme);
  const signOut = async () => {
    await admin('session', { method: 'DELETE' });
    await queries.invalidateQueries();
  };
  const tick = (is: boolean) => (is ? { iconName: 'check' as const } : {});
  return (
    <TopNavigation
      search={<span />}
      identity={{ href: links.home, title: 'Passo', onFollow: follow }}
      utilities={[
        { type: 'button', text: text.top.search, iconName: 'search', title: text.top.searchHint, onClick: openPalette },
        {
          type: 'menu-dropdown',
          text: region() || text.top.region,
          iconName: 'globe',
          ariaLabel: text.top.region,
          items: [
            { id: '', text: text.top.serverRegion, ...tick(region() === '') },
            ...REGIONS.map((name) => ({ id: name, text: name, ...tick(region() === name) })),
          ],
          onItemClick: (event) => {
            setRegion(event.detail.id);
            void queries.invalidateQueries();
          },
        },
        {
          type: 'menu-dropdown',
          iconName: 'settings',
          ariaLabel: text.top.preferences,
          items: [
            {
              id: 'theme',
              text: text.top.themeTitle,
              items: THEMES.map((id) => ({ id: `theme:${id}`, text: text.top.theme[id], ...tick(chosen === id) })),
            },
            {
              id: 'language',
              text: text.top.language,
              items: LANGUAGES.map((id) => ({ id: `language:${id}`, text: languageName(id), ...tick(language === id) })),
            },
            ...(session.required ? [{ id: 'out', text: text.top.signOut }] : []),
          ],
          onItemClick: (event) => {
            const [what, value] = event.detail.id.split(':');
            if (what === 'language') setLanguage(value as Language);
            else if (what === 'theme') {
              setTheme(value as Theme);
              choose(value as Theme);
            } else void signOut();
          },
        },
      ]}
    />
  );
}
