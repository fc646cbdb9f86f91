import { useState } from 'react';

/** The same on the command line, to copy. */
export function Command({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard?.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1500);
    });
  };
  return (
    <button type="button" className="command" onClick={copy} title="Copy the command">
      <code>{text}</code>
      <span role="status" className={copied ? 'good' : 'unseen'}>
        {copied ? ' copied' : ''}
      </span>
    </button>
  );
}
