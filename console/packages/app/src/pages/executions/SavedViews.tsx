import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { Confirm } from '../../parts/Confirm';
import { Copy } from '../../parts/Copy';
import { links } from '../../shell/links';
import { useText } from '../../text';
import type { ExecutionFilter } from './filter';
import { isSame, keepViews, NAME_MAX, type SavedView, savedViews, withView } from './views';

interface SavedViewsProps {
  readonly filter: ExecutionFilter;
  readonly onChange: (filter: ExecutionFilter) => void;
}

/** Filters with names: to go back to, to be shared by their links, to be forgotten. */
export function SavedViews({ filter, onChange }: SavedViewsProps) {
  const { text } = useText();
  const words = text.see.views;
  const [views, setViews] = useState(savedViews);
  const [name, setName] = useState<string>();
  const change = (next: readonly SavedView[]) => {
    keepViews(next);
    setViews(next);
  };
  const chosen = views.find((view) => isSame(view.filter, filter));
  const isEmpty = Object.keys(filter).length === 0;
  const link = `${location.origin}${links.executions(filter as Readonly<Record<string, string>>)}`;
  return (
    <>
      {views.map((view) => (
        <button
          type="button"
          key={view.name}
          className={view === chosen ? 'chip view on' : 'chip view'}
          aria-pressed={view === chosen}
          title={Object.values(view.filter).join(' · ')}
          onClick={() => onChange(view === chosen ? {} : view.filter)}
        >
          <span dir="auto">{view.name}</span>
        </button>
      ))}
      {!isEmpty && (
        <span className="view-actions">
          {chosen === undefined ? (
            <Button variant="inline-link" iconName="add-plus" onClick={() => setName('')}>
              {words.save}
            </Button>
          ) : (
            <Button
              variant="inline-icon"
              iconName="remove"
              ariaLabel={words.remove(chosen.name)}
              onClick={() => change(views.filter((view) => view !== chosen))}
            />
          )}
          <Copy text={link} label={words.link} />
        </span>
      )}
      {name !== undefined && (
        <Confirm
          title={words.saveTitle}
          hint=""
          action={words.save}
          isDisabled={name.trim() === ''}
          onClose={() => setName(undefined)}
          onConfirm={async () => change(withView(views, { name: name.trim().slice(0, NAME_MAX), filter }))}
        >
          <FormField label={words.name} description={words.nameHint}>
            <Input value={name} onChange={(event) => setName(event.detail.value)} autoFocus />
          </FormField>
          {views.some((view) => view.name === name.trim()) && <span className="quiet">{words.replace}</span>}
        </Confirm>
      )}
    </>
  );
}
