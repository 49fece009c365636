using System.Collections.Immutable;
using System.Globalization;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Layers;

namespace Sepal.Cli.Comparison;

/// <summary>One of the networks that are compared.</summary>
/// <param name="Name">One of <see cref="NetworkNames"/>.</param>
/// <param name="Description">What it is, a phrase.</param>
/// <param name="Model">The network, not yet trained.</param>
internal sealed record ComparisonNetwork(string Name, string Description, Model Model);

/// <summary>
/// Builds the four networks: the small CNN that everybody trains on MNIST, and three that differ from it in nothing but
/// their convolutions.
/// </summary>
internal static class ComparisonNetworks
{
    private const int FirstFilters = 32;
    private const int LastFilters = 64;
    private const int Kernel = 3;

    // Two valid 3×3 convolutions, each followed by 2×2 pooling, leave one pixel of ten.
    private const int SmallestSide = 10;

    /// <summary>Builds the networks in the order of <see cref="NetworkNames.All"/>; the caller disposes of their models.</summary>
    /// <param name="image">Height, width, channels.</param>
    /// <param name="classes">How many classes.</param>
    /// <returns>The networks.</returns>
    /// <exception cref="SepalException">The images are too small, or there is nothing to tell apart.</exception>
    public static ImmutableArray<ComparisonNetwork> Build(Shape image, int classes)
    {
        if (image[0].Value < SmallestSide || image[1].Value < SmallestSide)
        {
            throw new SepalException(
                $"The images have the shape {image}, too small for two convolutions with pooling. Expected at least {SmallestSide}×{SmallestSide} pixels.");
        }

        if (classes < 2)
        {
            throw new SepalException($"The labels name {classes} class, so there is nothing to tell apart. Expected at least 2 classes.");
        }

        Sequential standard = [.. Network(image, classes, Standard(FirstFilters), [Standard(LastFilters)])];
        Deepening deepening = Deepen(image, classes, ModelCost.Of(standard.Graph).ConvolutionParameters);
        string extra = deepening.ExtraLayers.ToString(CultureInfo.InvariantCulture);
        return
        [
            new(NetworkNames.Standard, "two standard convolutions", standard),
            new(
                NetworkNames.Separable,
                "the same with both convolutions separable",
                new Sequential([.. Network(image, classes, Separable(FirstFilters), [Separable(LastFilters)])])),
            new(
                NetworkNames.Mobile,
                "the first convolution standard, the other separable, as in MobileNet",
                new Sequential([.. Network(image, classes, Standard(FirstFilters), [Separable(LastFilters)])])),
            new(
                NetworkNames.Deeper,
                $"separable, and {extra} more separable {(deepening.ExtraLayers == 1 ? "layer" : "layers")} for the parameters saved",
                new Model(deepening.Graph)),
        ];
    }

    private static Deepening Deepen(Shape image, int classes, long convolutionParameters)
    {
        return Deepening.Within(new CostBudget(CostMeasure.ConvolutionParameters, convolutionParameters), Deeper);

        Model Deeper(int extraLayers) => new Sequential([.. Network(
            image,
            classes,
            Separable(FirstFilters),
            [Separable(LastFilters), .. Enumerable.Range(0, extraLayers).Select(_ => Separable(LastFilters, Padding2D.Same))])]);
    }

    private static ImmutableArray<Layer> Network(Shape image, int classes, Layer first, ImmutableArray<Layer> second) =>
    [
        new Input([.. image]),
        first,
        new MaxPooling2D(),
        .. second,
        new MaxPooling2D(),
        new Flatten(),
        new Dense(64) { Activation = Activations.Relu },
        new Dense(classes) { Activation = Activations.Softmax },
    ];

    private static Conv2D Standard(int filters) => new(filters, Kernel) { Activation = Activations.Relu };

    private static SeparableConv2D Separable(int filters, Padding2D? padding = null) =>
        new(filters, Kernel) { Activation = Activations.Relu, Padding = padding ?? Padding2D.Valid };
}
