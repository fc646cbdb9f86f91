import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Audit } from '../../../wire.ts';
import { get } from '../data/api.ts';
import { When } from '../parts/time.tsx';

const audit = queryOptions({ queryKey: ['audit'], queryFn: () => get<Audit>('/api/audit'), staleTime: 0 });

/** Who asked for what, also where it was refused. */
export function AuditPage() {
  const { data, error } = useQuery(audit);
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return null;
  return (
    <>
      <h1>Audit log</h1>
      {data.entries.length === 0 ? <p className="empty">Nothing has been asked for yet.</p> : null}
      <div className="scroll" tabIndex={0}>
        <table className="cards">
          <thead>
            <tr>
              <th>When</th>
              <th>Who</th>
              <th>What</th>
              <th>On</th>
              <th>Outcome</th>
            </tr>
          </thead>
          <tbody>
            {data.entries.map((entry) => (
              <tr key={`${entry.at} ${entry.action} ${entry.on} ${entry.outcome}`}>
                <td>
                  <When at={entry.at} />
                </td>
                <td>
                  {entry.user} <small className="dim">{entry.role}</small>
                </td>
                <td className="wide">
                  {entry.action}
                  <br />
                  <code className="path dim">{entry.command}</code>
                </td>
                <td>{entry.on}</td>
                <td>{entry.outcome}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
