using System.Collections.Immutable;
using Sepal.Layers;

namespace Sepal.Architectures;

/// <summary>
/// A MobileNet for small images (28×28, 32×32), of inverted residual blocks as in MobileNetV2 (arXiv 1801.04381): it halves the
/// image twice only, late, and has as many channels as that takes. 93,690 parameters for ten classes.
/// </summary>
/// <remarks>
/// <see cref="Architecture.Strides"/> are those of the first convolution, the first block, the first blocks with 32 and 48
/// channels (at width 1), and the last block. <see cref="StridesFor"/> gives those that suit an image.
/// </remarks>
public sealed record MobileNetSmall : Architecture
{
    private const int Expansion = 4;

    /// <summary>Makes the description for ten classes of 32×32 images in colour.</summary>
    public MobileNetSmall()
    {
        Classes = 10;
        InputShape = [32, 32, 3];
        Strides = [1, 1, 2, 2, 1];
    }

    /// <inheritdoc/>
    public override string Name => WithWidth("mobilenet-small");

    /// <summary>Strides that leave a last feature map of about 7×7.</summary>
    /// <param name="image">Height and width.</param>
    /// <returns>Strides for <see cref="Architecture.Strides"/>.</returns>
    public static ImmutableArray<Size2D> StridesFor(Size2D image) => Math.Max(image.Height, image.Width) switch
    {
        < 48 => [1, 1, 2, 2, 1],
        < 96 => [2, 1, 2, 2, 1],
        < 192 => [2, 2, 2, 2, 1],
        _ => [2, 2, 2, 2, 2],
    };

    private protected override LayerOutput Extract(Blocks blocks, LayerOutput image)
    {
        (int Expansion, int Filters, Size2D Strides)[] stages =
        [
            (1, 24, Strides[1]),
            (Expansion, 32, Strides[2]), (Expansion, 32, 1), (Expansion, 32, 1),
            (Expansion, 48, Strides[3]), (Expansion, 48, 1), (Expansion, 48, Strides[4]),
        ];
        int channels = Scaled(24);
        int number = 1;
        LayerOutput features = blocks.Convolution(image, "stem", channels, 3, Strides[0], Activations.Relu6);
        foreach ((int expansion, int filters, Size2D strides) in stages)
        {
            var block = new InvertedResidual(channels * expansion, Scaled(filters), 3, strides, Activations.Relu6);
            features = blocks.InvertedResidual(features, channels, $"block_{number++}", block);
            channels = block.Filters;
        }

        return blocks.Convolution(features, "top", Scaled(192), 1, 1, Activations.Relu6);
    }
}
