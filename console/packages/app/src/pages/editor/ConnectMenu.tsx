import Modal from '@cloudscape-design/components/modal';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { draw, drawNew, everyState, hasPort, PALETTE, type Port, type Scope, siblings } from '@passo/graph';
import { useState } from 'react';
import { Icon } from '../../graph/Icon';
import { useText } from '../../text';
import type { Change } from './keys';
import { named } from './PaletteList';

interface ConnectMenuProps {
  readonly scope: Scope;
  readonly from: string;
  readonly port: Port;
  readonly onChange: Change;
  readonly onClose: () => void;
}

/** Asks where a line from a state leads: to one that is there, or to a new one. */
export function ConnectMenu({ scope, from, port: begun, onChange, onClose }: ConnectMenuProps) {
  const { text } = useText();
  const words = text.build.editor;
  const [port, choose] = useState(begun);
  const states = new Map(everyState(scope));
  const state = states.get(from);
  if (state === undefined) return null;
  const others = siblings(scope, from).filter((name) => name !== from);
  const change: Change = (edit) => {
    onChange(edit);
    onClose();
  };
  return (
    <Modal visible header={`${from}: ${words.chooseTarget}`} onDismiss={onClose} closeAriaLabel={text.common.close}>
      {hasPort(state.Type, 'catch') && (
        <SegmentedControl
          label={words.chooseTarget}
          selectedId={port}
          options={[
            { id: 'next', text: words.kind.next },
            { id: 'catch', text: words.kind.catch },
          ]}
          onChange={(event) => choose(event.detail.selectedId as Port)}
        />
      )}
      <div className="edmenu">
        {others.length > 0 && (
          <section aria-label={words.existing}>
            <h3>{words.existing}</h3>
            {others.map((name) => (
              <button type="button" key={name} onClick={() => change((whole) => draw(whole, from, port, name))}>
                <Icon name={states.get(name)?.Type ?? 'Pass'} />
                <span dir="auto">{name}</span>
              </button>
            ))}
          </section>
        )}
        <section aria-label={words.newState}>
          <h3>{words.newState}</h3>
          {PALETTE.filter((item) => item.group === 'flow').map((item) => (
            <button type="button" key={item.id} onClick={() => change((whole) => drawNew(whole, from, port, named(item, text)))}>
              <Icon name={item.type} />
              <span>{item.name}</span>
            </button>
          ))}
        </section>
      </div>
    </Modal>
  );
}
