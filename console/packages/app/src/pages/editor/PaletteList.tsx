import Input from '@cloudscape-design/components/input';
import { PALETTE, type PaletteItem } from '@passo/graph';
import { type ReactNode, useState } from 'react';
import { Icon } from '../../graph/Icon';
import { type Text, useText } from '../../text';

/** An entry with the name that it has in the chosen language. AWS's own terms stay. */
export function named(item: PaletteItem, text: Text): PaletteItem {
  return { ...item, name: text.editor.items[item.id] ?? item.name };
}

/** What is dragged: the palette's item, or a state's name. */
export const DRAG = { item: 'application/x-passo-item', state: 'application/x-passo-state' } as const;

interface PaletteListProps {
  readonly onPut: (item: PaletteItem) => void;
  readonly children?: ReactNode;
}

/** What can be put into the workflow: by dragging, by a click, or with a key. */
export function PaletteList({ onPut, children }: PaletteListProps) {
  const { text } = useText();
  const [sought, seek] = useState('');
  const tasks = PALETTE.filter((item) => item.group === 'task')
    .map((item) => named(item, text))
    .filter((item) => item.name.toLowerCase().includes(sought.toLowerCase()));
  return (
    <section className="edpalette" aria-label={text.editor.palette}>
      {children}
      <h2>{text.editor.flow}</h2>
      <ul>
        {PALETTE.filter((item) => item.group === 'flow').map((item, index) => (
          <Item key={item.id} item={item} shortcut={index + 1} onPut={onPut} />
        ))}
      </ul>
      <h2>{text.editor.tasks}</h2>
      <div className="edfind">
        <Input
          type="search"
          value={sought}
          placeholder={text.editor.findTask}
          ariaLabel={text.editor.findTask}
          onChange={(event) => seek(event.detail.value)}
          onKeyDown={(event) => {
            const [first] = tasks;
            if (event.detail.key === 'Enter' && first !== undefined) onPut(first);
          }}
        />
      </div>
      <ul>
        {tasks.map((item) => (
          <Item key={item.id} item={item} onPut={onPut} />
        ))}
        {tasks.length === 0 && <li className="quiet">{text.editor.noTask}</li>}
      </ul>
      <p className="quiet">{text.editor.paletteHint}</p>
    </section>
  );
}

interface ItemProps {
  readonly item: PaletteItem;
  readonly shortcut?: number;
  readonly onPut: (item: PaletteItem) => void;
}

function Item({ item, shortcut, onPut }: ItemProps) {
  return (
    <li>
      <button
        type="button"
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData(DRAG.item, item.id);
          event.dataTransfer.effectAllowed = 'copy';
        }}
        onClick={() => onPut(item)}
      >
        <Icon name={item.id === 'approval' ? 'Token' : item.type} />
        <span>{item.name}</span>
        {shortcut !== undefined && <kbd aria-hidden>{shortcut}</kbd>}
      </button>
    </li>
  );
}
