using Sepal.Layers;

namespace Sepal.Tests.Costs;

/// <summary>The MNIST network of the Keras documentation, standard and separable.</summary>
internal static class MnistNetworks
{
    public static Sequential Standard() =>
    [
        new Input(28, 28, 1),
        new Conv2D(32, 3) { Activation = Activations.Relu },
        new MaxPooling2D(2),
        new Conv2D(64, 3) { Activation = Activations.Relu },
        new MaxPooling2D(2),
        new Flatten(),
        new Dense(64) { Activation = Activations.Relu },
        new Dense(10) { Activation = Activations.Softmax },
    ];

    public static Sequential Separable(int extraLayers) => new(
    [
        new Input(28, 28, 1),
        new SeparableConv2D(32, 3) { Activation = Activations.Relu },
        new MaxPooling2D(2),
        new SeparableConv2D(64, 3) { Activation = Activations.Relu },
        .. Enumerable.Range(0, extraLayers).Select(_ =>
            new SeparableConv2D(64, 3) { Padding = Padding2D.Same, Activation = Activations.Relu }),
        new MaxPooling2D(2),
        new Flatten(),
        new Dense(64) { Activation = Activations.Relu },
        new Dense(10) { Activation = Activations.Softmax },
    ]);
}
