using Sepal.Layers;

namespace Sepal.Architectures;

/// <summary>
/// EfficientNet-B0 (Tan and Le, arXiv 1905.11946): inverted residual blocks with squeeze and excitation, and swish throughout.
/// 5,288,548 parameters.
/// </summary>
/// <remarks>
/// <see cref="Architecture.Strides"/> are those of the first convolution and of the first blocks with 24, 40, 80 and 192 channels
/// (at width 1). Stochastic depth, which the authors train with, is not part of the network here.
/// </remarks>
public sealed record EfficientNetB0 : Architecture
{
    /// <summary>Makes the description with the paper's options.</summary>
    public EfficientNetB0()
    {
        DropoutRate = 0.2f;
    }

    /// <inheritdoc/>
    public override string Name => WithWidth("efficientnet-b0");

    private protected override LayerOutput Extract(Blocks blocks, LayerOutput image)
    {
        (int Expansion, int Kernel, int Filters, int Count, Size2D Strides)[] stages =
        [
            (1, 3, 16, 1, 1),
            (6, 3, 24, 2, Strides[1]),
            (6, 5, 40, 2, Strides[2]),
            (6, 3, 80, 3, Strides[3]),
            (6, 5, 112, 3, 1),
            (6, 5, 192, 4, Strides[4]),
            (6, 3, 320, 1, 1),
        ];
        int channels = Scaled(32);
        int number = 1;
        LayerOutput features = blocks.Convolution(image, "stem", channels, 3, Strides[0], Activations.Swish);
        foreach ((int expansion, int kernel, int filters, int count, Size2D strides) in stages)
        {
            for (int index = 0; index < count; index++)
            {
                var block = new InvertedResidual(channels * expansion, Scaled(filters), kernel, index == 0 ? strides : 1, Activations.Swish)
                {
                    // A quarter of the block's input, not of what it is expanded to.
                    SqueezeUnits = channels / 4,
                    SqueezeActivation = Activations.Swish,
                };
                features = blocks.InvertedResidual(features, channels, $"block_{number++}", block);
                channels = block.Filters;
            }
        }

        return blocks.Convolution(features, "top", Scaled(1280), 1, 1, Activations.Swish);
    }
}
