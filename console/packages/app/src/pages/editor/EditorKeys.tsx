import Modal from '@cloudscape-design/components/modal';
import { useText } from '../../text';

/** The keys of the picture: one for everything that can be dragged. */
export function EditorKeys({ onClose }: { readonly onClose: () => void }) {
  const { text } = useText();
  const words = text.editor.keys;
  const keys: readonly (readonly [readonly string[], string])[] = [
    [['1', '…', '9'], words.insert],
    [['T'], words.search],
    [['C'], words.catch],
    [['N'], text.build.editor.chooseTarget],
    [['Ctrl C', 'Ctrl V'], text.build.editor.copyPaste],
    [['Ctrl F'], text.build.editor.find],
    [['↑', '↓', '←', '→'], words.walk],
    [['Shift Enter'], words.enter],
    [['Esc'], words.leave],
    [['Enter'], words.fields],
    [['Alt ↑', 'Alt ↓'], words.move],
    [['Del'], words.remove],
    [['Ctrl Z', 'Ctrl Y'], words.undo],
    [['Ctrl S'], words.save],
  ];
  return (
    <Modal visible header={words.title} onDismiss={onClose} closeAriaLabel={text.common.close}>
      <dl className="keylist">
        {keys.map(([names, what]) => (
          <div key={what}>
            <dt>
              {names.map((name) => (
                <kbd key={name}>{name}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
