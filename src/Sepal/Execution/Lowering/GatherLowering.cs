using Sepal.Graphs;
using Sepal.Kernels.Copying;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Copies what indices pick: whole slices, or single elements.</summary>
internal static class GatherLowering
{
    public static unsafe void Lower(ForwardContext context, Node node)
    {
        int[] input = context.Dimensions(node.Inputs[0]);
        int axis = Axis(((Gather)node.Operator).Axis, input.Length);
        long outer = Product(input[..axis]);
        long inner = Product(input[(axis + 1)..]);
        long count = context.Length(node.Inputs[1]);
        int elementBytes = node.Output.Spec.ElementType.ByteSize();
        var gathering = new SliceGathering(Reader(node, input[axis]), input[axis], Math.Max(count, 1), inner * elementBytes);
        Add(context, node, Partition.OfRows(outer * count, inner), (source, indices, destination, from, to) =>
            gathering.Run((byte*)source, (void*)indices, (byte*)destination, from, to));
    }

    public static unsafe void LowerElements(ForwardContext context, Node node)
    {
        int[] input = context.Dimensions(node.Inputs[0]);
        int[] output = context.Dimensions(node.Output);
        int axis = Axis(((GatherElements)node.Operator).Axis, input.Length);
        for (int index = 0; index < input.Length; index++)
        {
            if (index != axis && output[index] > input[index])
            {
                throw new SepalException(
                    $"Node '{node.Name}' (GatherElements): with these sizes dimension {index} of the indices is {output[index]}, but the "
                    + $"tensor's is only {input[index]}. Use input sizes that the model was made for.");
            }
        }

        var gathering = new ElementGathering(Reader(node, input[axis]), input, output, axis);
        int elementBytes = node.Output.Spec.ElementType.ByteSize();
        Add(context, node, Partition.OfElements(Product(output)), (source, indices, destination, from, to) =>
            gathering.Run((byte*)source, (void*)indices, (byte*)destination, elementBytes, from, to));
    }

    private static unsafe void Add(ForwardContext context, Node node, Partition partition, Action<nint, nint, nint, long, long> body)
    {
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        PlanBuffer indices = context.Buffer(node.Inputs[1]);
        PlanBuffer output = context.Allocate(node.Output);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            [input, indices],
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                body((nint)run.Pointer<byte>(input), (nint)run.Pointer<byte>(indices), (nint)run.Pointer<byte>(output), from, to);
            });
    }

    private static IndexReader Reader(Node node, int extent) =>
        new(node.Name, extent, node.Inputs[1].Spec.ElementType == ElementType.Int64);

    private static int Axis(int axis, int rank) => axis < 0 ? axis + rank : axis;

    private static long Product(int[] dimensions) => dimensions.Aggregate(1L, (product, dimension) => product * dimension);
}
