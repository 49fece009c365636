using Sepal.Layers;
using Sepal.Operators;

namespace Sepal.Architectures;

/// <summary>
/// MobileNet (Howard et al., arXiv 1704.04861): a convolution and thirteen depthwise-separable ones. 4,231,976 parameters.
/// </summary>
/// <remarks>
/// <see cref="Architecture.Strides"/> are those of the first convolution and of the depthwise ones at 64, 128, 256 and 512
/// channels (at width 1). The paper's table gives the last depthwise convolution a stride of 2 and an output that only a stride of
/// 1 has; it is 1 here, as in the authors' code.
/// </remarks>
public sealed record MobileNetV1 : Architecture
{
    /// <summary>Makes the description with the paper's options.</summary>
    public MobileNetV1()
    {
        DropoutRate = 0.001f;
    }

    /// <inheritdoc/>
    public override string Name => WithWidth("mobilenet-v1");

    /// <summary>Applied after every convolution: ReLU as in the paper; the authors' code has <see cref="Activations.Relu6"/>.</summary>
    public IActivation Activation { get; init; } = Activations.Relu;

    private protected override LayerOutput Extract(Blocks blocks, LayerOutput image)
    {
        (int Filters, Size2D Strides)[] steps =
        [
            (64, 1),
            (128, Strides[1]), (128, 1),
            (256, Strides[2]), (256, 1),
            (512, Strides[3]), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1),
            (1024, Strides[4]), (1024, 1),
        ];
        LayerOutput features = blocks.Convolution(image, "stem", Scaled(32), 3, Strides[0], Activation);
        for (int index = 0; index < steps.Length; index++)
        {
            string name = $"block_{index + 1}";
            features = blocks.Depthwise(features, $"{name}/depthwise", 3, steps[index].Strides, Activation);
            features = blocks.Convolution(features, $"{name}/pointwise", Scaled(steps[index].Filters), 1, 1, Activation);
        }

        return features;
    }
}
