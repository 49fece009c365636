using System.Collections.Immutable;
using Sepal.Layers;

namespace Sepal.Architectures;

/// <summary>
/// ShuffleNetV2 (Ma et al., arXiv 1807.11164): half of the channels pass by each block, and a shuffle mixes the halves.
/// 2,278,604 parameters.
/// </summary>
/// <remarks>
/// <see cref="Architecture.Strides"/> are those of the first convolution, of the maximum pooling, which a stride of 1 leaves out,
/// and of stages 2, 3 and 4. The paper gives the channels for the widths 0.5, 1, 1.5 and 2; there are no others.
/// </remarks>
public sealed record ShuffleNetV2 : Architecture
{
    private static readonly ImmutableArray<(double Width, int[] Filters)> Widths =
    [
        (0.5, [48, 96, 192, 1024]),
        (1, [116, 232, 464, 1024]),
        (1.5, [176, 352, 704, 1024]),
        (2, [244, 488, 976, 2048]),
    ];

    /// <summary>Makes the description with the paper's options.</summary>
    public ShuffleNetV2()
    {
        BatchNormalizationMomentum = 0.9f;
        BatchNormalizationEpsilon = 1e-5f;
    }

    /// <inheritdoc/>
    public override string Name => $"shufflenet-v2-{WidthText}";

    private protected override bool IsPaddedEvenly => true;

    private protected override void RequireOptions()
    {
        base.RequireOptions();
        if (!Widths.Any(row => row.Width == Width))
        {
            throw Error($"its width is {WidthText}", "The paper gives the channels for 0.5, 1.0, 1.5 and 2.0; choose one of these");
        }
    }

    private protected override LayerOutput Extract(Blocks blocks, LayerOutput image)
    {
        int[] filters = Widths.First(row => row.Width == Width).Filters;
        ReadOnlySpan<int> counts = [4, 8, 4];
        LayerOutput features = blocks.Convolution(image, "stem", 24, 3, Strides[0], Activations.Relu);
        features = Blocks.MaxPooling(features, "stem/pool", 3, Strides[1], PaddingFor(3));
        for (int stage = 0; stage < counts.Length; stage++)
        {
            for (int index = 0; index < counts[stage]; index++)
            {
                string name = $"stage_{stage + 2}_{index + 1}";
                features = index == 0
                    ? Downsample(blocks, features, name, filters[stage], Strides[stage + 2])
                    : PassBy(blocks, features, name, filters[stage]);
            }
        }

        return blocks.Convolution(features, "top", filters[^1], 1, 1, Activations.Relu);
    }

    /// <summary>The block of figure 3 (c): half of the channels pass by.</summary>
    private static LayerOutput PassBy(Blocks blocks, LayerOutput input, string name, int channels)
    {
        ImmutableArray<LayerOutput> halves = new Split(2) { Name = $"{name}/split" }.ApplyAll(input);
        return Join(name, halves[0], Branch(blocks, halves[1], $"{name}/right", channels / 2, 1));
    }

    /// <summary>The block of figure 3 (d): two branches, each from all channels.</summary>
    private static LayerOutput Downsample(Blocks blocks, LayerOutput input, string name, int filters, Size2D strides)
    {
        LayerOutput left = blocks.Depthwise(input, $"{name}/left/depthwise", 3, strides, activation: null);
        left = blocks.Convolution(left, $"{name}/left/pointwise", filters / 2, 1, 1, Activations.Relu);
        return Join(name, left, Branch(blocks, input, $"{name}/right", filters / 2, strides));
    }

    private static LayerOutput Branch(Blocks blocks, LayerOutput input, string name, int filters, Size2D strides)
    {
        LayerOutput result = blocks.Convolution(input, $"{name}/expand", filters, 1, 1, Activations.Relu);
        result = blocks.Depthwise(result, $"{name}/depthwise", 3, strides, activation: null);
        return blocks.Convolution(result, $"{name}/project", filters, 1, 1, Activations.Relu);
    }

    private static LayerOutput Join(string name, LayerOutput left, LayerOutput right) =>
        new ChannelShuffle(2) { Name = $"{name}/shuffle" }.Apply(new Concatenate { Name = $"{name}/concatenate" }.Apply(left, right));
}
