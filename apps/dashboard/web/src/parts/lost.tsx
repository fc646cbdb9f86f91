import { Link } from '@tanstack/react-router';

export function Lost() {
  return (
    <div className="empty">
      <h1>Nothing is here</h1>
      <p>
        The address leads nowhere. <Link to="/">All runs</Link>
      </p>
    </div>
  );
}
