export { type ActivityTotals, contextShare, countOf } from './activity.ts';
export { type AgentRow, agentRows, stepsOf, type TimelineEntry, timelineOf } from './agents.ts';
export { type Analytics, analyticsOf, type Rates, type TrendPoint } from './analytics.ts';
export { analyticsBlocks } from './blocks-analytics.ts';
export { comparisonBlocks } from './blocks-compare.ts';
export { explanationBlocks } from './blocks-explanation.ts';
export { stepBlocks } from './blocks-step.ts';
export {
  type ComparedMetric,
  type ComparedStep,
  type Comparison,
  compareReports,
  type RunHead,
  type Side,
  type StepSide,
} from './compare.ts';
export { type Block, blocksAsMarkdown, blocksAsText, type Column, type Table } from './document.ts';
export { excerpt } from './excerpt.ts';
export { type Explanation, explain, type Reason, type ReasonKind } from './explain.ts';
export { type AgentFigures, addFigures, type Figures, type TimeByKind, type Tokens } from './figures.ts';
export { formatCount, formatDuration, formatTokens } from './format-figures.ts';
export { formatMarkdown } from './format-markdown.ts';
export { formatMetric, formatUnit } from './format-metric.ts';
export { baseFact, formatReport } from './format-report.ts';
export { formatStep } from './format-step.ts';
export { analyticsHtml, comparisonHtml } from './html/many.ts';
export { formatHtml } from './html/report.ts';
export { stepHtml } from './html/step.ts';
export { answerClasses } from './metrics/behaviour.ts';
export { type ManyMetric, manyMetrics } from './metrics/many.ts';
export type { Certainty, Metric, MetricValue, Subject, Unit } from './metrics/metric.ts';
export { metrics, metricsOf, metricsOfStep } from './metrics/read.ts';
export type {
  AttemptReport,
  FirstDiff,
  GateResult,
  Question,
  QueuedTurn,
  RunningEffect,
  RunReport,
  Span,
  Status,
  StepReport,
  TaskReport,
  Totals,
  Warning,
} from './model.ts';
export { addMoney, formatMoney, type Money, moneyOf, noMoney } from './money.ts';
export { plainLine, plainText } from './plain-text.ts';
export {
  conditionText,
  conflictText,
  contextText,
  gateText,
  guardText,
  limitText,
  referenceText,
  retryText,
  sessionText,
  templateText,
} from './plan-text.ts';
export { createProjection, emptyReport, type Projection, reportOf } from './projection.ts';
export { askedWhen } from './questions.ts';
export { type StepSearch, stepDetail } from './step-detail.ts';
export { attemptLine, type StepLineOptions, stepLine, verdictLine } from './step-line.ts';
export { type Color, gatePiece, type Piece, type Style, statusMarks, statusStyles, type TextOptions } from './style.ts';
export { type ReportJson, toJson } from './to-json.ts';
export type { Wall } from './wall.ts';
export { cut, cutStart, displayWidth, pad, wrap } from './width.ts';
