import { type SubmitEvent, useState } from 'react';
import { signIn } from '../data/sign-in.ts';

/** For who came without the address that pawl prints. */
export function SignIn({ hint }: { readonly hint: string | undefined }) {
  const [problem, setProblem] = useState<string>();
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get('token') ?? '').trim();
    signIn(token.replace(/^.*#token=/, '')).then(
      () => location.reload(),
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <main className="sign-in">
      <h1>
        <img src="/pawl.svg" alt="" width="28" height="28" /> pawl
      </h1>
      <p>{hint ?? 'Open the address that pawl dashboard prints.'} Or paste its token:</p>
      <form onSubmit={submit}>
        <label>
          Token <input name="token" type="password" autoComplete="off" required />
        </label>
        <button type="submit" className="main">
          Sign in
        </button>
      </form>
      {problem ? <p role="alert">{problem}</p> : null}
    </main>
  );
}
