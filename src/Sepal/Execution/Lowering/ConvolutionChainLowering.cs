using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Kernels;
using Sepal.Kernels.Rows;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>Runs fused convolutions, one or several, in strips of rows.</summary>
internal static class ConvolutionChainLowering
{
    public static void Lower(ForwardContext context, Node node)
    {
        var chain = (ConvolutionChain)node.Operator;
        PlanBuffer input = context.Buffer(node.Inputs[0]);
        ImmutableArray<StageBuffers> stages = [.. chain.Stages.Select((stage, index) => Stage(
            context, node.Name, stage, [.. node.Inputs.Skip(chain.InputIndex(index)).Take(stage.InputCount)], chain.Stages.Length == 1, chain.PoolsResult))];
        PlanBuffer output = context.Allocate(node.Outputs[0]);
        PlanBuffer? sums = chain.PoolsResult ? RowSums(context, node, stages[^1].Rows) : null;
        if (stages.Length == 1)
        {
            SingleConvolutionStep.Add(context, node, input, stages[0], output, sums);
        }
        else
        {
            ConvolutionStripsStep.Add(context, node, input, stages, output, sums);
        }

        if (sums is not null)
        {
            AddMean(context, node, stages[^1].Rows.Geometry, sums);
        }
    }

    private static StageBuffers Stage(
        ForwardContext context, string nodeName, FusedConvolution stage, ImmutableArray<Value> inputs, bool isAlone, bool poolsResult)
    {
        ConvolutionGeometry geometry = stage.Product.Operator is Dense
            ? DenseLowering.ImageGeometry(context, stage.Product)
            : ConvolutionLowering.Geometry(context, stage.Product);
        if (isAlone && !poolsResult && stage is { IsPointwise: true, HasScale: false })
        {
            geometry = geometry.WithoutImages();
        }

        ConvolutionRows rows = ConvolutionRows.Create(
            geometry, Epilogue(stage.Activation), stage.HasScale, stage.IsPlanar, isAlone ? RowParts.ChannelShares(geometry, context.Threads) : 1);
        string action = nodeName == stage.Product.Name ? "pack kernel" : $"pack kernel of {stage.Product.Name}";
        return new StageBuffers(
            rows,
            PackedKernel.Prepare(context, nodeName, action, stage, inputs, rows),
            stage.HasScale ? context.Buffer(inputs[stage.ScaleIndex]) : null,
            stage.HasResidual ? context.Buffer(inputs[stage.ResidualIndex]) : null);
    }

    private static Epilogue Epilogue(Unary? activation) => activation switch
    {
        null => new Epilogue(),
        { Function: UnaryFunction.Relu } => new Epilogue { Low = 0 },
        { Function: UnaryFunction.Relu6 } => new Epilogue { Low = 0, High = 6 },
        { Function: UnaryFunction.Clip } => new Epilogue { Low = activation.Minimum, High = activation.Maximum },
        _ => new Epilogue { Curve = UnaryLowering.Kernel(activation) },
    };

    /// <summary>For every image, row and channel of the result, the sum along the row.</summary>
    private static PlanBuffer RowSums(ForwardContext context, Node node, ConvolutionRows rows)
    {
        ConvolutionGeometry geometry = rows.Geometry;
        return context.Plan.Allocate($"{node.Name}/row sums", (long)geometry.Batch * geometry.OutputHeight * geometry.OutputChannels);
    }

    private static unsafe void AddMean(ForwardContext context, Node node, ConvolutionGeometry geometry, PlanBuffer sums)
    {
        PlanBuffer mean = context.Allocate(node.Outputs[1]);
        ChannelSums kernel = ChannelSums.Create(geometry.OutputChannels);
        long rowsLength = (long)geometry.OutputHeight * geometry.OutputChannels;
        float factor = 1f / ((float)geometry.OutputHeight * geometry.OutputWidth);
        context.Plan.Add(
            node.Name,
            "mean",
            1,
            [sums],
            [mean],
            (run, _, _) =>
            {
                for (int image = 0; image < geometry.Batch; image++)
                {
                    kernel.Run(
                        run.Floats(sums) + (image * rowsLength),
                        geometry.OutputHeight,
                        factor,
                        run.Floats(mean) + ((long)image * geometry.OutputChannels),
                        0,
                        geometry.OutputChannels);
                }
            });
    }
}
