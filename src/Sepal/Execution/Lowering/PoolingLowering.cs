using Sepal.Graphs;
using Sepal.Kernels.Pooling;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Runs pooling over sliding windows, and over whole images as one window.</summary>
internal static class PoolingLowering
{
    /// <summary>What maximum pooling keeps for its gradient: which tap of each window was the largest.</summary>
    public const string Taps = "taps";

    public static void Lower(ForwardContext context, Node node) =>
        Lower(context, node, ((Pooling)node.Operator).Function, Geometry(context, node));

    public static void LowerGlobal(ForwardContext context, Node node) =>
        Lower(context, node, ((GlobalPooling)node.Operator).Function, GlobalGeometry(context, node));

    /// <summary>A pooling's numbers, at the plan's concrete shapes.</summary>
    public static PoolingGeometry Geometry(ForwardContext context, Node node)
    {
        Window2D window = ((Pooling)node.Operator).Window;
        int[] input = context.Dimensions(node.Inputs[0]);
        int[] output = context.Dimensions(node.Output);
        (int top, int left) = window.LeadingPadding(input[1], input[2]);
        bool counts = ((Pooling)node.Operator).CountIncludePad;
        return new PoolingGeometry(
            input[0],
            new PoolingAxis(input[1], output[1], window.KernelSize.Height, window.Strides.Height, top)
            {
                Dilation = window.DilationRate.Height,
                CountedPadding = counts ? TrailingPadding(window, window.Padding.Bottom) : -1,
            },
            new PoolingAxis(input[2], output[2], window.KernelSize.Width, window.Strides.Width, left)
            {
                Dilation = window.DilationRate.Width,
                CountedPadding = counts ? TrailingPadding(window, window.Padding.Right) : -1,
            },
            input[3]);
    }

    /// <summary>A global pooling's numbers.</summary>
    public static PoolingGeometry GlobalGeometry(ForwardContext context, Node node)
    {
        int[] input = context.Dimensions(node.Inputs[0]);
        return new PoolingGeometry(input[0], PoolingAxis.Whole(input[1]), PoolingAxis.Whole(input[2]), input[3]);
    }

    private static unsafe void Lower(ForwardContext context, Node node, PoolingFunction function, PoolingGeometry geometry)
    {
        Node? rectifier = context.Fusion?.RectifierBefore(node);
        PlanBuffer input = context.Buffer((rectifier ?? node).Inputs[0]);
        PlanBuffer output = context.Allocate(node.Output);
        if (function == PoolingFunction.Maximum && (context.Training || node.Outputs.Length > 1))
        {
            MaximumPositions positions = MaximumPositions.Create(geometry, rectifies: rectifier is not null);
            PlanBuffer taps = context.Save(node, Taps, output.FloatCount);
            Add(context, node, geometry, input, [output, taps], (run, rows, channels) => positions.Forward(
                run.Floats(input), run.Floats(output), run.Floats(taps), rows.From, rows.To, channels.From, channels.To));
            if (node.Outputs.Length > 1)
            {
                AddIndices(context, node, positions, taps);
            }

            return;
        }

        PoolingKernel kernel = function == PoolingFunction.Maximum
            ? PoolingKernel.Maximum(geometry)
            : PoolingKernel.Average(geometry);
        Add(context, node, geometry, input, [output], (run, rows, channels) => kernel.Run(
            run.Floats(input), run.Floats(output), rows.From, rows.To, channels.From, channels.To));
    }

    /// <summary>With padding that follows from the input's size no window reaches past it.</summary>
    private static int TrailingPadding(Window2D window, int padding) =>
        window.Padding.Mode == PaddingMode.Same ? int.MaxValue / 2 : padding;

    private static unsafe void AddIndices(ForwardContext context, Node node, MaximumPositions positions, PlanBuffer taps)
    {
        bool isColumnMajor = ((Pooling)node.Operator).Indices == PoolingIndices.ColumnMajor;
        PlanBuffer indices = context.Allocate(node.Outputs[1]);
        Partition partition = Partition.OfElements(taps.FloatCount);
        context.Plan.Add(
            node.Name,
            "indices",
            partition.Parts,
            [taps],
            [indices],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                positions.Indices(run.Floats(taps), run.Pointer<long>(indices), isColumnMajor, from, to);
            });
    }

    /// <summary>A part is some rows and, where a row is much work (one window over a whole image is), some channels.</summary>
    private static void Add(
        ForwardContext context,
        Node node,
        PoolingGeometry geometry,
        PlanBuffer input,
        PlanBuffer[] outputs,
        Action<RunContext, (long From, long To), (int From, int To)> body)
    {
        long taps = (long)geometry.Columns.OutputLength * geometry.Columns.Window * geometry.Rows.Window;
        Partition rows = Partition.OfRows((long)geometry.Batch * geometry.Rows.OutputLength, taps * geometry.Channels);
        Partition channels = Partition.OfChannels(geometry.Channels, taps);
        context.Plan.Add(
            node.Name,
            "forward",
            rows.Parts * channels.Parts,
            [input],
            outputs,
            (run, part, _) =>
            {
                (int rowPart, int channelPart) = Math.DivRem(part, channels.Parts);
                (long from, long to) = channels.Range(channelPart);
                body(run, rows.Range(rowPart), ((int)from, (int)to));
            });
    }
}
