using Sepal.Layers;

namespace Sepal.Architectures;

/// <summary>
/// MnasNet-B1 (Tan et al., arXiv 1807.11626), the network found by search without squeeze and excitation; torchvision's MNASNet.
/// 4,383,312 parameters.
/// </summary>
/// <remarks>
/// <see cref="Architecture.Strides"/> are those of the first convolution and of the first blocks with 24, 40, 80 and 192 channels
/// (at width 1). The last convolution's 1280 channels do not follow the width.
/// </remarks>
public sealed record MnasNet : Architecture
{
    /// <summary>Makes the description with the paper's options.</summary>
    public MnasNet()
    {
        DropoutRate = 0.2f;
    }

    /// <inheritdoc/>
    public override string Name => $"mnasnet-{WidthText}";

    private protected override LayerOutput Extract(Blocks blocks, LayerOutput image)
    {
        (int Expansion, int Kernel, int Filters, int Count, Size2D Strides)[] stages =
        [
            (1, 3, 16, 1, 1),
            (3, 3, 24, 3, Strides[1]),
            (3, 5, 40, 3, Strides[2]),
            (6, 5, 80, 3, Strides[3]),
            (6, 3, 96, 2, 1),
            (6, 5, 192, 4, Strides[4]),
            (6, 3, 320, 1, 1),
        ];
        int channels = Scaled(32);
        int number = 1;
        LayerOutput features = blocks.Convolution(image, "stem", channels, 3, Strides[0], Activations.Relu);
        foreach ((int expansion, int kernel, int filters, int count, Size2D strides) in stages)
        {
            for (int index = 0; index < count; index++)
            {
                var block = new InvertedResidual(channels * expansion, Scaled(filters), kernel, index == 0 ? strides : 1, Activations.Relu);
                features = blocks.InvertedResidual(features, channels, $"block_{number++}", block);
                channels = block.Filters;
            }
        }

        return blocks.Convolution(features, "top", 1280, 1, 1, Activations.Relu);
    }
}
