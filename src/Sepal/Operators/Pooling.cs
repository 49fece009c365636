using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>What a pooling window gives.</summary>
public enum PoolingFunction
{
    /// <summary>The largest of the window's elements. Of several, the gradient goes to the first in row order.</summary>
    Maximum,

    /// <summary>The mean of the window's elements that lie in the image; padding does not count.</summary>
    Average,
}

/// <summary>
/// The maximum or the mean over a sliding window of an NHWC image, channel by channel. Element operations: the window's
/// area an output element.
/// </summary>
/// <param name="Function">Maximum or average.</param>
/// <param name="PoolSize">The window's height and width.</param>
public sealed record Pooling(PoolingFunction Function, Size2D PoolSize) : Operator
{
    /// <summary>Steps down and across.</summary>
    public Size2D Strides { get; init; } = PoolSize;

    /// <summary>How far the window reaches past the edge.</summary>
    public Padding2D Padding { get; init; } = Padding2D.Valid;

    /// <inheritdoc/>
    public override string Name => $"{Function}Pooling";

    /// <summary>The window's arithmetic.</summary>
    public Window2D Window => new(PoolSize, Strides, 1, Padding);

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "an image");
        TensorSpec image = call.RequireRank(0, 4, "batch, height, width, channels");
        call.RequireKnownChannels(0);
        (Dimension height, Dimension width) = Window.OutputSize(call, image.Shape[1], image.Shape[2]);
        if (Padding.Top >= PoolSize.Height || Padding.Bottom >= PoolSize.Height
            || Padding.Left >= PoolSize.Width || Padding.Right >= PoolSize.Width)
        {
            throw call.Error(
                $"the padding ({Padding}) is as large as the window {PoolSize}",
                "Padding must be smaller than the window, or some windows would hold no element of the image.");
        }

        return [image with { Shape = [image.Shape[0], height, width, image.Channels] }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * PoolSize.Area);
}
