import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import type { StateMachine, WorkflowType } from '@passo/api';
import { useState } from 'react';
import type { EditorView } from '../../searches';
import { useText } from '../../text';
import { StartExecution } from '../execution/StartExecution';
import type { EditorDocument, Snapshot } from './EditorDocument';
import { EditorKeys } from './EditorKeys';
import { exportAs, type Format } from './export';
import { SaveDialog } from './SaveDialog';

interface ToolbarProps {
  readonly machine: StateMachine | undefined;
  readonly document: EditorDocument;
  readonly shown: Snapshot;
  readonly type: WorkflowType;
  readonly onType: (type: WorkflowType) => void;
  readonly isDirty: boolean;
  readonly hasErrors: boolean;
  readonly asked: 'save' | 'run' | undefined;
  readonly onAsk: (asked: 'save' | 'run' | undefined) => void;
  readonly onSaved: () => void;
  readonly onConvert: () => void;
  readonly onYaml: () => void;
  readonly view: EditorView;
  readonly onView: (view: EditorView) => void;
}

const VIEWS: readonly EditorView[] = ['split', 'graph', 'code'];
const FORMATS: readonly Format[] = ['asl', 'sam', 'cloudformation', 'svg', 'png'];

/** What is done with the definition as a whole. */
export function Toolbar(props: ToolbarProps) {
  const { machine, document, shown, type, isDirty, hasErrors, asked, onAsk, view, onView } = props;
  const { text } = useText();
  const [busy, setBusy] = useState(false);
  const [isHelp, setHelp] = useState(false);
  const name = machine?.name ?? 'workflow';
  const isBroken = hasErrors || !shown.isValid;
  return (
    <div className="wbh">
      <div className="wbt">
        <h1>
          <span>{machine?.name ?? text.editor.newTitle}</span>
          {isDirty && <span className="tag warn">{text.editor.unsaved}</span>}
        </h1>
      </div>
      <div className="edbar">
        <SegmentedControl
          label={text.editor.view}
          selectedId={view}
          options={VIEWS.map((id) => ({ id, text: text.editor.views[id] }))}
          onChange={(event) => onView(event.detail.selectedId as EditorView)}
        />
        <Button iconName="undo" variant="icon" ariaLabel={text.editor.undo} disabled={!shown.canUndo} onClick={() => document.undo()} />
        <Button iconName="redo" variant="icon" ariaLabel={text.editor.redo} disabled={!shown.canRedo} onClick={() => document.redo()} />
        <Button iconName="keyboard" variant="icon" ariaLabel={text.editor.keys.title} onClick={() => setHelp(true)} />
        <ButtonDropdown
          loading={busy}
          items={FORMATS.map((id) => ({ id, text: text.editor.exports[id] }))}
          onItemClick={(event) => {
            setBusy(true);
            void exportAs(event.detail.id as Format, { name, type, text: shown.text, scope: shown.scope }).finally(() => setBusy(false));
          }}
        >
          {text.editor.export}
        </ButtonDropdown>
        <Button onClick={props.onYaml} disabled={!shown.isValid} disabledReason={text.build.mendFirst}>
          {text.build.editor.yaml}
        </Button>
        <Button onClick={props.onConvert} disabled={!shown.isValid} disabledReason={text.build.mendFirst}>
          {text.build.convert}
        </Button>
        {machine !== undefined && (
          <Button iconName="caret-right-filled" disabled={isDirty} disabledReason={text.editor.runUnsaved} onClick={() => onAsk('run')}>
            {text.editor.run}
          </Button>
        )}
        <Button
          variant="primary"
          disabled={isBroken || !isDirty}
          disabledReason={isBroken ? text.editor.notSavable : text.editor.unchanged}
          onClick={() => onAsk('save')}
        >
          {machine === undefined ? text.editor.create : text.editor.save}
        </Button>
      </div>
      {asked === 'save' && isDirty && (
        <SaveDialog
          machine={machine}
          definition={shown.text}
          type={type}
          onType={props.onType}
          isDisabled={isBroken}
          onSaved={props.onSaved}
          onClose={() => onAsk(undefined)}
        />
      )}
      {isHelp && <EditorKeys onClose={() => setHelp(false)} />}
      {asked === 'run' && machine !== undefined && <StartExecution workflow={machine.name} onClose={() => onAsk(undefined)} />}
    </div>
  );
}
