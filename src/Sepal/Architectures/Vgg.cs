using System.Collections.Immutable;
using Sepal.Layers;

namespace Sepal.Architectures;

/// <summary>
/// VGG (Simonyan and Zisserman, arXiv 1409.1556): standard 3×3 convolutions one after another, with batch normalisation behind
/// each, as in today's implementations. VGG-13 has 9,920,936 parameters.
/// </summary>
/// <remarks>
/// <see cref="Architecture.Strides"/> are those of the five maximum poolings, each at the end of its stage and over windows that do not
/// overlap; a stride of 1 leaves it out. The paper's three fully connected layers, nine tenths of its parameters, are a global average and one layer here, which
/// leaves the size of the image free. <see cref="StridesFor"/> gives poolings that suit an image.
/// </remarks>
public sealed record Vgg : Architecture
{
    private static readonly ImmutableArray<int> StageFilters = [64, 128, 256, 512, 512];

    /// <summary>How many weight layers the paper's network has: 11, 13, 16 or 19 (its columns A, B, D and E); 13 where not given.</summary>
    /// <remarks>Three of them are the fully connected layers, so that VGG-13 has ten convolutions.</remarks>
    public int Depth { get; init; } = 13;

    /// <inheritdoc/>
    public override string Name => WithWidth($"vgg{Depth}");

    private protected override bool IsPaddedEvenly => true;

    /// <summary>Strides whose poolings come first, so that most of the work is on few pixels, and that leave a last feature map of at least 3×3.</summary>
    /// <param name="image">Height and width.</param>
    /// <returns>Strides for <see cref="Architecture.Strides"/>.</returns>
    public static ImmutableArray<Size2D> StridesFor(Size2D image)
    {
        int halvings = 0;
        for (int side = Math.Max(image.Height, image.Width); side >= 6 && halvings < StageFilters.Length; side /= 2)
        {
            halvings++;
        }

        return [.. Enumerable.Range(0, StageFilters.Length).Select(place => (Size2D)(place < halvings ? 2 : 1))];
    }

    private protected override LayerOutput Extract(Blocks blocks, LayerOutput image)
    {
        LayerOutput features = image;
        for (int stage = 0; stage < StageFilters.Length; stage++)
        {
            int filters = Scaled(StageFilters[stage]);
            int layers = LayersOf(stage);
            for (int index = 1; index <= layers; index++)
            {
                features = blocks.Convolution(features, $"stage_{stage + 1}_{index}", filters, 3, 1, Activations.Relu);
            }

            features = Blocks.MaxPooling(features, $"stage_{stage + 1}_pool", Strides[stage], Strides[stage], Padding2D.Valid);
        }

        return features;
    }

    private protected override void RequireOptions()
    {
        base.RequireOptions();
        if (Depth is not (11 or 13 or 16 or 19))
        {
            throw Error($"its depth is {Depth}", "Give one of the paper's: 11, 13, 16 or 19");
        }
    }

    private int LayersOf(int stage) => Depth switch
    {
        11 => stage < 2 ? 1 : 2,
        13 => 2,
        16 => stage < 2 ? 2 : 3,
        _ => stage < 2 ? 2 : 4,
    };
}
