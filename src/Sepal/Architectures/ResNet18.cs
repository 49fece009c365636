using Sepal.Layers;

namespace Sepal.Architectures;

/// <summary>
/// ResNet-18 (He et al., arXiv 1512.03385): standard convolutions with residual connections; the control that separable networks
/// are measured against. 11,689,512 parameters.
/// </summary>
/// <remarks>
/// <see cref="Architecture.Strides"/> are those of the first convolution, of the maximum pooling, which a stride of 1 leaves out,
/// and of stages 3, 4 and 5. Shortcuts between different shapes are pointwise convolutions, the paper's option B.
/// </remarks>
public sealed record ResNet18 : Architecture
{
    /// <summary>Makes the description with the paper's options.</summary>
    public ResNet18()
    {
        BatchNormalizationMomentum = 0.9f;
        BatchNormalizationEpsilon = 1e-5f;
    }

    /// <summary>
    /// The first convolution's taps down and across: 7 as in the paper. Small images want 3, with first strides of 1, as the paper's
    /// networks for CIFAR-10 have (section 4.2).
    /// </summary>
    public Size2D StemKernelSize { get; init; } = 7;

    /// <inheritdoc/>
    public override string Name => WithWidth("resnet18");

    private protected override bool IsPaddedEvenly => true;

    private protected override LayerOutput Extract(Blocks blocks, LayerOutput image)
    {
        (int Filters, Size2D Strides)[] stages = [(64, 1), (128, Strides[2]), (256, Strides[3]), (512, Strides[4])];
        int channels = Scaled(64);
        LayerOutput features = blocks.Convolution(image, "stem", channels, StemKernelSize, Strides[0], Activations.Relu);
        features = Blocks.MaxPooling(features, "stem/pool", 3, Strides[1], PaddingFor(3));
        for (int stage = 0; stage < stages.Length; stage++)
        {
            int filters = Scaled(stages[stage].Filters);
            for (int index = 0; index < 2; index++)
            {
                Size2D strides = index == 0 ? stages[stage].Strides : 1;
                features = Basic(blocks, features, $"stage_{stage + 2}_{index + 1}", channels, filters, strides);
                channels = filters;
            }
        }

        return features;
    }

    private static LayerOutput Basic(Blocks blocks, LayerOutput input, string name, int channels, int filters, Size2D strides)
    {
        LayerOutput result = blocks.Convolution(input, $"{name}/first", filters, 3, strides, Activations.Relu);
        result = blocks.Convolution(result, $"{name}/second", filters, 3, 1, activation: null, gain: Blocks.ResidualGain);
        LayerOutput shortcut = strides == 1 && channels == filters
            ? input
            : blocks.Convolution(input, $"{name}/shortcut", filters, 1, strides, activation: null);
        return Blocks.Activate(new Add { Name = $"{name}/add" }.Apply(result, shortcut), name, Activations.Relu);
    }
}
