// GET /api/runs/:run/explain ?path   GET /api/runs/:run/report ?format=markdown|html|json is a download

/** Why it is as it is, in lines. */
export interface Explained {
  readonly text: string;
  readonly command: string;
}
