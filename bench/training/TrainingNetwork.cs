using System.Collections.Immutable;
using Sepal.Architectures;
using Sepal.Layers;

namespace Sepal.TrainingSpeed;

/// <summary>A network whose training is measured.</summary>
/// <param name="Name">What it is called in options and reports.</param>
/// <param name="Batch">Examples a step.</param>
/// <param name="Build">Makes it.</param>
/// <param name="LibtorchMilliseconds">
/// What a step took libtorch 2.10 (TorchSharp 0.107) on one and on two threads, on a machine whose core did
/// <see cref="LibtorchPeakGflops"/>.
/// </param>
internal sealed record TrainingNetwork(string Name, int Batch, Func<Model> Build, ImmutableArray<double> LibtorchMilliseconds)
{
    /// <summary>The multiply-add peak of a core of the machine that libtorch was measured on.</summary>
    public const double LibtorchPeakGflops = 167;

    private const int Classes = 10;

    public static ImmutableArray<TrainingNetwork> All { get; } =
    [
        new("mnist-standard", 32, () => Mnist(new Conv2D(32, 3) { Activation = Activations.Relu }, new Conv2D(64, 3) { Activation = Activations.Relu }), [17.7, 10.0]),
        new(
            "mnist-separable",
            32,
            () => Mnist(new SeparableConv2D(32, 3) { Activation = Activations.Relu }, new SeparableConv2D(64, 3) { Activation = Activations.Relu }),
            [15.5, 9.2]),
        new(
            "mobilenet-v1-32",
            64,
            () => new MobileNetV1 { InputShape = [32, 32, 3], Strides = [1, 1, 2, 2, 2], Classes = Classes, DropoutRate = 0 }.Build(),
            [2219, 1096]),
        new(
            "mobilenet-v1-0.25-96",
            32,
            () => new MobileNetV1 { InputShape = [96, 96, 3], Width = 0.25, Classes = Classes, DropoutRate = 0 }.Build(),
            [130, 78]),
    ];

    /// <summary>Finds a network.</summary>
    /// <exception cref="SepalException">There is none of that name.</exception>
    public static TrainingNetwork Find(string name) =>
        All.FirstOrDefault(network => network.Name == name)
        ?? throw new SepalException($"There is no network '{name}'. Give one of {string.Join(", ", All.Select(network => network.Name))}.");

    /// <summary>Libtorch's time divided by ours, each in units of its machine's peak; null for other numbers of threads.</summary>
    /// <param name="threads">Threads that computed.</param>
    /// <param name="milliseconds">Our time.</param>
    /// <param name="corePeakGflops">The peak of one core, measured beside it.</param>
    public double? SpeedUp(int threads, double milliseconds, double corePeakGflops) => threads <= LibtorchMilliseconds.Length
        ? LibtorchMilliseconds[threads - 1] * LibtorchPeakGflops / (milliseconds * corePeakGflops)
        : null;

    private static Sequential Mnist(Layer first, Layer second) =>
    [
        new Input(28, 28, 1),
        first,
        new MaxPooling2D(),
        second,
        new MaxPooling2D(),
        new Flatten(),
        new Dense(64) { Activation = Activations.Relu },
        new Dense(Classes) { Activation = Activations.Softmax },
    ];
}
