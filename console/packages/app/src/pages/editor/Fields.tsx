import Select from '@cloudscape-design/components/select';
import type { FieldSpec } from '@passo/graph';
import { useState } from 'react';
import { useText } from '../../text';
import { Field } from './Field';

type Value = Readonly<Record<string, unknown>>;

interface FieldsProps {
  readonly specs: readonly FieldSpec[];
  readonly value: Value;
  readonly targets: readonly string[];
  readonly onChange: (value: Value) => void;
  readonly onAdd?: (field: string) => boolean;
}

/** The fields of an object that are always shown or that it has, and a way to the others. */
export function Fields({ specs, value, targets, onChange, onAdd }: FieldsProps) {
  const { text } = useText();
  const [added, add] = useState<readonly string[]>([]);
  const isShown = (spec: FieldSpec) => spec.isMain === true || value[spec.name] !== undefined || added.includes(spec.name);
  const hidden = specs.filter((spec) => !isShown(spec));
  const set = (name: string, next: unknown) => {
    const { [name]: _, ...rest } = value;
    // A field keeps its place among the others.
    if (next === undefined) onChange(rest);
    else onChange({ ...value, [name]: next });
  };
  return (
    <div className="edfields">
      {specs.filter(isShown).map((spec) => (
        <Field
          key={spec.name}
          spec={spec}
          value={value[spec.name]}
          targets={targets}
          onChange={(next) => set(spec.name, next)}
          onAdd={onAdd}
        />
      ))}
      {hidden.length > 0 && (
        <Select
          selectedOption={null}
          placeholder={text.editor.addField}
          ariaLabel={text.editor.addField}
          expandToViewport
          filteringType={hidden.length > 8 ? 'auto' : 'none'}
          options={hidden.map(({ name }) => ({ value: name, label: name }))}
          onChange={(event) => {
            const name = event.detail.selectedOption.value ?? '';
            if (onAdd?.(name) !== true) add([...added, name]);
          }}
        />
      )}
    </div>
  );
}
