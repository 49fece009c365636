using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>Rows and columns of zeros around an NHWC image. Counts no work but the bytes.</summary>
/// <param name="Padding">Explicit numbers of rows and columns.</param>
public sealed record ZeroPadding(Padding2D Padding) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "an image");
        TensorSpec image = call.RequireRank(0, 4, "batch, height, width, channels");
        if (Padding.Mode != PaddingMode.Explicit || Padding is { Top: < 0 } or { Left: < 0 } or { Bottom: < 0 } or { Right: < 0 })
        {
            throw call.Error($"the padding is {Padding}", "Give numbers of rows and columns, none negative.");
        }

        return [image with
        {
            Shape =
            [
                image.Shape[0],
                image.Shape[1] + ((long)Padding.Top + Padding.Bottom),
                image.Shape[2] + ((long)Padding.Left + Padding.Right),
                image.Channels,
            ],
        }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
