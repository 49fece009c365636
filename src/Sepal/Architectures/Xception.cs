using Sepal.Layers;

namespace Sepal.Architectures;

/// <summary>
/// Xception (Chollet, arXiv 1610.02357): depthwise-separable convolutions with residual connections, for images of 299×299.
/// 22,855,952 parameters.
/// </summary>
/// <remarks>
/// <see cref="Architecture.Strides"/> are those of the first convolution and of the maximum poolings and shortcuts at 128, 256, 728
/// and 1024 channels (at width 1); a stride of 1 leaves the pooling out. The first two convolutions are not padded, as in the
/// author's code.
/// </remarks>
public sealed record Xception : Architecture
{
    /// <summary>Makes the description with the paper's options.</summary>
    public Xception()
    {
        InputShape = [299, 299, 3];
        DropoutRate = 0.5f;
    }

    /// <inheritdoc/>
    public override string Name => WithWidth("xception");

    private protected override LayerOutput Extract(Blocks blocks, LayerOutput image)
    {
        LayerOutput features = blocks.Convolution(image, "block_1/first", Scaled(32), 3, Strides[0], Activations.Relu, Padding2D.Valid);
        features = blocks.Convolution(features, "block_1/second", Scaled(64), 3, 1, Activations.Relu, Padding2D.Valid);
        features = Reduce(blocks, features, "block_2", Scaled(128), Scaled(128), Strides[1], startsActivated: false);
        features = Reduce(blocks, features, "block_3", Scaled(256), Scaled(256), Strides[2]);
        features = Reduce(blocks, features, "block_4", Scaled(728), Scaled(728), Strides[3]);
        for (int number = 5; number <= 12; number++)
        {
            LayerOutput branch = features;
            for (int step = 1; step <= 3; step++)
            {
                string name = $"block_{number}/separable_{step}";
                branch = Blocks.Activate(branch, name, Activations.Relu);
                branch = blocks.Separable(branch, name, Scaled(728), step == 3 ? 2 * Blocks.ResidualGain : 2);
            }

            features = new Add { Name = $"block_{number}/add" }.Apply(branch, features);
        }

        features = Reduce(blocks, features, "block_13", Scaled(728), Scaled(1024), Strides[4]);
        features = blocks.Separable(features, "block_14/separable_1", Scaled(1536), gain: 2);
        features = Blocks.Activate(features, "block_14/separable_1", Activations.Relu);
        features = blocks.Separable(features, "block_14/separable_2", Scaled(2048), gain: 2);
        return Blocks.Activate(features, "block_14/separable_2", Activations.Relu);
    }

    /// <summary>Two separable convolutions and a maximum, beside a pointwise shortcut.</summary>
    private LayerOutput Reduce(
        Blocks blocks, LayerOutput input, string name, int middle, int filters, Size2D strides, bool startsActivated = true)
    {
        LayerOutput shortcut = blocks.Convolution(input, $"{name}/shortcut", filters, 1, strides, activation: null);
        LayerOutput result = startsActivated ? Blocks.Activate(input, $"{name}/separable_1", Activations.Relu) : input;
        result = blocks.Separable(result, $"{name}/separable_1", middle, gain: 2);
        result = Blocks.Activate(result, $"{name}/separable_2", Activations.Relu);
        result = blocks.Separable(result, $"{name}/separable_2", filters, 2 * Blocks.ResidualGain);
        result = Blocks.MaxPooling(result, $"{name}/pool", 3, strides, PaddingFor(3));
        return new Add { Name = $"{name}/add" }.Apply(result, shortcut);
    }
}
