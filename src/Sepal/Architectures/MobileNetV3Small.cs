using System.Collections.Immutable;
using Sepal.Layers;
using Sepal.Operators;

namespace Sepal.Architectures;

/// <summary>MobileNetV3-Small (Howard et al., arXiv 1905.02244, table 2). 2,542,856 parameters.</summary>
/// <remarks>
/// <see cref="Architecture.Strides"/> are those of the first convolution and of the first blocks with 16, 24, 40 and 96 channels
/// (at width 1). Widths below 1 leave the 1024 channels before the classifier, as in the paper.
/// </remarks>
public sealed record MobileNetV3Small : MobileNetV3
{
    /// <inheritdoc/>
    public override string Name => WithWidth("mobilenet-v3-small");

    private protected override int Embedding => 1024;

    private protected override ImmutableArray<Row> Rows
    {
        get
        {
            (IActivation relu, IActivation swish) = (Activations.Relu, Activations.HardSwish);
            return
            [
                new(3, 16, 16, true, relu, Strides[1]),
                new(3, 72, 24, false, relu, Strides[2]),
                new(3, 88, 24, false, relu, 1),
                new(5, 96, 40, true, swish, Strides[3]),
                new(5, 240, 40, true, swish, 1),
                new(5, 240, 40, true, swish, 1),
                new(5, 120, 48, true, swish, 1),
                new(5, 144, 48, true, swish, 1),
                new(5, 288, 96, true, swish, Strides[4]),
                new(5, 576, 96, true, swish, 1),
                new(5, 576, 96, true, swish, 1),
            ];
        }
    }
}
