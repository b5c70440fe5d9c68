const soaking = process.env['STEWARD_SOAK'] === '1'
/** How often a suite of faults does its deed: `short` in `npm test`, `full` under `npm run soak` (STEWARD_SOAK=1). */
export const soak = <T>(short: T, full: T): T => (soaking ? full : short)
