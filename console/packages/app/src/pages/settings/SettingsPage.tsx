import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Moment } from '../../parts/Elapsed';
import { Problem } from '../../parts/Problem';
import { setSingleKeys, singleKeys } from '../../shell/keyboard';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { setTheme, type Theme, theme } from '../../shell/theme';
import { LANGUAGES, type Language, languageName, useText } from '../../text';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** How the console looks, and what the server is. */
export function SettingsPage() {
  const { text, format, language, setLanguage } = useText();
  usePage([{ text: text.settings.title, href: links.settings }]);
  const server = useQuery({ queryKey: ['server'], queryFn: ({ signal }) => admin('server', { signal }), refetchInterval: 5000 });
  const [chosen, choose] = useState(theme);
  const [keys, setKeys] = useState(singleKeys);
  const facts = server.data;
  return (
    <ContentLayout header={<Header variant="h1">{text.settings.title}</Header>}>
      <SpaceBetween size="m">
        <Container header={<Header variant="h2">{text.settings.appearance}</Header>}>
          <SpaceBetween size="m">
            <SegmentedControl
              label={text.top.themeTitle}
              selectedId={chosen}
              options={THEMES.map((id) => ({ id, text: text.top.theme[id] }))}
              onChange={(event) => {
                setTheme(event.detail.selectedId as Theme);
                choose(event.detail.selectedId as Theme);
              }}
            />
            <SegmentedControl
              label={text.top.language}
              selectedId={language}
              options={LANGUAGES.map((id) => ({ id, text: languageName(id) }))}
              onChange={(event) => setLanguage(event.detail.selectedId as Language)}
            />
            <Toggle
              checked={keys}
              description={text.settings.singleKeysHint}
              onChange={(event) => {
                setSingleKeys(event.detail.checked);
                setKeys(event.detail.checked);
              }}
            >
              {text.settings.singleKeys}
            </Toggle>
          </SpaceBetween>
        </Container>
        <Container header={<Header variant="h2">{text.settings.server}</Header>}>
          {server.error !== null && <Problem error={server.error} onRetry={() => void server.refetch()} />}
          {facts !== undefined && (
            <KeyValuePairs
              columns={4}
              items={[
                { label: text.settings.version, value: facts.version },
                { label: text.settings.address, value: facts.address },
                { label: text.settings.since, value: <Moment at={Date.parse(facts.startedAt)} /> },
                { label: text.settings.data, value: facts.data.path ?? text.settings.ephemeral },
                { label: text.settings.clock, value: facts.clock.kind },
                { label: text.settings.health, value: facts.health.status },
                { label: text.settings.open, value: format.number(facts.executions.open) },
                { label: text.settings.timers, value: format.number(facts.timers) },
              ]}
            />
          )}
        </Container>
      </SpaceBetween>
    </ContentLayout>
  );
}
