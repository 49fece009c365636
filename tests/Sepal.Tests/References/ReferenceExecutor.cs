using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.References;

/// <summary>
/// Runs a model's graph the slow way, one multiply at a time, and counts the multiplies of convolutions and dense layers as it
/// performs them. It takes no shape from the graph but the input's: images are copied with their padding, and windows go as far as
/// they fit.
/// </summary>
internal sealed class ReferenceExecutor(Model model)
{
    private readonly Dictionary<Value, Tensor> _values = [];
    private readonly Dictionary<Node, long> _multiplies = [];
    private long _counted;

    /// <summary>The multiplies that each node of the last run performed.</summary>
    public IReadOnlyDictionary<Node, long> Multiplies => _multiplies;

    /// <summary>Runs the graph on its only input.</summary>
    /// <param name="input">The elements of a batch of images, in NHWC order.</param>
    /// <param name="shape">Images, height, width, channels.</param>
    /// <returns>The elements of the only output.</returns>
    public double[] Run(float[] input, int[] shape)
    {
        foreach (Parameter parameter in model.Graph.Parameters)
        {
            _values[parameter] = new Tensor(
                [.. model.GetParameter(parameter).ToArray().Select(value => (double)value)],
                [.. parameter.Shape.Select(dimension => (int)dimension.Value)]);
        }

        _values[model.Graph.Inputs[0]] = new Tensor([.. input.Select(value => (double)value)], shape);
        foreach (Node node in model.Graph.Nodes)
        {
            _counted = 0;
            _values[node.Output] = Compute(node.Operator, [.. node.Inputs.Select(value => _values[value])]);
            _multiplies[node] = _counted;
        }

        return _values[model.Graph.Outputs[0]].Elements;
    }

    private Tensor Compute(Operator @operator, Tensor[] inputs) => @operator switch
    {
        Convolution convolution => Convolve(convolution, inputs),
        Dense => Multiply(inputs),
        Unary unary => inputs[0] with { Elements = [.. inputs[0].Elements.Select(value => ReferenceUnary.Apply(unary, value))] },
        Binary binary => new Tensor(
            ReferenceBinary.Forward(binary.Function, inputs[0].Elements, inputs[0].Shape, inputs[1].Elements, inputs[1].Shape),
            ReferenceBinary.Shape(inputs[0].Shape, inputs[1].Shape)),
        BatchNormalization normalization => inputs[0] with
        {
            Elements = ReferenceBatchNormalization.Forward(
                inputs[0].Elements, inputs[1].Elements, inputs[2].Elements, inputs[3].Elements, inputs[4].Elements, normalization.Epsilon),
        },
        GlobalPooling pooling => Average(pooling, inputs[0]),
        _ => throw new NotSupportedException($"The reference does not run {@operator.Name}."),
    };

    private Tensor Convolve(Convolution convolution, Tensor[] inputs)
    {
        Tensor image = Pad(inputs[0], convolution);
        Tensor kernel = inputs[1];
        (int stepDown, int stepAcross) = (convolution.Strides.Height, convolution.Strides.Width);
        (int down, int across) = (convolution.DilationRate.Height, convolution.DilationRate.Width);
        int height = Fits(image.Shape[1], kernel.Shape[0], down, stepDown);
        int width = Fits(image.Shape[2], kernel.Shape[1], across, stepAcross);
        int filters = kernel.Shape[3];
        int filtersOfGroup = filters / convolution.Groups;
        var output = new Tensor(new double[image.Shape[0] * height * width * filters], [image.Shape[0], height, width, filters]);
        foreach ((int picture, int row, int column, int filter) in output.Positions())
        {
            double sum = inputs.Length > 2 ? inputs[2].Elements[filter] : 0;
            int first = filter / filtersOfGroup * kernel.Shape[2];
            foreach ((int tapDown, int tapAcross, int channel) in
                from tapDown in Enumerable.Range(0, kernel.Shape[0])
                from tapAcross in Enumerable.Range(0, kernel.Shape[1])
                from channel in Enumerable.Range(0, kernel.Shape[2])
                select (tapDown, tapAcross, channel))
            {
                sum += Product(
                    image[picture, (row * stepDown) + (tapDown * down), (column * stepAcross) + (tapAcross * across), first + channel],
                    kernel[tapDown, tapAcross, channel, filter]);
            }

            output[picture, row, column, filter] = sum;
        }

        return output;
    }

    private Tensor Multiply(Tensor[] inputs)
    {
        int terms = inputs[1].Shape[0];
        int units = inputs[1].Shape[1];
        double[] output = new double[inputs[0].Elements.Length / terms * units];
        for (int index = 0; index < output.Length; index++)
        {
            (int row, int unit) = Math.DivRem(index, units);
            double sum = inputs.Length > 2 ? inputs[2].Elements[unit] : 0;
            for (int term = 0; term < terms; term++)
            {
                sum += Product(inputs[0].Elements[(row * terms) + term], inputs[1].Elements[(term * units) + unit]);
            }

            output[index] = sum;
        }

        return new Tensor(output, [.. inputs[0].Shape[..^1], units]);
    }

    private double Product(double left, double right)
    {
        _counted++;
        return left * right;
    }

    private static Tensor Average(GlobalPooling pooling, Tensor image)
    {
        Assert.Equal(PoolingFunction.Average, pooling.Function);
        (int pictures, int pixels, int channels) = (image.Shape[0], image.Shape[1] * image.Shape[2], image.Shape[3]);
        double[] means = new double[pictures * channels];
        for (int index = 0; index < image.Elements.Length; index++)
        {
            means[(index / (pixels * channels) * channels) + (index % channels)] += image.Elements[index] / pixels;
        }

        return new Tensor(means, pooling.KeepDimensions ? [pictures, 1, 1, channels] : [pictures, channels]);
    }

    /// <summary>How many windows of taps with these distances lie one after the other in a length.</summary>
    private static int Fits(int length, int taps, int dilation, int stride)
    {
        int count = 0;
        while ((count * stride) + ((taps - 1) * dilation) < length)
        {
            count++;
        }

        return count;
    }

    private static Tensor Pad(Tensor image, Convolution convolution)
    {
        Padding2D padding = convolution.Padding;
        (int top, int bottom) = padding.Mode == PaddingMode.Same
            ? Same(image.Shape[1], convolution.KernelSize.Height, convolution.DilationRate.Height, convolution.Strides.Height)
            : (padding.Top, padding.Bottom);
        (int left, int right) = padding.Mode == PaddingMode.Same
            ? Same(image.Shape[2], convolution.KernelSize.Width, convolution.DilationRate.Width, convolution.Strides.Width)
            : (padding.Left, padding.Right);
        int[] shape = [image.Shape[0], image.Shape[1] + top + bottom, image.Shape[2] + left + right, image.Shape[3]];
        var padded = new Tensor(new double[shape.Aggregate(1, (product, extent) => product * extent)], shape);
        foreach ((int picture, int row, int column, int channel) in image.Positions())
        {
            padded[picture, row + top, column + left, channel] = image[picture, row, column, channel];
        }

        return padded;
    }

    /// <summary>The least padding with which ⌈length / stride⌉ windows fit; an odd one goes behind.</summary>
    private static (int Before, int Behind) Same(int length, int taps, int dilation, int stride)
    {
        int all = 0;
        while (Fits(length + all, taps, dilation, stride) < (length + stride - 1) / stride)
        {
            all++;
        }

        return (all / 2, all - (all / 2));
    }

    private sealed record Tensor(double[] Elements, int[] Shape)
    {
        public double this[int a, int b, int c, int d]
        {
            get => Elements[Index(a, b, c, d)];
            set => Elements[Index(a, b, c, d)] = value;
        }

        public IEnumerable<(int A, int B, int C, int D)> Positions() =>
            from a in Enumerable.Range(0, Shape[0])
            from b in Enumerable.Range(0, Shape[1])
            from c in Enumerable.Range(0, Shape[2])
            from d in Enumerable.Range(0, Shape[3])
            select (a, b, c, d);

        // An index outside an axis would only be noticed outside the whole.
        private int Index(int a, int b, int c, int d) => a < Shape[0] && b < Shape[1] && c < Shape[2] && d < Shape[3]
            ? (((((a * Shape[1]) + b) * Shape[2]) + c) * Shape[3]) + d
            : throw new ArgumentOutOfRangeException(nameof(a), $"[{a}, {b}, {c}, {d}] in [{string.Join(", ", Shape)}]");
    }
}
