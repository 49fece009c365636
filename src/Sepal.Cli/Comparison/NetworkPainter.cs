using System.Collections.Immutable;
using System.Globalization;
using System.Numerics.Tensors;
using Sepal.Data;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Cli.Comparison;

/// <summary>Draws what a network learnt: its first filters, and what its convolutions make of an image.</summary>
/// <param name="dataset">Where the image is from.</param>
/// <param name="index">Which image.</param>
internal sealed class NetworkPainter(IdxDataset dataset, int index)
{
    private const int MapsShown = 8;

    // The ends of a scale that stays readable for the colour-blind: blue for negative, orange for positive weights.
    private static readonly (float Red, float Green, float Blue) Negative = (0, 114, 178);
    private static readonly (float Red, float Green, float Blue) Positive = (213, 94, 0);

    /// <summary>Draws a network.</summary>
    /// <param name="model">The network, trained.</param>
    /// <returns>The pictures.</returns>
    public NetworkPictures Draw(Model model)
    {
        Tensor<float> input = Input();
        Node[] convolutions = [.. model.Graph.Nodes.Where(node => node.Operator is Convolution)];
        ImmutableArray<PictureRow> maps =
        [
            Maps(model, convolutions[0].LayerName, input, "first"),
            Maps(model, convolutions[^1].LayerName, input, "last"),
        ];
        return new NetworkPictures(InputPicture(), Answer(model, input), Filters(model, convolutions[0]), maps);
    }

    private Tensor<float> Input()
    {
        float[] values = new float[dataset.Image(index).Length];
        dataset.Read([index], values, new float[1]);
        return Tensor.Create(values, [1, .. dataset.InputShape.Select(extent => (nint)extent.Value)]);
    }

    private string InputPicture()
    {
        ReadOnlySpan<byte> image = dataset.Image(index);
        int height = (int)dataset.InputShape[0].Value;
        int width = (int)dataset.InputShape[1].Value;
        int channels = image.Length / (height * width);
        return PngImage.DataUri(channels == 3 ? image : Channel(image, channels), width, height);
    }

    private string Answer(Model model, Tensor<float> input)
    {
        float[] shares = [.. model.Predict(input, threads: 1)];
        int answer = Array.IndexOf(shares, shares.Max());
        string truth = answer == dataset.Label(index) ? "rightly" : $"wrongly (it is {dataset.ClassNames[dataset.Label(index)]})";
        return string.Create(
            CultureInfo.InvariantCulture, $"{dataset.ClassNames[answer]}, {truth}, {100 * shares[answer]:0.0} % sure");
    }

    /// <summary>
    /// The filters as they act on the image's first channel. A separable layer's are its depthwise filter times each
    /// pointwise weight: that they are multiples of one another is what there is to see.
    /// </summary>
    private static PictureRow Filters(Model model, Node first)
    {
        var kernel = (Parameter)first.Inputs[1];
        int height = (int)kernel.Shape[0].Value;
        int width = (int)kernel.Shape[1].Value;
        float[] weights = model.GetParameter(kernel).ToArray();
        int channels = (int)first.Inputs[0].Spec.Channels.Value;
        Node? pointwise = model.Graph.Nodes.FirstOrDefault(node => node.Name == $"{first.LayerName}/pointwise");
        float[] mix = pointwise is null ? [] : model.GetParameter((Parameter)pointwise.Inputs[1]).ToArray();
        int filters = pointwise is null ? (int)kernel.Shape[3].Value : mix.Length / channels;
        int stride = weights.Length / (height * width);
        float[][] effective =
        [
            .. Enumerable.Range(0, filters).Select(filter => Enumerable.Range(0, height * width)
                .Select(tap => pointwise is null ? weights[(tap * stride) + filter] : weights[tap * stride] * mix[filter]).ToArray()),
        ];
        float largest = effective.Max(filter => filter.Max(MathF.Abs));
        string caption = (pointwise is not null, channels) switch
        {
            (false, 1) => string.Create(CultureInfo.InvariantCulture, $"First layer: {filters} different {height}×{width} filters"),
            (true, 1) => string.Create(CultureInfo.InvariantCulture, $"First layer: one {height}×{width} filter, and {filters} multiples of it"),
            _ => string.Create(CultureInfo.InvariantCulture, $"First layer: {filters} {height}×{width} filters, on the first of {channels} channels"),
        };
        return new PictureRow(
            caption, [.. effective.Select(filter => PngImage.DataUri(Diverging(filter, largest), width, height))]);
    }

    private static PictureRow Maps(Model model, string layer, Tensor<float> input, string place)
    {
        Node last = model.Graph.Nodes.Last(node => node.LayerName == layer);
        Tensor<float> activation = model.Activation(last.Name, input);
        int height = (int)activation.Lengths[1];
        int width = (int)activation.Lengths[2];
        int channels = (int)activation.Lengths[3];
        float[] values = [.. activation];
        float[][] maps = [.. Enumerable.Range(0, channels).Select(channel => Channel<float>(values, channels, channel))];
        float largest = Math.Max(values.Max(), float.Epsilon);
        ImmutableArray<string> pictures =
        [
            .. maps.OrderByDescending(map => map.Sum()).Take(MapsShown).Select(map =>
                PngImage.DataUri([.. map.Select(value => (byte)(255 * Math.Clamp(value / largest, 0, 1)))], width, height)),
        ];
        return new PictureRow(
            string.Create(
                CultureInfo.InvariantCulture,
                $"After the {place} convolution: the {pictures.Length} strongest of {channels} maps, {height}×{width}"),
            pictures);
    }

    private static byte[] Diverging(float[] weights, float largest)
    {
        byte[] pixels = new byte[3 * weights.Length];
        for (int tap = 0; tap < weights.Length; tap++)
        {
            float strength = largest > 0 ? MathF.Abs(weights[tap]) / largest : 0;
            (float red, float green, float blue) = weights[tap] < 0 ? Negative : Positive;
            pixels[3 * tap] = Mix(red, strength);
            pixels[(3 * tap) + 1] = Mix(green, strength);
            pixels[(3 * tap) + 2] = Mix(blue, strength);
        }

        return pixels;
    }

    /// <summary>From white at 0 to a colour at 1.</summary>
    private static byte Mix(float colour, float strength) => (byte)MathF.Round(255 + ((colour - 255) * strength));

    private static T[] Channel<T>(ReadOnlySpan<T> values, int channels, int channel = 0)
    {
        var result = new T[values.Length / channels];
        for (int position = 0; position < result.Length; position++)
        {
            result[position] = values[(position * channels) + channel];
        }

        return result;
    }
}
