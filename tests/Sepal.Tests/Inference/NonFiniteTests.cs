using System.Numerics.Tensors;
using Sepal.Inference;
using Sepal.Layers;
using Xunit;
using IActivation = Sepal.Operators.IActivation;

namespace Sepal.Tests.Inference;

/// <summary>NaN and infinities go through as IEEE 754 says: to every result that depends on them, and to no other.</summary>
public class NonFiniteTests
{
    private const int Side = 13;
    private const int Channels = 8;
    private const int Images = 3;

    // Image 1, row 5, column 7, channel 3.
    private const int Position = (((((1 * Side) + 5) * Side) + 7) * Channels) + 3;

    private static readonly Dictionary<string, Func<IActivation?, Layer[]>> Networks = new()
    {
        ["standard"] = activation => [new Conv2D(8, 3) { Padding = Padding2D.Same, Activation = activation }],
        ["standard, stride 2"] = activation => [new Conv2D(8, 3) { Strides = 2, Padding = Padding2D.Same, Activation = activation }],
        ["depthwise"] = activation => [new DepthwiseConv2D(3) { Padding = Padding2D.Same, Activation = activation }],
        ["depthwise, 5x5, stride 2"] = activation => [new DepthwiseConv2D(5) { Strides = 2, Padding = Padding2D.Same, Activation = activation }],
        ["pointwise"] = activation => [new Conv2D(24, 1) { Activation = activation }],
        ["average pooling"] = _ => [new AveragePooling2D(2)],
        ["classifier"] = activation => [new GlobalAveragePooling2D(), new Dense(5) { Activation = activation }],
        ["inverted residual"] = activation =>
        [
            new Conv2D(48, 1) { UseBias = false },
            new BatchNormalization(),
            .. Applied(activation),
            new DepthwiseConv2D(3) { Padding = Padding2D.Same, UseBias = false },
            new BatchNormalization(),
            .. Applied(activation),
            new Conv2D(8, 1),
        ],
    };

    private static readonly Dictionary<string, IActivation?> Functions = new()
    {
        ["none"] = null,
        ["relu"] = Activations.Relu,
        ["relu6"] = Activations.Relu6,
        ["hard swish"] = Activations.HardSwish,
        ["swish"] = Activations.Swish,
        ["sigmoid"] = Activations.Sigmoid,
    };

    public static MatrixTheoryData<string, string> Cases => new(Networks.Keys, Functions.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_nan_reaches_what_depends_on_it_and_nothing_else(string network, string function)
    {
        bool[] depends = Dependents(network);
        float[] ordinary = Run(network, function, Input(1));

        float[] results = Run(network, function, Input(float.NaN));

        Assert.Contains(true, depends);
        Assert.Contains(false, depends);
        for (int index = 0; index < results.Length; index++)
        {
            Assert.True(
                depends[index] ? float.IsNaN(results[index]) : results[index].Equals(ordinary[index]),
                $"result {index} is {results[index]}, {(depends[index] ? "but depends on the NaN" : $"but was {ordinary[index]} without it")}");
        }
    }

    [Theory]
    [InlineData("standard")]
    [InlineData("standard, stride 2")]
    [InlineData("depthwise")]
    [InlineData("depthwise, 5x5, stride 2")]
    [InlineData("pointwise")]
    [InlineData("average pooling")]
    [InlineData("classifier")]
    public void Sums_that_hold_an_infinity_are_infinite(string network)
    {
        float[] ordinary = Run(network, "none", Input(1));
        float[] more = Run(network, "none", Input(101));

        foreach (float infinity in (float[])[float.PositiveInfinity, float.NegativeInfinity])
        {
            float[] results = Run(network, "none", Input(infinity));

            for (int index = 0; index < results.Length; index++)
            {
                float expected = more[index] == ordinary[index] ? ordinary[index] : infinity * Math.Sign(more[index] - ordinary[index]);
                Assert.Equal(expected, results[index]);
            }
        }
    }

    [Theory]
    [InlineData("relu", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("relu", float.NegativeInfinity, 0)]
    [InlineData("relu6", float.PositiveInfinity, 6)]
    [InlineData("relu6", float.NegativeInfinity, 0)]
    [InlineData("sigmoid", float.PositiveInfinity, 1)]
    [InlineData("sigmoid", float.NegativeInfinity, 0)]
    [InlineData("hard swish", float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData("swish", float.PositiveInfinity, float.PositiveInfinity)]
    public void Functions_of_infinities_are_their_limits(string function, float input, float expected)
    {
        using Sequential model = [new Input(Side, Side, Channels), new Activation(Functions[function]!)];
        using var session = new InferenceSession(model);

        Assert.Equal(expected, SessionModels.Numbers(session.Run(Input(input)))[Position]);
    }

    [Fact]
    public void The_largest_of_a_window_with_an_infinity()
    {
        using Sequential model = [new Input(Side, Side, Channels), new GlobalMaxPooling2D()];
        using var session = new InferenceSession(model);
        float[] ordinary = SessionModels.Numbers(session.Run(Input(-1)));

        float[] results = SessionModels.Numbers(session.Run(Input(float.PositiveInfinity)));

        Assert.Equal(float.PositiveInfinity, results[Channels + 3]);
        Assert.Equal(ordinary.Where((_, index) => index != Channels + 3), results.Where((_, index) => index != Channels + 3));
        Assert.Equal(ordinary, SessionModels.Numbers(session.Run(Input(float.NegativeInfinity))));
    }

    /// <summary>Which results change with the number at the position, where nothing saturates.</summary>
    private static bool[] Dependents(string network)
    {
        float[] less = Run(network, "none", Input(1));
        float[] more = Run(network, "none", Input(101));
        return [.. less.Zip(more, (one, other) => one != other)];
    }

    private static float[] Run(string network, string function, Tensor<float> input)
    {
        using Sequential model = [new Input(Side, Side, Channels), .. Networks[network](Functions[function])];
        model.Initialize(5);
        using var session = new InferenceSession(model, new SessionOptions { Threads = 2 });
        return SessionModels.Numbers(session.Run(input));
    }

    private static Tensor<float> Input(float number)
    {
        var random = new Random(4);
        float[] numbers = [.. Enumerable.Range(0, Images * Side * Side * Channels).Select(_ => random.NextSingle() - 0.5f)];
        numbers[Position] = number;
        return Tensor.Create(numbers, [Images, Side, Side, Channels]);
    }

    private static Layer[] Applied(IActivation? function) => function is null ? [] : [new Activation(function)];
}
