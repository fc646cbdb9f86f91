import type { WorkflowInput } from '../../../wire.ts';

interface InputFieldProps {
  readonly input: WorkflowInput;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field of the kind that the input's type asks for. */
export function InputField({ input, value, onChange }: InputFieldProps) {
  const id = `input-${input.name}`;
  const { name, required, description } = input;
  return (
    <div className="field">
      <label htmlFor={id}>
        {name}
        {required ? '' : <small className="dim"> may be left out</small>}
      </label>
      <Field id={id} input={input} value={value} onChange={onChange} />
      {description === undefined ? null : <small className="dim">{description}</small>}
    </div>
  );
}

interface FieldProps extends InputFieldProps {
  readonly id: string;
}

function Field({ id, input, value, onChange }: FieldProps) {
  const { type, values, required, default: otherwise } = input;
  const words = values ?? (type === 'boolean' ? ['true', 'false'] : undefined);
  if (words)
    return (
      <select id={id} value={value} required={required} onChange={(event) => onChange(event.target.value)}>
        <option value="">{otherwise ?? ''}</option>
        {words.map((word) => (
          <option key={word} value={word}>
            {word}
          </option>
        ))}
      </select>
    );
  return (
    <input
      id={id}
      type={type === 'number' ? 'number' : 'text'}
      step="any"
      required={required}
      placeholder={otherwise}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
