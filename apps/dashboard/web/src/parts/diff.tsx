import { useMemo, useState } from 'react';
import {
  type ChangeData,
  Decoration,
  type FileData,
  getChangeKey,
  Hunk,
  Diff as Lines,
  parseDiff,
} from 'react-diff-view';
import 'react-diff-view/style/index.css';
import type { FileChange, Diff as Told } from '../../../wire.ts';
import { Command } from './command.tsx';

/** What a person says of a line. */
export interface LineComment {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}
interface DiffProps {
  readonly diff: Told;
  /** Comments are taken: they go to the agent with the next attempt. */
  readonly onComment?: (comment: LineComment) => void;
  readonly comments?: readonly LineComment[];
}

/** A file with more lines than this is opened by hand. */
const mostLines = 400;

export function Diff({ diff, onComment, comments = [] }: DiffProps) {
  const parsed = useMemo(() => readPatch(diff.patch), [diff.patch]);
  const [view, setView] = useState<'unified' | 'split'>('unified');
  if (diff.files.length === 0) return <p className="empty">No file changed.</p>;
  return (
    <>
      <p className="title">
        <Counts files={diff.files.length} insertions={diff.insertions} deletions={diff.deletions} />
        <span className="space" />
        <button type="button" onClick={() => setView(view === 'unified' ? 'split' : 'unified')}>
          {view === 'unified' ? 'Side by side' : 'Below each other'}
        </button>
        <Command text={diff.command} />
      </p>
      {diff.files.map((file) => (
        <File
          key={file.path}
          file={file}
          patch={parsed?.get(file.path)}
          view={view}
          comments={comments.filter((one) => one.file === file.path)}
          onComment={onComment}
        />
      ))}
      {parsed === undefined ? <pre className="patch">{diff.patch}</pre> : null}
    </>
  );
}

/** Undefined: it is none that can be read, cut in the middle perhaps. Then it is shown as it is. */
function readPatch(patch: string): ReadonlyMap<string, FileData> | undefined {
  try {
    const files = parseDiff(patch, { nearbySequences: 'zip' });
    return new Map(files.map((file) => [file.type === 'delete' ? file.oldPath : file.newPath, file]));
  } catch {
    return undefined;
  }
}

interface CountsProps {
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
}

function Counts({ files, insertions, deletions }: CountsProps) {
  return (
    <span className="number">
      {files === 1 ? '1 file' : `${files} files`} <span className="good">+{insertions}</span>{' '}
      <span className="bad">−{deletions}</span>
    </span>
  );
}

interface FileProps {
  readonly file: FileChange;
  readonly patch: FileData | undefined;
  readonly view: 'unified' | 'split';
  readonly comments: readonly LineComment[];
  readonly onComment: DiffProps['onComment'];
}

function File({ file, patch, view, comments, onComment }: FileProps) {
  const lines = patch?.hunks.reduce((sum, hunk) => sum + hunk.changes.length, 0) ?? 0;
  const [open, setOpen] = useState(lines > 0 && lines <= mostLines);
  return (
    <details className="panel file" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <code className="path">{file.path}</code> <span className="dim">{file.change}</span>{' '}
        <span className="good number">+{file.insertions ?? '?'}</span>{' '}
        <span className="bad number">−{file.deletions ?? '?'}</span>
      </summary>
      {open && patch && patch.hunks.length > 0 ? (
        <Hunks patch={patch} path={file.path} view={view} comments={comments} onComment={onComment} />
      ) : null}
      {patch && patch.hunks.length === 0 ? <p className="dim">Nothing of it can be shown as lines.</p> : null}
    </details>
  );
}

interface HunksProps extends Omit<FileProps, 'file' | 'patch'> {
  readonly patch: FileData;
  readonly path: string;
}

function Hunks({ patch, path, view, comments, onComment }: HunksProps) {
  const [asked, setAsked] = useState<ChangeData>();
  const all = patch.hunks.flatMap(({ changes }) => changes);
  const said = comments.flatMap((comment) => {
    const change = all.find((one) => lineOf(one) === comment.line);
    return change ? [[getChangeKey(change), <p key="said">{comment.text}</p>] as const] : [];
  });
  const form = asked && (
    <CommentForm
      onSay={(text) => {
        onComment?.({ file: path, line: lineOf(asked), text });
        setAsked(undefined);
      }}
      onLeave={() => setAsked(undefined)}
    />
  );
  const widgets = Object.fromEntries([...said, ...(asked && form ? [[getChangeKey(asked), form] as const] : [])]);
  return (
    <div className="scroll" tabIndex={0}>
      <Lines
        viewType={view}
        diffType={patch.type}
        hunks={patch.hunks}
        widgets={widgets}
        {...(onComment && { gutterEvents: { onClick: ({ change }) => change && setAsked(change) } })}
      >
        {(hunks) =>
          hunks.flatMap((hunk) => [
            <Decoration key={`d ${hunk.content}`}>
              <small className="dim">{hunk.content}</small>
            </Decoration>,
            <Hunk key={hunk.content} hunk={hunk} />,
          ])
        }
      </Lines>
      {onComment ? (
        <button type="button" className="quiet" onClick={() => setAsked(all[0])}>
          Comment on this file, or click the number of a line
        </button>
      ) : null}
    </div>
  );
}

const lineOf = (change: ChangeData): number => (change.type === 'normal' ? change.newLineNumber : change.lineNumber);

interface CommentFormProps {
  readonly onSay: (text: string) => void;
  readonly onLeave: () => void;
}

function CommentForm({ onSay, onLeave }: CommentFormProps) {
  const [text, setText] = useState('');
  return (
    <div className="comment">
      <textarea
        aria-label="What the agent is to change here"
        placeholder="What the agent is to change here"
        // biome-ignore lint/a11y/noAutofocus: it was asked for with the click before
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="button" className="main" disabled={text.trim() === ''} onClick={() => onSay(text.trim())}>
        Add
      </button>
      <button type="button" onClick={onLeave}>
        Never mind
      </button>
    </div>
  );
}
