using System.Collections.Immutable;
using Sepal.Layers;
using Sepal.Operators;

namespace Sepal.Architectures;

/// <summary>
/// MobileNetV3 (Howard et al., arXiv 1905.02244): inverted residual blocks found by search, some with squeeze and excitation, and
/// hard swish in the later ones. The two members are <see cref="MobileNetV3Small"/> and <see cref="MobileNetV3Large"/>.
/// </summary>
public abstract record MobileNetV3 : Architecture
{
    private protected MobileNetV3()
    {
        DropoutRate = 0.2f;
    }

    private protected abstract ImmutableArray<Row> Rows { get; }

    /// <summary>Channels of the fully connected layer before the classifier.</summary>
    private protected abstract int Embedding { get; }

    private protected override LayerOutput Extract(Blocks blocks, LayerOutput image)
    {
        int channels = Scaled(16);
        LayerOutput features = blocks.Convolution(image, "stem", channels, 3, Strides[0], Activations.HardSwish);
        for (int index = 0; index < Rows.Length; index++)
        {
            Row row = Rows[index];

            // The authors' code multiplies what really comes in by the ratio of the paper's channels.
            int expanded = ChannelRounding.ToMultipleOf8((double)channels * row.Expanded / (index == 0 ? 16 : Rows[index - 1].Filters));
            var block = new InvertedResidual(expanded, Scaled(row.Filters), row.Kernel, row.Strides, row.Activation)
            {
                SqueezeUnits = row.IsGated ? ChannelRounding.ToMultipleOf8(expanded / 4) : 0,
                Gate = Activations.HardSigmoid,
            };
            features = blocks.InvertedResidual(features, channels, $"block_{index + 1}", block);
            channels = block.Filters;
        }

        return blocks.Convolution(features, "top", 6 * channels, 1, 1, Activations.HardSwish);
    }

    private protected override LayerOutput Embed(Blocks blocks, LayerOutput pooled) => Blocks.Dense(pooled, "embedding", ScaledUp(Embedding), Activations.HardSwish);

    /// <summary>A row of the paper's tables, channels at width 1.</summary>
    private protected readonly record struct Row(int Kernel, int Expanded, int Filters, bool IsGated, IActivation Activation, Size2D Strides);
}
