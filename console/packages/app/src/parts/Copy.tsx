import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { useText } from '../text';

/** A button that copies a text. */
export function Copy({ text: copied, label }: { readonly text: string; readonly label: string }) {
  const { text } = useText();
  return (
    <CopyToClipboard
      variant="icon"
      textToCopy={copied}
      copyButtonAriaLabel={label}
      copySuccessText={text.common.copied}
      copyErrorText={text.common.copyFailed}
    />
  );
}

/** A command for a terminal, to be read and copied: what a button beside it does. */
export function Command({ line }: { readonly line: string }) {
  const { text } = useText();
  return (
    <span className="command">
      <code>{line}</code>
      <Copy text={line} label={text.common.copyCli} />
    </span>
  );
}

/** A word of a command line, quoted where it must be. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
