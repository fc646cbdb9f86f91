interface TabsProps<Name extends string> {
  readonly of: readonly Name[];
  readonly chosen: Name;
  readonly label: string;
  readonly onChoose: (name: Name) => void;
}

export function Tabs<Name extends string>({ of, chosen, label, onChoose }: TabsProps<Name>) {
  return (
    <div className="tabs" role="tablist" aria-label={label}>
      {of.map((name) => (
        <button key={name} type="button" role="tab" aria-selected={name === chosen} onClick={() => onChoose(name)}>
          {name}
        </button>
      ))}
    </div>
  );
}
