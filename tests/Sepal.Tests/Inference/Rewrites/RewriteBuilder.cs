using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Tests.Inference.Rewrites;

/// <summary>Builds graphs for rewrites node by node, and keeps random numbers for their inputs and parameters.</summary>
internal sealed class RewriteBuilder(int seed = 1)
{
    private readonly GraphBuilder _builder = new();
    private readonly Dictionary<string, Shape> _inputs = [];
    private int _names;

    public Random Random { get; } = new(seed);

    /// <summary>The numbers of parameters, by name.</summary>
    public Dictionary<string, float[]> Parameters { get; } = [];

    /// <summary>An input; the batch comes before the given dimensions.</summary>
    public Value Input(params int[] shape)
    {
        var whole = new Shape([.. shape.Select(dimension => (Dimension)dimension)]);
        Value input = _builder.Input($"input_{_names++}", new TensorSpec(whole.WithBatch()));
        _inputs.Add(input.Name, whole);
        return input;
    }

    /// <summary>A parameter between two bounds.</summary>
    public Parameter Parameter(int[] shape, float low = -1, float high = 1)
    {
        float[] numbers = TestNumbers.Uniform(Random, TestNumbers.Length(shape), low, high);
        Parameter parameter = _builder.Parameter($"parameter_{_names++}", [.. shape.Select(dimension => (Dimension)dimension)], new Given(numbers));
        Parameters.Add(parameter.Name, numbers);
        return parameter;
    }

    /// <summary>A constant of floats.</summary>
    public ConstantValue Constant(int[] shape, params float[] numbers) => _builder.Constant(
        $"constant_{_names++}",
        TensorData.Of<float>([.. shape.Select(dimension => (Dimension)dimension)], ElementType.Float32, numbers));

    public Value Add(Operator @operator, params Value[] inputs) => AddNode(@operator, inputs).Output;

    public Node AddNode(Operator @operator, params Value[] inputs) => _builder.Add($"node_{_names++}", @operator, [.. inputs]);

    /// <summary>A convolution with numbers that keep the size of what it reads.</summary>
    public Value Convolve(Value image, Convolution convolution, bool hasBias = true)
    {
        int channels = (int)image.Spec.Channels.Value / convolution.Groups;
        Parameter kernel = Kernel(
            [convolution.KernelSize.Height, convolution.KernelSize.Width, channels, convolution.Filters],
            convolution.KernelSize.Height * convolution.KernelSize.Width * channels);
        return hasBias ? Add(convolution, image, kernel, Parameter([convolution.Filters])) : Add(convolution, image, kernel);
    }

    /// <summary>A depthwise convolution of three by three that keeps the image's size.</summary>
    public Value ConvolveDepthwise(Value image, int strides = 1) => Convolve(image, new Convolution((int)image.Spec.Channels.Value, 3)
    {
        Groups = (int)image.Spec.Channels.Value,
        Strides = strides,
        Padding = Padding2D.Explicit(1, 1, 1, 1),
    });

    /// <summary>A pointwise convolution.</summary>
    public Value ConvolvePointwise(Value image, int filters, bool hasBias = true) => Convolve(image, new Convolution(filters, 1), hasBias);

    public Value Dense(Value data, int units, bool hasBias = true)
    {
        int channels = (int)data.Spec.Channels.Value;
        Parameter kernel = Kernel([channels, units], channels);
        return hasBias ? Add(new Dense(units), data, kernel, Parameter([units])) : Add(new Dense(units), data, kernel);
    }

    public Value Normalize(Value value, float epsilon = 1e-3f)
    {
        int channels = (int)value.Spec.Channels.Value;
        return Add(
            new BatchNormalization { Epsilon = epsilon },
            value,
            Parameter([channels]),
            Parameter([channels]),
            Parameter([channels]),
            Parameter([channels], 0.5f, 2));
    }

    public Value Apply(UnaryFunction function, Value value) => Add(new Unary(function), value);

    public Value Sum(Value left, Value right) => Add(new Binary(BinaryFunction.Add), left, right);

    public Value Product(Value left, Value right) => Add(new Binary(BinaryFunction.Multiply), left, right);

    /// <summary>The mean of every image and channel.</summary>
    public Value Pool(Value image, bool keepDimensions = true) =>
        Add(new GlobalPooling(PoolingFunction.Average) { KeepDimensions = keepDimensions }, image);

    public Value Transpose(Value value, params int[] permutation) => Add(new Transpose([.. permutation]), value);

    public Graph Build(params Value[] outputs) => _builder.Build(outputs);

    /// <summary>Inputs for a batch, and the parameters.</summary>
    public Dictionary<string, float[]> Values(int batch)
    {
        var random = new Random(seed + batch);
        var values = new Dictionary<string, float[]>(Parameters);
        foreach ((string name, Shape shape) in _inputs)
        {
            values.Add(name, TestNumbers.Uniform(random, batch * shape.ElementCount.Value));
        }

        return values;
    }

    /// <summary>The same with one image of the batch alone.</summary>
    public Dictionary<string, float[]> Image(Dictionary<string, float[]> values, int image)
    {
        var alone = new Dictionary<string, float[]>(Parameters);
        foreach ((string name, Shape shape) in _inputs)
        {
            int length = (int)shape.ElementCount.Value;
            alone.Add(name, values[name].AsSpan(image * length, length).ToArray());
        }

        return alone;
    }

    private Parameter Kernel(int[] shape, int fan)
    {
        float bound = MathF.Sqrt(3f / fan);
        return Parameter(shape, -bound, bound);
    }
}
