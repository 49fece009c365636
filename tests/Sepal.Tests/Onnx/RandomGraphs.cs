using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Tests.Onnx;

/// <summary>Makes graphs of Sepal's operators at random: every operator, with random shapes and attributes, joined at random.</summary>
internal sealed class RandomGraphs
{
    private const long MostElements = 4000;

    // Defined everywhere and without jumps or steep growth: a last bit's difference must stay a small one.
    private static readonly UnaryFunction[] Smooth =
    [
        .. Enum.GetValues<UnaryFunction>().Except(
        [
            UnaryFunction.Exp, UnaryFunction.Log, UnaryFunction.Sqrt, UnaryFunction.Reciprocal, UnaryFunction.Sign, UnaryFunction.Floor,
            UnaryFunction.Ceiling, UnaryFunction.Round, UnaryFunction.Not,
        ]),
    ];

    private readonly Random _random;
    private readonly GraphBuilder _builder = new();
    private readonly List<Value> _values = [];
    private int _parameters;

    private RandomGraphs(int seed)
    {
        _random = new Random(seed);
    }

    /// <summary>The graph of a seed.</summary>
    public static Graph Make(int seed) => new RandomGraphs(seed).Make();

    private Graph Make()
    {
        int inputs = _random.Next(4) == 0 ? 2 : 1;
        for (int index = 0; index < inputs; index++)
        {
            Shape shape = _random.Next(5) switch
            {
                0 => [Size(20)],
                1 => [Size(7), Size(9)],
                _ => [Size(13), Size(13), Size(9)],
            };
            _values.Add(_builder.Input($"input_{index}", new TensorSpec(shape.WithBatch())));
        }

        int nodes = _random.Next(3, 13);
        for (int attempt = 0, made = 0; made < nodes && attempt < 200; attempt++)
        {
            Value value = _values[_random.Next(_values.Count)];
            if (Grow(value, $"block_{made / 3}/node_{made}") is { } grown)
            {
                _values.Add(grown);
                made++;
            }
        }

        // Everything is looked at: what nothing reads is an output, and so are some of the others, now and then an input too.
        HashSet<Value> read = [.. _builder.Build([.. _values]).Nodes.SelectMany(node => node.Inputs)];
        return _builder.Build([.. _values.Where(value => !read.Contains(value) || _random.Next(3) == 0)]);
    }

    private Value? Grow(Value value, string name)
    {
        (Operator? made, Value[] others) = value.Spec.Rank == 4 && _random.Next(3) > 0 ? OverImages(value) : OverAny(value);
        if (made is null)
        {
            return null;
        }

        Value[] inputs = [value, .. others];
        try
        {
            Shape shape = made.InferOutputs(new OperatorCall(name, made, [.. inputs.Select(input => input.Spec)]))[0].Shape;
            return shape.WithoutBatch().ElementCount.Value > MostElements ? null : _builder.Add(name, made, [.. inputs]).Output;
        }
        catch (GraphException)
        {
            // A window larger than its image, or too much padding: not a graph, so try something else.
            return null;
        }
    }

    private (Operator? Operator, Value[] Others) OverImages(Value image)
    {
        int channels = (int)image.Spec.Channels.Value;
        switch (_random.Next(7))
        {
            case 0 or 1:
                int[] divisors = [.. Enumerable.Range(1, channels).Where(count => channels % count == 0)];
                int groups = divisors[_random.Next(divisors.Length)];
                var convolution = new Convolution(groups * _random.Next(1, 4), (_random.Next(1, 5), _random.Next(1, 5)))
                {
                    Strides = (_random.Next(1, 4), _random.Next(1, 4)),
                    DilationRate = _random.Next(3) == 0 ? (_random.Next(1, 4), _random.Next(1, 4)) : 1,
                    Padding = Padding(4),
                    Groups = groups,
                };
                Parameter kernel = Parameter(
                    [convolution.KernelSize.Height, convolution.KernelSize.Width, channels / groups, convolution.Filters],
                    convolution.KernelSize.Area * channels / groups);
                return (convolution, _random.Next(3) == 0 ? [kernel] : [kernel, Parameter([convolution.Filters])]);
            case 2:
                Size2D window = (_random.Next(1, 5), _random.Next(1, 5));
                PoolingFunction function = _random.Next(2) == 0 ? PoolingFunction.Maximum : PoolingFunction.Average;
                return (new Pooling(function, window) { Strides = (_random.Next(1, 4), _random.Next(1, 4)), Padding = Padding(3) }, []);
            case 3:
                function = _random.Next(2) == 0 ? PoolingFunction.Maximum : PoolingFunction.Average;
                return (new GlobalPooling(function) { KeepDimensions = _random.Next(2) == 0 }, []);
            case 4:
                return (new ZeroPadding(Padding2D.Explicit(_random.Next(3), _random.Next(3), _random.Next(3), _random.Next(3))), []);
            case 5:
                // As in squeeze and excitation: one number a channel, or a mask over pixels.
                Shape[] shapes = [[channels], [1, 1, channels], [image.Shape[1], 1, 1], [image.Shape[1], image.Shape[2], 1], [1, 1, 1, channels]];
                return (Binary(), [Parameter(shapes[_random.Next(shapes.Length)])]);
            default:
                return (new Flatten(), []);
        }
    }

    private (Operator? Operator, Value[] Others) OverAny(Value value)
    {
        int channels = (int)value.Spec.Channels.Value;
        int last = value.Spec.Rank - 1;
        switch (_random.Next(13))
        {
            case 12:
                int[] divisors = [.. Enumerable.Range(1, channels).Where(count => channels % count == 0)];
                return (new ChannelShuffle(Pick(divisors)), []);
            case 10:
                return (new Transpose([0, .. Shuffled(last)]), []);
            case 11:
                ReductionFunction[] functions = [ReductionFunction.Mean, ReductionFunction.Sum, ReductionFunction.Maximum, ReductionFunction.Minimum, ReductionFunction.L1];
                return last < 2
                    ? (null, [])
                    : (new Reduction(Pick(functions), [.. Shuffled(last).Take(Size(last - 1))]) { KeepDimensions = _random.Next(2) == 0 }, []);
            case 0 or 1:
                return (
                    new Unary(Pick(Smooth))
                    {
                        Minimum = _random.Next(2) == 0 ? float.NegativeInfinity : -_random.NextSingle(),
                        Maximum = _random.Next(2) == 0 ? float.PositiveInfinity : _random.NextSingle(),
                    },
                    []);
            case 2:
                Parameter kernel = Parameter([channels, Size(12)], channels);
                return (new Dense((int)kernel.Shape[1].Value), _random.Next(2) == 0 ? [kernel] : [kernel, Parameter([kernel.Shape[1]])]);
            case 3:
                return (
                    new BatchNormalization { Epsilon = _random.Next(2) == 0 ? 1e-3f : 1e-5f },
                    [Parameter([channels]), Parameter([channels]), Parameter([channels]), Parameter([channels], low: 0.5f, high: 2)]);
            case 4:
                return (new Softmax { Axis = _random.Next(2) == 0 ? -1 : Size(last), Logarithmic = _random.Next(3) == 0 }, []);
            case 5:
                return (new Rescaling(_random.NextSingle() + 0.5f, _random.Next(2) == 0 ? 0 : _random.NextSingle()), []);
            case 6:
                return (new Dropout(_random.NextSingle() * 0.9f), []);
            case 7:
                return (new Reshape(Factors(value.Shape.WithoutBatch().ElementCount.Value)), []);
            case 8:
                Value[] equal = [.. _values.Where(other => other.Shape.Equals(value.Shape))];
                Value[] pooled = [.. _values.Where(other => other.Spec.Rank == 4 && value.Spec.Rank == 4
                    && other.Shape[1] == 1 && other.Shape[2] == 1 && other.Shape[3] == value.Shape[3])];
                return (Binary(), [Pick([.. equal, .. pooled])]);
            default:
                int axis = _random.Next(1, value.Spec.Rank);
                Value[] fitting = [.. _values.Where(other => other.Spec.Rank == value.Spec.Rank
                    && Enumerable.Range(0, value.Spec.Rank).All(index => index == axis || other.Shape[index] == value.Shape[index]))];
                return (
                    new Concatenate(_random.Next(2) == 0 ? axis : axis - value.Spec.Rank),
                    [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Pick(fitting))]);
        }
    }

    private int Size(int most) => _random.Next(1, most + 1);

    /// <summary>The axes from 1 to a last one in random order.</summary>
    private int[] Shuffled(int last)
    {
        int[] axes = [.. Enumerable.Range(1, last)];
        _random.Shuffle(axes);
        return axes;
    }

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private Binary Binary() => new(Pick(
        [BinaryFunction.Add, BinaryFunction.Multiply, BinaryFunction.Subtract, BinaryFunction.Minimum, BinaryFunction.Maximum]));

    private Padding2D Padding(int most) => _random.Next(3) switch
    {
        0 => Padding2D.Valid,
        1 => Padding2D.Same,
        _ => Padding2D.Explicit(_random.Next(most), _random.Next(most), _random.Next(most), _random.Next(most)),
    };

    /// <summary>A shape of so many elements and of one to four dimensions, one of them now and then to be computed.</summary>
    private Shape Factors(long count)
    {
        var factors = new List<Dimension>();
        for (int rank = _random.Next(4); rank > 0; rank--)
        {
            long[] divisors = [.. Enumerable.Range(1, (int)Math.Min(count, 64)).Where(divisor => count % divisor == 0).Select(divisor => (long)divisor)];
            long factor = Pick(divisors);
            factors.Add(factor);
            count /= factor;
        }

        factors.Insert(_random.Next(factors.Count + 1), _random.Next(3) == 0 ? -1 : count);
        return [.. factors];
    }

    private Parameter Parameter(Shape shape, long fan = 1, float low = -1, float high = 1)
    {
        var numbers = new float[shape.ElementCount.Value];
        for (int index = 0; index < numbers.Length; index++)
        {
            numbers[index] = (low + ((high - low) * _random.NextSingle())) * MathF.Sqrt(3f / Math.Max(fan, 3));
        }

        return _builder.Parameter($"parameter_{_parameters++}", shape, new Given(numbers));
    }
}
