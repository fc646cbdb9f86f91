import { Controls, type Edge, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { useMemo } from 'react';
import { type Box, type DrawnStep, place } from './layout.ts';
import { StepCard } from './step-card.tsx';

type StepNode = Node<{ readonly step: DrawnStep }, 'step'>;

interface GraphProps {
  readonly steps: readonly DrawnStep[];
  readonly onOpen?: (step: DrawnStep) => void;
}

/** The steps of a workflow as boxes: what runs in order below each other, side by side beside each other. */
export function WorkflowGraph({ steps, onOpen }: GraphProps) {
  const { nodes, edges } = useMemo(() => drawn(steps), [steps]);
  return (
    <section className="graph" aria-label="Graph of the workflow">
      <ReactFlow
        nodes={[...nodes]}
        edges={[...edges]}
        nodeTypes={types}
        fitView
        minZoom={0.2}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_, node) => onOpen?.((node as StepNode).data.step)}
      >
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  );
}

const types = {
  step: ({ data }: NodeProps<StepNode>) => <StepCard step={data.step} />,
};

interface Drawn {
  readonly nodes: readonly StepNode[];
  readonly edges: readonly Edge[];
}

export const drawn = (steps: readonly DrawnStep[]): Drawn => draw(place(steps).boxes, false, undefined);

function draw(boxes: readonly Box[], sideBySide: boolean, parent: string | undefined): Drawn {
  const nodes = boxes.flatMap(({ step, x, y, width, height, inside }): readonly StepNode[] => [
    {
      id: step.address,
      type: 'step',
      position: { x, y },
      width,
      height,
      data: { step },
      sourcePosition: Position.Bottom,
      targetPosition: Position.Top,
      ariaLabel: `${step.name}, ${step.kind}`,
      ...(parent !== undefined && { parentId: parent, extent: 'parent' as const }),
    },
    ...draw(inside, step.parallel && !step.each, step.address).nodes,
  ]);
  const between = sideBySide ? [] : boxes.slice(1).map((box, index) => edge(boxes[index] ?? box, box));
  const edges = boxes.flatMap(
    ({ step, inside }): readonly Edge[] => draw(inside, step.parallel && !step.each, step.address).edges,
  );
  return { nodes, edges: [...between, ...edges] };
}

const edge = ({ step: from }: Box, { step: to }: Box): Edge => ({
  id: `${from.address} ${to.address}`,
  source: from.address,
  target: to.address,
});
