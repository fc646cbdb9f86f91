import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { WorkflowRow } from '../../../wire.ts';
import { get } from '../data/api.ts';
import { me } from '../data/queries.ts';

const workflowsOf = (repository: string) =>
  queryOptions({
    queryKey: ['workflows', repository],
    queryFn: () => get<{ readonly workflows: readonly WorkflowRow[] }>(`/api/repositories/${repository}/workflows`),
    enabled: repository !== '',
  });

/** The workflows of a repository, and those that come with pawl. */
export function WorkflowsPage() {
  const search = useSearch({ strict: false }) as { readonly repository?: string };
  const navigate = useNavigate();
  const { data: user } = useQuery(me);
  const repositories = user?.repositories ?? [];
  const repository = search.repository || repositories[0]?.id || '';
  const { data, error } = useQuery(workflowsOf(repository));
  const choose = (id: string): void => void navigate({ to: '/workflows', search: { repository: id } });
  if (user && repositories.length === 0)
    return <p className="empty">No repository is known yet: run a workflow in one, or start the dashboard there.</p>;
  return (
    <>
      <div className="title">
        <h1>Workflows</h1>
        <span className="space" />
        <label>
          <span className="unseen">Repository</span>
          <select value={repository} onChange={(event) => choose(event.target.value)}>
            {repositories.map(({ id, name, path }) => (
              <option key={id} value={id} title={path}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {error ? <p role="alert">{error.message}</p> : null}
      <List title="Of this repository" repository={repository} rows={data?.workflows.filter((one) => !one.builtIn)} />
      <List title="Built in" repository={repository} rows={data?.workflows.filter((one) => one.builtIn)} />
    </>
  );
}

interface ListProps {
  readonly title: string;
  readonly repository: string;
  readonly rows: readonly WorkflowRow[] | undefined;
}

function List({ title, repository, rows = [] }: ListProps) {
  if (rows.length === 0) return null;
  return (
    <section className="panel">
      <h2>{title}</h2>
      <div className="scroll" tabIndex={0}>
        <table className="cards">
          <thead>
            <tr>
              <th>Workflow</th>
              <th>What it does</th>
              <th>Inputs</th>
              <th>Checked</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, file, description, inputs, valid }) => (
              <tr key={name}>
                <td className="broad">
                  <Link to="/workflows/$repository" params={{ repository }} search={{ name }}>
                    <strong>{name}</strong>
                  </Link>
                  <br />
                  <small className="dim path">{file}</small>
                </td>
                <td className="wide">{description}</td>
                <td className="broad">
                  {inputs.map((input) => (
                    <code key={input.name} className="tag" title={input.description}>
                      {input.name}
                      {input.required ? '' : '?'}
                    </code>
                  ))}
                </td>
                <td>{valid ? <span className="good">✓ valid</span> : <span className="bad">✗ has errors</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
