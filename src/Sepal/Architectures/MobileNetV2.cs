using Sepal.Layers;

namespace Sepal.Architectures;

/// <summary>
/// MobileNetV2 (Sandler et al., arXiv 1801.04381): inverted residual blocks with linear bottlenecks. 3,504,872 parameters.
/// </summary>
/// <remarks>
/// <see cref="Architecture.Strides"/> are those of the first convolution and of the first blocks with 24, 32, 64 and 160 channels
/// (at width 1). Widths below 1 leave the last convolution's 1280 channels, as in the paper.
/// </remarks>
public sealed record MobileNetV2 : Architecture
{
    /// <summary>Makes the description with the paper's options.</summary>
    public MobileNetV2()
    {
        DropoutRate = 0.2f;
    }

    /// <inheritdoc/>
    public override string Name => WithWidth("mobilenet-v2");

    private protected override LayerOutput Extract(Blocks blocks, LayerOutput image)
    {
        (int Expansion, int Filters, int Count, Size2D Strides)[] stages =
        [
            (1, 16, 1, 1),
            (6, 24, 2, Strides[1]),
            (6, 32, 3, Strides[2]),
            (6, 64, 4, Strides[3]),
            (6, 96, 3, 1),
            (6, 160, 3, Strides[4]),
            (6, 320, 1, 1),
        ];
        int channels = Scaled(32);
        int number = 1;
        LayerOutput features = blocks.Convolution(image, "stem", channels, 3, Strides[0], Activations.Relu6);
        foreach ((int expansion, int filters, int count, Size2D strides) in stages)
        {
            for (int index = 0; index < count; index++)
            {
                var block = new InvertedResidual(channels * expansion, Scaled(filters), 3, index == 0 ? strides : 1, Activations.Relu6);
                features = blocks.InvertedResidual(features, channels, $"block_{number++}", block);
                channels = block.Filters;
            }
        }

        return blocks.Convolution(features, "top", ScaledUp(1280), 1, 1, Activations.Relu6);
    }
}
