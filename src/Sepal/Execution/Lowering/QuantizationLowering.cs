using Sepal.Graphs;
using Sepal.Kernels.Elementwise;
using Sepal.Kernels.Reductions;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Turns floats into integers and back.</summary>
internal static class QuantizationLowering
{
    public static unsafe void LowerQuantize(ForwardContext context, Node node)
    {
        var quantize = (QuantizeLinear)node.Operator;
        QuantizationKernel kernel = QuantizationKernel.Create(quantize.Type, Layout(context, node, quantize.Axis));
        Add(context, node, (run, buffers, from, to) => kernel.Quantize(
            run.Floats(buffers[1]),
            run.Floats(buffers[2]),
            buffers.Length > 3 ? run.Pointer<byte>(buffers[3]) : null,
            run.Pointer<byte>(buffers[0]),
            from,
            to));
    }

    public static unsafe void LowerDequantize(ForwardContext context, Node node)
    {
        AxisLayout layout = Layout(context, node, ((DequantizeLinear)node.Operator).Axis);
        QuantizationKernel kernel = QuantizationKernel.Create(node.Inputs[0].Spec.ElementType, layout);
        Add(context, node, (run, buffers, from, to) => kernel.Dequantize(
            run.Pointer<byte>(buffers[1]),
            run.Floats(buffers[2]),
            buffers.Length > 3 ? run.Pointer<byte>(buffers[3]) : null,
            run.Floats(buffers[0]),
            from,
            to));
    }

    private static AxisLayout Layout(ForwardContext context, Node node, int axis)
    {
        int[] dimensions = context.Dimensions(node.Output);
        return Quantization.IsForTensor(node.Inputs[1].Shape)
            ? new AxisLayout(1, 1, Math.Max(context.Length(node.Output), 1))
            : AxisLayout.Create(dimensions, axis < 0 ? axis + dimensions.Length : axis);
    }

    /// <summary>A step over all elements; the body is given the output's buffer, then those of the inputs.</summary>
    private static void Add(ForwardContext context, Node node, Action<RunContext, PlanBuffer[], long, long> body)
    {
        PlanBuffer[] inputs = [.. node.Inputs.Select(context.Buffer)];
        PlanBuffer output = context.Allocate(node.Output);
        long length = context.Length(node.Output);
        if (length == 0)
        {
            return;
        }

        PlanBuffer[] buffers = [output, .. inputs];
        Partition partition = Partition.OfElements(length);
        context.Plan.Add(
            node.Name,
            "forward",
            partition.Parts,
            inputs,
            [output],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                body(run, buffers, from, to);
            });
    }
}
