import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { aws } from '@passo/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '../../parts/Confirm';
import { quoted } from '../../parts/Copy';
import { notifyError } from '../../shell/notices';
import { useText } from '../../text';

/** Asks for an activity's name, and makes it. */
export function CreateActivity({ onClose }: { readonly onClose: () => void }) {
  const { text } = useText();
  const queries = useQueryClient();
  const words = text.decide.activities;
  const [name, setName] = useState('');
  const isRight = /^[\w-]{1,80}$/.test(name);
  const create = async () => {
    try {
      await aws('CreateActivity', { name });
      await queries.invalidateQueries({ queryKey: ['activities'] });
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Confirm
      title={words.create}
      hint={words.emptyHint}
      action={words.create}
      command={`passo activity create ${name === '' ? 'NAME' : quoted(name)}`}
      isDisabled={!isRight}
      onClose={onClose}
      onConfirm={create}
    >
      <FormField label={text.common.name} errorText={name === '' || isRight ? undefined : words.wrongName}>
        <Input value={name} autoFocus onChange={(event) => setName(event.detail.value)} />
      </FormField>
    </Confirm>
  );
}
