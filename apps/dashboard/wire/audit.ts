// GET /api/audit ?before

export interface Audit {
  readonly entries: readonly {
    readonly at: number;
    readonly user: string;
    readonly role: string;
    readonly action: string;
    readonly on: string;
    readonly command?: string;
    readonly outcome: string;
  }[];
}
