import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { useText } from '../text';
import { Command } from './Copy';

interface ConfirmProps {
  readonly title: string;
  readonly hint: string;
  readonly action: string;
  /** What the same is in a terminal. */
  readonly command?: string;
  readonly children?: ReactNode;
  readonly isDisabled?: boolean;
  readonly onClose: () => void;
  /** Does it; the dialog closes when it is done. */
  readonly onConfirm: () => Promise<unknown>;
}

/** Asks before something is done that cannot be undone. */
export function Confirm({ title, hint, action, command, children, isDisabled, onClose, onConfirm }: ConfirmProps) {
  const { text } = useText();
  const [isBusy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
    } finally {
      setBusy(false);
      onClose();
    }
  };
  return (
    <Modal
      visible
      header={title}
      onDismiss={onClose}
      closeAriaLabel={text.common.close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {text.common.cancel}
            </Button>
            <Button variant="primary" loading={isBusy} disabled={isDisabled ?? false} onClick={() => void confirm()}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <span>{hint}</span>
        {children}
        {command !== undefined && <Command line={command} />}
      </SpaceBetween>
    </Modal>
  );
}
