using System.Collections.Immutable;
using Sepal.Layers;
using Sepal.Operators;

namespace Sepal.Architectures;

/// <summary>MobileNetV3-Large (Howard et al., arXiv 1905.02244, table 1). 5,483,032 parameters.</summary>
/// <remarks>
/// <see cref="Architecture.Strides"/> are those of the first convolution and of the first blocks with 24, 40, 80 and 160 channels
/// (at width 1). Widths below 1 leave the 1280 channels before the classifier, as in the paper.
/// </remarks>
public sealed record MobileNetV3Large : MobileNetV3
{
    /// <inheritdoc/>
    public override string Name => WithWidth("mobilenet-v3-large");

    private protected override int Embedding => 1280;

    private protected override ImmutableArray<Row> Rows
    {
        get
        {
            (IActivation relu, IActivation swish) = (Activations.Relu, Activations.HardSwish);
            return
            [
                new(3, 16, 16, false, relu, 1),
                new(3, 64, 24, false, relu, Strides[1]),
                new(3, 72, 24, false, relu, 1),
                new(5, 72, 40, true, relu, Strides[2]),
                new(5, 120, 40, true, relu, 1),
                new(5, 120, 40, true, relu, 1),
                new(3, 240, 80, false, swish, Strides[3]),
                new(3, 200, 80, false, swish, 1),
                new(3, 184, 80, false, swish, 1),
                new(3, 184, 80, false, swish, 1),
                new(3, 480, 112, true, swish, 1),
                new(3, 672, 112, true, swish, 1),
                new(5, 672, 160, true, swish, Strides[4]),
                new(5, 960, 160, true, swish, 1),
                new(5, 960, 160, true, swish, 1),
            ];
        }
    }
}
