import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Message, Conversation as Piece } from '../../../wire.ts';
import { get, type Query } from '../data/api.ts';
import { Markdown } from './markdown.tsx';
import { When } from './time.tsx';

interface ConversationProps {
  /** `/api/sessions/…/messages`, or the conversation of an attempt. */
  readonly path: string;
  readonly query?: Query;
  /** Each message has a number by which it is named. */
  readonly numbered?: boolean;
}

const everyMs = 1500;

/** What was said and done, page by page; while the turn goes on, also what comes. */
export function Conversation({ path, query = {}, numbered = false }: ConversationProps) {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, isPending } = useInfiniteQuery({
    queryKey: ['conversation', path, query],
    queryFn: ({ pageParam, signal }) => get<Piece>(path, { ...query, after: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last: Piece) => last.next,
  });
  const goesOn = data?.pages.at(-1)?.live ?? false;
  useEffect(() => {
    if (!goesOn || !hasNextPage) return;
    const timer = setInterval(() => void fetchNextPage(), everyMs);
    return () => clearInterval(timer);
  }, [goesOn, hasNextPage, fetchNextPage]);
  if (error) return <p role="alert">{error.message}</p>;
  if (isPending) return <p className="empty">Reading…</p>;
  // What is still being said comes again with the next page, longer.
  const messages = data.pages.flatMap(({ messages: all }, index) =>
    index === data.pages.length - 1 ? all : all.filter(({ seq }) => !seq.startsWith('open-')),
  );
  if (messages.length === 0)
    return <p className="empty">{goesOn ? 'Nothing has been said yet.' : 'Nothing was said.'}</p>;
  return (
    <>
      <ol className="conversation">
        {messages.map((message) => (
          <li key={message.seq} className={`message ${message.role} ${message.type}`}>
            {numbered ? <small className="dim number">{message.seq}</small> : null}
            <Said message={message} />
          </li>
        ))}
      </ol>
      {hasNextPage && !goesOn ? (
        <button type="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          More
        </button>
      ) : null}
      {goesOn ? (
        <p className="busy" role="status">
          The turn goes on.
        </p>
      ) : null}
    </>
  );
}

function Said({ message }: { readonly message: Message }) {
  switch (message.type) {
    case 'text':
      return (
        <>
          <Who message={message} />
          {message.role === 'assistant' ? (
            <Markdown text={message.text} />
          ) : (
            <div className="words">{message.text}</div>
          )}
          <LeftOut characters={message.leftOut} />
        </>
      );
    case 'reasoning':
      return (
        <details>
          <summary className="dim">Thinking</summary>
          <div className="words dim">{message.text}</div>
          <LeftOut characters={message.leftOut} />
        </details>
      );
    case 'tool-call':
      return (
        <details>
          <summary>
            <span className="tag">{message.kind}</span> <strong>{message.title ?? message.name}</strong>
          </summary>
          <pre>{message.input}</pre>
          <LeftOut characters={message.leftOut} />
        </details>
      );
    case 'tool-result':
      return (
        <details>
          <summary className={message.status === 'ok' ? 'dim' : 'bad'}>
            {message.status === 'ok' ? '✓ ' : '✗ '}
            {message.status === 'ok' ? firstLine(message.output) : `${message.status}: ${firstLine(message.output)}`}
          </summary>
          <pre>{message.output}</pre>
          <LeftOut characters={message.leftOut} />
        </details>
      );
    case 'note':
      return <em className="dim">{message.text}</em>;
  }
}

function Who({ message: { role, at } }: { readonly message: Message }) {
  const name = role === 'user' ? 'Prompt' : role === 'assistant' ? 'Agent' : 'System';
  return (
    <p className="who">
      <strong>{name}</strong> {at === undefined ? null : <When at={at} />}
    </p>
  );
}

const LeftOut = ({ characters }: { readonly characters: number | undefined }) =>
  characters ? <small className="dim">{characters} characters were not kept.</small> : null;

const firstLine = (text: string): string => {
  const line = text.trimStart().split('\n', 1)[0] ?? '';
  return line.length > 120 ? `${line.slice(0, 120)}…` : line || 'done';
};
