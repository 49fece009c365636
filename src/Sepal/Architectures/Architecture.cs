using System.Collections.Immutable;
using System.Globalization;
using Sepal.Graphs;
using Sepal.Layers;

namespace Sepal.Architectures;

/// <summary>
/// A published network for classifying images: a description with options, from which <see cref="Build"/> makes a model.
/// Its input is <c>(batch, height, width, channels)</c>, its output <c>(batch, classes)</c>.
/// </summary>
/// <remarks>
/// Kernels start by He's rule (arXiv 1502.01852), each scaled by the inputs that one of its filters really sees and by the
/// activation after it, so that an untrained network's values keep an ordinary size from the first layer to the last.
/// Batch normalisation starts as the identity.
/// </remarks>
public abstract record Architecture
{
    private protected Architecture()
    {
    }

    /// <summary>The names of the published networks, as <see cref="Create"/> takes them.</summary>
    public static ImmutableArray<string> Names => Catalogue.Names;

    /// <summary>What the network is called on the command line, for example <c>mobilenet-v1-0.25</c>.</summary>
    public abstract string Name { get; }

    /// <summary>How many classes there are; 1000, as in ImageNet, where not given.</summary>
    public int Classes { get; init; } = 1000;

    /// <summary>The shape of one image: height, width, channels.</summary>
    public Shape InputShape { get; init; } = [224, 224, 3];

    /// <summary>
    /// What the paper's channels are multiplied by; the results are rounded to multiples of 8, as in the authors' code.
    /// </summary>
    public double Width { get; init; } = 1;

    /// <summary>
    /// The steps of the five places where the network halves its image, first to last; each class says which they are. Small
    /// images want ones at the first: <c>[1, 1, 2, 2, 2]</c>.
    /// </summary>
    public ImmutableArray<Size2D> Strides { get; init; } = [2, 2, 2, 2, 2];

    /// <summary>The share of features that training drops before the classifier; 0 for none.</summary>
    public float DropoutRate { get; init; }

    /// <summary>Applied to the classes' scores; null gives the scores themselves, the logits.</summary>
    public Operators.IActivation? ClassifierActivation { get; init; } = Activations.Softmax;

    /// <summary>The share of the moving statistics that a training step keeps.</summary>
    public float BatchNormalizationMomentum { get; init; } = 0.99f;

    /// <summary>What batch normalisation adds to the variance before the root.</summary>
    public float BatchNormalizationEpsilon { get; init; } = 1e-3f;

    /// <summary>Finds an architecture by its name.</summary>
    /// <param name="name">
    /// One of <see cref="Names"/>, or such a name with another width where the paper has a width multiplier:
    /// <c>mobilenet-v2-1.4</c>.
    /// </param>
    /// <returns>The architecture; change its options with <c>with</c>.</returns>
    /// <exception cref="SepalException">There is none of that name; the message says which is nearest.</exception>
    public static Architecture Create(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Catalogue.Find(name) ?? throw new SepalException(Catalogue.Unknown(name));
    }

    /// <summary>Finds an architecture by its name, if there is one.</summary>
    /// <param name="name">As for <see cref="Create"/>.</param>
    /// <param name="architecture">The architecture.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryCreate(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Architecture? architecture)
    {
        ArgumentNullException.ThrowIfNull(name);
        architecture = Catalogue.Find(name);
        return architecture is not null;
    }

    /// <summary>Makes the network, with parameters as their initialisers say under seed 0.</summary>
    /// <returns>The model.</returns>
    /// <exception cref="SepalException">An option is out of its range, or the image is too small.</exception>
    public Model Build() => new(BuildGraph());

    /// <summary>Makes the network's graph, without any numbers: enough to count what it costs.</summary>
    /// <returns>The graph.</returns>
    /// <exception cref="SepalException">An option is out of its range, or the image is too small.</exception>
    public Graph BuildGraph()
    {
        RequireOptions();
        var blocks = new Blocks(this);
        var input = new Input([.. InputShape]) { Name = "input" };
        LayerOutput features = Extract(blocks, input);
        features = new GlobalAveragePooling2D { Name = "pool" }.Apply(features);
        return ModelLowering.Lower([input], [blocks.Classifier(Embed(blocks, features))]);
    }

    /// <summary>Everything from the image to the last feature maps.</summary>
    private protected abstract LayerOutput Extract(Blocks blocks, LayerOutput image);

    /// <summary>What stands between the pooled features and the classifier, beside dropout.</summary>
    private protected virtual LayerOutput Embed(Blocks blocks, LayerOutput pooled) => pooled;

    /// <summary>Whether windows are padded by as much on every side, PyTorch's way, rather than by TensorFlow's rule.</summary>
    private protected virtual bool IsPaddedEvenly => false;

    /// <summary>The padding that keeps the size of an image under a window of odd size.</summary>
    internal Padding2D PaddingFor(Size2D kernelSize) => IsPaddedEvenly
        ? Padding2D.Explicit(kernelSize.Height / 2, kernelSize.Width / 2, kernelSize.Height / 2, kernelSize.Width / 2)
        : Padding2D.Same;

    /// <summary>The paper's channels times the width, rounded.</summary>
    private protected int Scaled(int channels) => ChannelRounding.ToMultipleOf8(channels * Width);

    /// <summary>Channels that widths below 1 leave as they are.</summary>
    private protected int ScaledUp(int channels) => ChannelRounding.ToMultipleOf8(channels * Math.Max(Width, 1));

    /// <summary>A name with the width behind it, unless that is 1.</summary>
    private protected string WithWidth(string name) => Width == 1 ? name : $"{name}-{WidthText}";

    /// <summary>The width with at least one decimal: 1.0, 0.25.</summary>
    private protected string WidthText => Width.ToString("0.0###############", CultureInfo.InvariantCulture);

    private protected virtual void RequireOptions()
    {
        if (Classes < 1)
        {
            throw Error($"it has {Classes} classes", "Give at least 1");
        }

        if (InputShape is not { Rank: 3 } || !InputShape[2].IsKnown || InputShape.Any(dimension => dimension is { IsKnown: true, Value: < 1 }))
        {
            throw Error($"its input has the shape {InputShape}", "Give height, width and channels of at least 1, for example [224, 224, 3]");
        }

        if (!(Width > 0 && double.IsFinite(Width)))
        {
            throw Error(string.Create(CultureInfo.InvariantCulture, $"its width is {Width}"), "Give a number above 0, for example 0.5");
        }

        if (Strides is not { IsDefault: false, Length: 5 } || Strides.Any(stride => stride.Height < 1 || stride.Width < 1))
        {
            string received = Strides.IsDefault ? "none" : $"[{string.Join(", ", Strides)}]";
            throw Error($"its strides are {received}", "Give five of at least 1, for example [2, 2, 2, 2, 2]");
        }

        if (!(DropoutRate is >= 0 and < 1))
        {
            throw Error(string.Create(CultureInfo.InvariantCulture, $"its dropout rate is {DropoutRate}"), "Give one from 0 to below 1");
        }
    }

    private protected SepalException Error(string problem, string remedy) => new($"{GetType().Name}: {problem}. {remedy}.");
}
