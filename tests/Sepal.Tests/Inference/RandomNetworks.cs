using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.Inference.Rewrites;

namespace Sepal.Tests.Inference;

/// <summary>
/// Makes convolutional networks at random, of the parts that rewrites look for and of what is nearly such a part: convolutions of
/// every kind, normalisations, activations, residuals, squeeze-and-excitation, shuffles, pools, transposes.
/// </summary>
internal sealed class RandomNetworks
{
    // Defined everywhere and without jumps or steep growth: a last bit's difference must stay a small one.
    private static readonly UnaryFunction[] Smooth =
    [
        .. Enum.GetValues<UnaryFunction>().Except(
        [
            UnaryFunction.Exp, UnaryFunction.Log, UnaryFunction.Sqrt, UnaryFunction.Reciprocal, UnaryFunction.Sign, UnaryFunction.Floor,
            UnaryFunction.Ceiling, UnaryFunction.Round, UnaryFunction.Not,
        ]),
    ];

    private readonly RewriteBuilder _builder;
    private readonly Random _random;
    private readonly List<Value> _outputs = [];

    private RandomNetworks(int seed)
    {
        _builder = new RewriteBuilder(seed);
        _random = new Random(seed);
    }

    /// <summary>The network of a seed, and what has its numbers.</summary>
    public static (RewriteBuilder Builder, Graph Graph) Make(int seed)
    {
        var networks = new RandomNetworks(seed);
        return (networks._builder, networks.Make());
    }

    private Graph Make()
    {
        Value value = Stem();
        for (int blocks = _random.Next(1, 5); blocks > 0; blocks--)
        {
            value = Block(value);
            if (Chance(8))
            {
                _outputs.Add(value);
            }
        }

        _outputs.Add(Head(value));
        return _builder.Build([.. _outputs.Distinct()]);
    }

    private Value Stem()
    {
        (int height, int width) = (_random.Next(3, 20), _random.Next(3, 20));
        int channels = Pick(1, 3, 3, 4, 7, 16);
        Value image = Chance(2)
            ? _builder.Transpose(_builder.Input(channels, height, width), 0, 2, 3, 1)
            : _builder.Input(height, width, channels);
        return Chance(4) ? image : Finished(Convolve(Padded(image), Pick(3, 8, 13, 16, 24), 1));
    }

    private Value Block(Value image)
    {
        int channels = Channels(image);
        switch (_random.Next(8))
        {
            case 0:
                return Finished(Convolve(image, Pick(4, 9, 16, 33), 1));
            case 1:
                int groups = Pick(Divisors(channels));
                return Finished(Convolve(image, groups * _random.Next(1, 5), groups));
            case 2:
                return Pooled(image);
            case 3:
                return Shuffled(image);
            case 4 when channels % 2 == 0:
                return ShuffleUnit(image);
            case 5:
                return Finished(_builder.Dense(image, Pick(5, 16, 20)));
            default:
                return InvertedResidual(image);
        }
    }

    private Value InvertedResidual(Value image)
    {
        Value value = image;
        if (!Chance(4))
        {
            value = Finished(_builder.ConvolvePointwise(value, Channels(value) * _random.Next(1, 4), Chance(2)));
        }

        if (!Chance(5))
        {
            value = Finished(Convolve(Padded(value), Channels(value) * (Chance(4) ? _random.Next(2, 4) : 1), Channels(value)));
        }

        if (Chance(2))
        {
            value = Excited(value);
        }

        value = Normalized(_builder.ConvolvePointwise(value, Chance(2) ? Channels(image) : Pick(4, 10, 16, 17, 40), Chance(2)));
        if (value.Shape.Equals(image.Shape))
        {
            value = Chance(2) ? _builder.Sum(image, value) : _builder.Sum(value, image);
        }
        else if (Chance(3))
        {
            // Something else of the same shape, or a row for all pixels, which no convolution can add.
            Value other = Chance(2)
                ? _builder.ConvolvePointwise(value, Channels(value))
                : _builder.Parameter([Channels(value)]);
            value = _builder.Sum(value, other);
        }

        return Chance(2) ? Activated(value) : value;
    }

    private Value Excited(Value value)
    {
        Value squeezed = Chance(2)
            ? _builder.Pool(value)
            : _builder.Add(new Reduction(ReductionFunction.Mean, Chance(2) ? [1, 2] : [-2, -3]) { KeepDimensions = true }, value);
        Value narrow = Activated(_builder.ConvolvePointwise(squeezed, Pick(1, 4, 6)));
        Value gate = Gate(_builder.ConvolvePointwise(narrow, Channels(value)));
        return Chance(2) ? _builder.Product(value, gate) : _builder.Product(gate, value);
    }

    private Value Shuffled(Value image)
    {
        int channels = Channels(image);
        int groups = Pick(Divisors(channels));
        if (Chance(2))
        {
            return _builder.Add(new ChannelShuffle(groups), image);
        }

        // As exporters write it.
        (int height, int width) = ((int)image.Shape[1].Value, (int)image.Shape[2].Value);
        Value planar = _builder.Transpose(image, 0, 3, 1, 2);
        Value divided = _builder.Add(new Reshape([groups, channels / groups, height, width]), planar);
        Value swapped = _builder.Transpose(divided, 0, 2, 1, 3, 4);
        Value joined = _builder.Add(new Reshape([channels, height, width]), swapped);
        return _builder.Transpose(joined, 0, 2, 3, 1);
    }

    private Value ShuffleUnit(Value image)
    {
        int half = Channels(image) / 2;
        (Value left, Value right) = Halves(image, half);
        if (!Chance(4))
        {
            right = Finished(_builder.ConvolvePointwise(right, half));
        }

        Value joined = _builder.Add(new Concatenate(Chance(2) ? -1 : 3), left, right);
        Value shuffled = _builder.Add(new ChannelShuffle(2), joined);
        if (!Chance(2))
        {
            return shuffled;
        }

        (left, right) = Halves(shuffled, half);
        return _builder.Add(new Concatenate(-1), Activated(left), _builder.ConvolvePointwise(right, half));
    }

    private (Value Low, Value High) Halves(Value image, int half)
    {
        if (Chance(2))
        {
            Node split = _builder.AddNode(new Split(Chance(2) ? -1 : 3, [half, half]), image);
            return (split.Outputs[0], split.Outputs[1]);
        }

        Value Half(int from, long to) => _builder.Add(new Slice([from], [to], [Chance(2) ? -1 : 3], [1]), image);
        return (Half(0, half), Half(half, Chance(2) ? long.MaxValue : 2 * half));
    }

    private Value Pooled(Value image)
    {
        Size2D window = (_random.Next(1, 4), _random.Next(1, 4));
        var pooling = new Pooling(Chance(2) ? PoolingFunction.Average : PoolingFunction.Maximum, window)
        {
            Strides = (_random.Next(1, 3), _random.Next(1, 3)),
            Padding = Padding2D.Same,
        };
        return _builder.Add(pooling, image);
    }

    private Value Head(Value image)
    {
        Value value = Chance(4) ? image : _builder.Pool(image, keepDimensions: Chance(2));
        if (value.Spec.Rank == 4 && Chance(2))
        {
            value = _builder.Add(new Flatten(), value);
        }

        value = Finished(_builder.Dense(value, Pick(3, 10, 17), Chance(2)));
        return Chance(3) ? _builder.Add(new Softmax(), value) : value;
    }

    /// <summary>A convolution of a random kind of window that keeps at least a pixel.</summary>
    private Value Convolve(Value image, int filters, int groups)
    {
        (long height, long width) = (image.Shape[1].Value, image.Shape[2].Value);
        while (true)
        {
            var convolution = new Convolution(filters, (_random.Next(1, 6), _random.Next(1, 6)))
            {
                Strides = Chance(2) ? 1 : (_random.Next(1, 4), _random.Next(1, 4)),
                DilationRate = Chance(4) ? (_random.Next(1, 3), _random.Next(1, 3)) : 1,
                Padding = Pick(
                    Padding2D.Same,
                    Padding2D.Valid,
                    Padding2D.Explicit(_random.Next(3), _random.Next(3), _random.Next(3), _random.Next(3))),
                Groups = groups,
            };
            if (convolution.Padding.Mode == PaddingMode.Same
                || (((convolution.KernelSize.Height - 1) * convolution.DilationRate.Height) < height
                    && ((convolution.KernelSize.Width - 1) * convolution.DilationRate.Width) < width))
            {
                return _builder.Convolve(image, convolution, Chance(2));
            }
        }
    }

    private Value Padded(Value image) => _random.Next(4) switch
    {
        0 => _builder.Add(new ZeroPadding(Padding2D.Explicit(_random.Next(3), _random.Next(3), _random.Next(3), _random.Next(3))), image),
        1 => _builder.Add(new Pad(PadMode.Constant, [0, 1, _random.Next(3), 0], [0, _random.Next(2), 1, 0]), image),
        _ => image,
    };

    private Value Finished(Value value) => Chance(4) ? Normalized(value) : Activated(Normalized(value));

    private Value Normalized(Value value) => Chance(3) ? value : _builder.Normalize(value, Pick(1e-3f, 1e-5f));

    private Value Activated(Value value)
    {
        switch (_random.Next(6))
        {
            case 0:
                return _builder.Apply(UnaryFunction.Relu, value);
            case 1:
                return _builder.Apply(UnaryFunction.Relu6, value);
            case 2:
                Value gate = Gate(value);
                return Chance(2) ? _builder.Product(value, gate) : _builder.Product(gate, value);
            case 3:
                return _builder.Add(
                    new Unary(UnaryFunction.Clip)
                    {
                        Minimum = Chance(2) ? float.NegativeInfinity : -_random.NextSingle(),
                        Maximum = Chance(2) ? float.PositiveInfinity : _random.NextSingle(),
                    },
                    value);
            default:
                return _builder.Apply(Pick(Smooth), value);
        }
    }

    private Value Gate(Value value) => _builder.Apply(Chance(2) ? UnaryFunction.Sigmoid : UnaryFunction.HardSigmoid, value);

    private bool Chance(int of) => _random.Next(of) == 0;

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private static int Channels(Value value) => (int)value.Spec.Channels.Value;

    private static int[] Divisors(int count) => [.. Enumerable.Range(1, count).Where(divisor => count % divisor == 0)];
}
