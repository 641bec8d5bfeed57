import Modal from '@cloudscape-design/components/modal';
import { admin, aws } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { useText } from '../text';
import { links } from './links';

interface Item {
  readonly group: string;
  readonly name: string;
  readonly href: string;
}

const SHOWN_MAX = 12;

/** Goes to a page, a workflow, an execution or an ARN. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { text } = useText();
  const router = useRouter();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const items = useItems(typed.trim());
  const chosen = items[Math.min(at, items.length - 1)];
  const go = (item: Item | undefined) => {
    if (item === undefined) return;
    onClose();
    router.history.push(item.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(chosen);
    else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, items.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
    else return;
    event.preventDefault();
  };
  return (
    <Modal visible header={text.palette.title} onDismiss={onClose} closeAriaLabel={text.common.close}>
      <input
        className="palette-input"
        role="combobox"
        aria-expanded
        aria-controls="palette-items"
        aria-activedescendant={chosen === undefined ? undefined : `palette-${items.indexOf(chosen)}`}
        aria-label={text.palette.placeholder}
        placeholder={text.palette.placeholder}
        value={typed}
        // biome-ignore lint/a11y/noAutofocus: the palette is opened in order to type.
        autoFocus
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette" id="palette-items" role="listbox" aria-label={text.palette.title}>
        {items.length === 0 && <p>{text.palette.nothing}</p>}
        {items.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the keys are those of the input.
          <div key={item.href} id={`palette-${index}`} role="option" aria-selected={item === chosen} onClick={() => go(item)}>
            <span>{item.name}</span>
            <small>{item.group}</small>
          </div>
        ))}
      </div>
    </Modal>
  );
}

function useItems(typed: string): readonly Item[] {
  const { text } = useText();
  const machines = useQuery({ queryKey: ['machines'], queryFn: ({ signal }) => aws('ListStateMachines', { maxResults: 1000 }, signal) });
  const executions = useQuery({
    queryKey: ['palette', typed],
    queryFn: ({ signal }) => admin('executions', { query: { name: typed, limit: 6 }, signal }),
    enabled: typed.length > 1 && !typed.includes(':'),
  });
  const pages: Item[] = [
    [text.nav.home, links.home],
    [text.nav.workflows, links.workflows],
    [text.nav.executions, links.executions()],
    [text.nav.approvals, links.approvals()],
    [text.nav.failures, links.failures],
    [text.nav.activities, links.activities],
    [text.nav.cost, links.cost()],
    [text.nav.mapRuns, links.mapRuns()],
    [text.nav.play, links.play()],
    [text.nav.testState, links.test()],
    [text.nav.settings, links.settings],
    [text.home.newWorkflow, links.create],
  ].map(([name = '', href = '']) => ({ group: text.palette.pages, name, href }));
  const flows = (machines.data?.stateMachines ?? []).map((machine) => ({
    group: text.palette.workflows,
    name: machine.name,
    href: links.workflow(machine.stateMachineArn),
  }));
  const found = (executions.data?.executions ?? []).map((execution) => ({
    group: text.palette.executions,
    name: execution.name,
    href: links.execution(execution.executionArn),
  }));
  const wanted = typed.toLowerCase();
  const fitting = [...pages, ...flows].filter((item) => item.name.toLowerCase().includes(wanted));
  return [...ofArn(typed), ...fitting, ...found].slice(0, SHOWN_MAX);
}

/** Where an ARN leads, also one inside an address of AWS's own console. */
function ofArn(typed: string): Item[] {
  const arn = /arn:[^\s/]*:states:[^\s]*/.exec(decodeURIComponent(typed.replace(/%(?![0-9a-f]{2})/gi, '%25')))?.[0];
  if (arn === undefined) return [];
  const kind = arn.split(':')[5];
  if (kind === 'execution' || kind === 'express') return [{ group: 'ARN', name: arn, href: links.execution(arn) }];
  if (kind === 'mapRun') return [{ group: 'ARN', name: arn, href: links.mapRun(arn) }];
  return kind === 'stateMachine' ? [{ group: 'ARN', name: arn, href: links.workflow(arn.split(':').slice(0, 7).join(':')) }] : [];
}
