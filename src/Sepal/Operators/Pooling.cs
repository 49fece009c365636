using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>What a pooling window gives.</summary>
public enum PoolingFunction
{
    /// <summary>The largest of the window's elements. Of several, the gradient goes to the first in row order.</summary>
    Maximum,

    /// <summary>The mean of the window's elements that lie in the image; padding does not count unless asked to.</summary>
    Average,
}

/// <summary>Whether maximum pooling also says where each maximum was, and how it counts.</summary>
public enum PoolingIndices
{
    /// <summary>No second output.</summary>
    None,

    /// <summary>Elements before it, counted in a tensor of batch, channels, height, width.</summary>
    RowMajor,

    /// <summary>Elements before it, counted in a tensor of batch, channels, width, height.</summary>
    ColumnMajor,
}

/// <summary>
/// The maximum or the mean over a sliding window of an NHWC image, channel by channel. Element operations: the window's
/// area an output element.
/// </summary>
/// <remarks>
/// Output 1, where <see cref="Indices"/> asks for it, holds 64-bit integers and has the shape of output 0.
/// </remarks>
/// <param name="Function">Maximum or average.</param>
/// <param name="PoolSize">The window's height and width.</param>
public sealed record Pooling(PoolingFunction Function, Size2D PoolSize) : Operator
{
    /// <summary>Steps down and across.</summary>
    public Size2D Strides { get; init; } = PoolSize;

    /// <summary>How far the window reaches past the edge.</summary>
    public Padding2D Padding { get; init; } = Padding2D.Valid;

    /// <summary>Distance between a window's elements.</summary>
    public Size2D DilationRate { get; init; } = 1;

    /// <summary>Whether the output's size is rounded up, with windows that reach past the padded image, rather than down.</summary>
    public bool CeilMode { get; init; }

    /// <summary>Whether an average divides by the elements of padding too, as zeros. ONNX and PyTorch: <c>count_include_pad</c>.</summary>
    public bool CountIncludePad { get; init; }

    /// <summary>Whether there is a second output: where each maximum was.</summary>
    public PoolingIndices Indices { get; init; }

    /// <inheritdoc/>
    public override string Name => $"{Function}Pooling";

    /// <summary>The window's arithmetic.</summary>
    public Window2D Window => new(PoolSize, Strides, DilationRate, Padding, CeilMode);

    /// <inheritdoc/>
    public override ElementOperationKind ElementOperationKind => ElementOperationKind.Pooling;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "an image");
        TensorSpec image = call.RequireRank(0, 4, "batch, height, width, channels");
        call.RequireKnownChannels(0);
        (Dimension height, Dimension width) = Window.OutputSize(call, image.Shape[1], image.Shape[2]);
        (long tall, long wide) = Window.Extent;
        if (!CountIncludePad && (Padding.Top >= tall || Padding.Bottom >= tall || Padding.Left >= wide || Padding.Right >= wide))
        {
            throw call.Error(
                $"the padding ({Padding}) is as large as the window {PoolSize}",
                "Padding must be smaller than the window, or some windows would hold no element of the image.");
        }

        if (Function != PoolingFunction.Maximum && Indices != PoolingIndices.None)
        {
            throw call.Error("it is to say where a mean was", "Only maximum pooling has indices.");
        }

        TensorSpec output = image with { Shape = [image.Shape[0], height, width, image.Channels] };
        return Indices == PoolingIndices.None ? [output] : [output, output with { ElementType = ElementType.Int64 }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * PoolSize.Area);
}
