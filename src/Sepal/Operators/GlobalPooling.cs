using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// The maximum or the mean over all rows and columns of an NHWC image, channel by channel. Element operations: one an
/// input element.
/// </summary>
/// <param name="Function">Maximum or average.</param>
public sealed record GlobalPooling(PoolingFunction Function) : Operator
{
    /// <summary>Whether height and width stay, as 1 each, rather than go.</summary>
    public bool KeepDimensions { get; init; }

    /// <inheritdoc/>
    public override string Name => $"Global{Function}Pooling";

    /// <inheritdoc/>
    public override ElementOperationKind ElementOperationKind => ElementOperationKind.Pooling;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "an image");
        TensorSpec image = call.RequireRank(0, 4, "batch, height, width, channels");
        call.RequireKnownChannels(0);
        return [KeepDimensions
            ? image with { Shape = [image.Shape[0], 1, 1, image.Channels] }
            : new TensorSpec([image.Shape[0], image.Channels], image.ElementType)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        ArgumentNullException.ThrowIfNull(call);
        return CostOf(call, outputs, 0, call.Inputs[0].Shape.ElementCount);
    }
}
